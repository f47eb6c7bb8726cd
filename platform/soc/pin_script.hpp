// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/peripherals/gpio.hpp"

namespace cimera {

/// What inputs do: lines of "time,pin,level" such as "1.5ms,3,1", by time. Empty lines, lines that
/// begin with '#' and a first line with these three words are passed over. `file` is for messages:
/// everything wrong is an InputError.
[[nodiscard]] std::vector<PinChange> parse_pin_script(std::string_view text,
                                                      const std::string& file);

/// A change as a line of such a file; "z" is the level of a pin that is driven no more.
[[nodiscard]] std::string to_line(const PinChange& change);

}  // namespace cimera
