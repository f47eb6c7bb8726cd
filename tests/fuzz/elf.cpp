// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/elf/image.hpp"
#include "platform/elf/symbols.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace cimera;

/// Any bytes as an ELF: an image with sound segments and whatever names it has, or a refusal.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static_cast<void>(fuzz::accepted([&] {
        const Image image = Image::parse("app.elf", std::string(fuzz::text_of(data, size)));
        const Symbols symbols(image);
        std::uint64_t end = 0;
        for (const Segment& segment : image.segments()) {
            fuzz::require(segment.address >= end && segment.bytes.size() <= segment.memory_bytes);
            end = std::uint64_t{segment.address} + segment.memory_bytes;
            for (const std::uint64_t at : {std::uint64_t{segment.address}, end - 1, end}) {
                static_cast<void>(symbols.function_at(static_cast<std::uint32_t>(at)));
                static_cast<void>(symbols.locate(static_cast<std::uint32_t>(at)));
            }
        }
        static_cast<void>(symbols.address_of("main"));
        static_cast<void>(image.section(".cimera.phases"));
        static_cast<void>(image.section(".cimera.phase_numbers"));
    }));
    return 0;
}
