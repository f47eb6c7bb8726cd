// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/common/error.hpp"
#include "platform/soc/nvm_image.hpp"

namespace cimera {
namespace {

NvmConfig config() {
    NvmConfig nvm;
    nvm.size_bytes = 4096;
    nvm.page_bytes = 1024;
    return nvm;
}

NvmState state() {
    NvmState nvm{
        0x1122'3344'5566'7788, 1024, std::vector<std::uint8_t>(4096), {1, 0, 0xffff'ffff, 70000}};
    for (std::size_t i = 0; i < nvm.bytes.size(); ++i) {
        nvm.bytes[i] = static_cast<std::uint8_t>(i * 7);
    }
    return nvm;
}

/// Why the file is refused.
std::string refusal(const std::string& file, const NvmConfig& nvm = config()) {
    try {
        (void)parse_nvm_image("chip.nvm", file, nvm);
    } catch (const InputError& error) {
        CHECK(error.where == "chip.nvm");
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("nvm image: comes back as it was", "[platform]") {
    const std::string file = to_nvm_image(state());
    CHECK(file.size() == 8 + 8 + 8 + 4 + 4096 + 4 * 4 + 4);
    CHECK(file.substr(0, 16) == std::string("CIMNVM1\n\x88\x77\x66\x55\x44\x33\x22\x11", 16));
    CHECK(parse_nvm_image("chip.nvm", file, config()) == state());
}

TEST_CASE("nvm image: a truncated file is refused", "[platform]") {
    const std::string file = to_nvm_image(state());
    for (std::size_t size = 0; size < file.size(); ++size) {
        INFO(size);
        REQUIRE(refusal(file.substr(0, size)).find("truncated") != std::string::npos);
    }
    CHECK(refusal(file + "x") == "has 4145 bytes instead of 4144");
}

TEST_CASE("nvm image: a damaged file is refused", "[platform]") {
    const std::string file = to_nvm_image(state());
    for (std::size_t i = 0; i < file.size(); ++i) {
        std::string damaged = file;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
        INFO(i);
        REQUIRE_FALSE(refusal(damaged).empty());
    }
    CHECK(refusal("garbage") == "is not the image of an NVM");
}

TEST_CASE("nvm image: another SoC's is refused", "[platform]") {
    const std::string file = to_nvm_image(state());
    NvmConfig larger = config();
    larger.size_bytes = 8192;
    CHECK(refusal(file, larger) == "holds an NVM of 4096 bytes, this SoC has one of 8192");
    NvmConfig finer = config();
    finer.page_bytes = 16;
    CHECK(refusal(file, finer) == "counts wear by pages of 1024 bytes, this SoC by 16");
}

}  // namespace cimera
