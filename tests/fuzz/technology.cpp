// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/technology.hpp"

#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any text as a technology file: prices, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(fuzz::accepted([&] {
        static_cast<void>(load_technology_text("technology.toml", fuzz::text_of(data, size)));
    }));
    return 0;
}
