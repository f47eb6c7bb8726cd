// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <fmt/format.h>

#include "platform/soc/formats/formats.hpp"

namespace cimera::formats {

namespace {

std::uint32_t big_endian(Bytes bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | bytes[3];
}

Element element_of(const Path& file, std::uint8_t type) {
    switch (type) {
        case 0x08:
            return {1, false, true};
        case 0x09:
            return {1, true, true};
        case 0x0B:
            return {2, true, true};
        case 0x0C:
            return {4, true, true};
        default:
            refuse(file, fmt::format("IDX file with element type 0x{:02x}", type),
                   "types that a sensor plays: 0x08 (unsigned byte), 0x09, 0x0b, 0x0c (signed, 8 "
                   "to 32 bits)");
    }
}

}  // namespace

// The format of MNIST: two zero bytes, type, dimensions, big-endian sizes, data.

bool looks_like_idx(Bytes bytes) {
    return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 &&
           bytes[2] <= 0x0E && bytes[3] >= 1;
}

Array parse_idx(const Path& file, Bytes bytes) {
    Array array{"IDX", element_of(file, bytes[2]), {}, {}};
    const unsigned dimensions = bytes[3];
    const std::size_t header = 4 + std::size_t{4} * dimensions;
    if (bytes.size() < header) {
        refuse(file,
               fmt::format(
                   "truncated IDX file: {} dimensions need a header of {} bytes, the file has {}",
                   dimensions, header, bytes.size()));
    }
    for (unsigned d = 0; d < dimensions; ++d) {
        array.sizes.push_back(big_endian(bytes.subspan(4 + std::size_t{4} * d, 4)));
    }
    array.data = bytes.subspan(header);
    check_size(file, array, header);
    return array;
}

}  // namespace cimera::formats
