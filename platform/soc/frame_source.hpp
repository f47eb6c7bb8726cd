// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <filesystem>
#include <optional>

#include "models/peripherals/sensor.hpp"

namespace cimera {

/// Reads the frames that a sensor plays: IDX (one or more dimensions of samples after the number of
/// frames; integers) with an optional IDX of labels, or CSV of integers whose last column is the
/// label. The kind is detected; gzip is unpacked. Everything wrong is an InputError.
[[nodiscard]] FrameSource load_frames(const std::filesystem::path& file,
                                      const std::optional<std::filesystem::path>& labels);

/// The whole file, gzip unpacked; InputError where it cannot be read or is larger than 1 GiB.
[[nodiscard]] std::vector<std::uint8_t> read_data_file(const std::filesystem::path& file);

}  // namespace cimera
