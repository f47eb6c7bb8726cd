// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>

namespace cimera::dma {

/// Lines on which devices ask for bursts.
inline constexpr unsigned request_lines = 32;

enum class Kind : std::uint8_t { copy = 0, fill = 1, from_device = 2, to_device = 3 };

/// Codes of register ERROR.
enum class Error : std::uint8_t {
    none = 0,
    address = 1,
    reserved = 2,
    length = 3,
    element = 4,
    burst = 5,
    request = 6,
    wrap = 7,
    bus_descriptor = 8,
    bus_read = 9,
    bus_write = 10
};
[[nodiscard]] const char* describe(Error error);

/// A decoded descriptor (models/dma/descriptor.regs.toml).
struct Descriptor {
    static constexpr std::size_t words = 8;

    Kind kind = Kind::copy;
    unsigned width = 1;  ///< bytes of a device's element
    unsigned burst = 1;  ///< bytes
    bool paced = false;
    unsigned request = 0;
    bool interrupt = false;
    bool half = false;
    std::uint32_t source = 0;
    std::uint32_t destination = 0;
    std::uint32_t length = 0;
    std::uint32_t rows = 0;
    std::int32_t source_stride = 0;
    std::int32_t destination_stride = 0;
    std::uint32_t link = 0;

    [[nodiscard]] std::uint32_t bytes() const { return length * rows; }
    [[nodiscard]] bool reads_memory() const {
        return kind == Kind::copy || kind == Kind::to_device;
    }
    [[nodiscard]] bool writes_memory() const { return kind != Kind::to_device; }
};

/// What is wrong with a descriptor, and at which of its offsets.
struct Verdict {
    Error error = Error::none;
    std::uint32_t offset = 0;
};

/// Decodes and checks a descriptor for a DMA with bursts of up to `longest_burst` bytes.
[[nodiscard]] Verdict decode(const std::array<std::uint32_t, Descriptor::words>& raw,
                             unsigned longest_burst, Descriptor& descriptor);

}  // namespace cimera::dma
