// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/nvm_image.hpp"

#include <string_view>
#include <zlib.h>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "platform/config/units.hpp"

namespace cimera {

namespace {

constexpr std::string_view magic = "CIMNVM1\n";
constexpr std::size_t header_bytes = magic.size() + 8 + 8 + 4;
constexpr std::size_t checksum_bytes = 4;
constexpr const char* expected = "a file that --nvm-out has written";

template <class Number>
void put(std::string& file, Number number) {
    for (std::size_t i = 0; i < sizeof number; ++i) {
        file += static_cast<char>(number >> (8 * i) & 0xffU);
    }
}

template <class Number>
Number get(std::string_view file, std::size_t at) {
    Number number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i) {
        number |= static_cast<Number>(Number{static_cast<std::uint8_t>(file[at + i])} << (8 * i));
    }
    return number;
}

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

[[noreturn]] void refuse(const std::string& name, const std::string& what,
                         const std::string& hint = expected) {
    throw InputError(name, what, hint);
}

void check_shape(const std::string& name, std::uint64_t size, std::uint32_t page,
                 const NvmConfig& nvm) {
    if (size != nvm.size_bytes) {
        refuse(
            name,
            fmt::format("holds an NVM of {} bytes, this SoC has one of {}", size, nvm.size_bytes),
            fmt::format("--set nvm.size=\"{}\"", format_bytes(size)));
    }
    if (page != nvm.page_bytes) {
        refuse(
            name,
            fmt::format("counts wear by pages of {} bytes, this SoC by {}", page, nvm.page_bytes),
            fmt::format("--set nvm.page=\"{}\"", format_bytes(page)));
    }
}

}  // namespace

std::string to_nvm_image(const NvmState& state) {
    std::string file(magic);
    put(file, state.seed);
    put(file, std::uint64_t{state.bytes.size()});
    put(file, state.page_bytes);
    file.append(state.bytes.begin(), state.bytes.end());
    for (const std::uint32_t cycles : state.cycles) {
        put(file, cycles);
    }
    put(file, checksum(file));
    return file;
}

NvmState parse_nvm_image(const std::string& name, const std::string& file, const NvmConfig& nvm) {
    if (file.substr(0, magic.size()) != magic.substr(0, file.size())) {
        refuse(name, "is not the image of an NVM");
    }
    if (file.size() < header_bytes) {
        refuse(name, "ends within its header: the file is truncated");
    }
    NvmState state;
    state.seed = get<std::uint64_t>(file, magic.size());
    const auto size = get<std::uint64_t>(file, magic.size() + 8);
    state.page_bytes = get<std::uint32_t>(file, magic.size() + 16);
    check_shape(name, size, state.page_bytes, nvm);
    const std::uint64_t pages = (size + state.page_bytes - 1) / state.page_bytes;
    const std::uint64_t whole = header_bytes + size + 4 * pages + checksum_bytes;
    if (file.size() != whole) {
        refuse(name, fmt::format("has {} bytes instead of {}{}", file.size(), whole,
                                 file.size() < whole ? ": the file is truncated" : ""));
    }
    const std::size_t end = file.size() - checksum_bytes;
    if (get<std::uint32_t>(file, end) != checksum(std::string_view(file).substr(0, end))) {
        refuse(name, "its checksum is wrong: the file is damaged");
    }
    const auto contents = file.begin() + header_bytes;
    state.bytes.assign(contents, contents + static_cast<std::ptrdiff_t>(size));
    for (std::size_t at = header_bytes + size; at != end; at += 4) {
        state.cycles.push_back(get<std::uint32_t>(file, at));
    }
    return state;
}

}  // namespace cimera
