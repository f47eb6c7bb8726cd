// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/pin_script.hpp"

#include <algorithm>

#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any text as what the GPIO's inputs do: changes by time that mean the same when they are written
/// and read again, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(fuzz::accepted([data, size] {
        const auto changes = parse_pin_script(fuzz::text_of(data, size), "pins");
        fuzz::require(
            std::is_sorted(changes.begin(), changes.end(),
                           [](const PinChange& a, const PinChange& b) { return a.at < b.at; }));
        std::string text;
        for (const PinChange& change : changes) {
            text += to_line(change) + '\n';
        }
        const auto again = parse_pin_script(text, "again");
        fuzz::require(std::equal(changes.begin(), changes.end(), again.begin(), again.end(),
                                 [](const PinChange& a, const PinChange& b) {
                                     return a.at == b.at && a.pin == b.pin && a.level == b.level;
                                 }));
    }));
    return 0;
}
