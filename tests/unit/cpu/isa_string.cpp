// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/isa_string.hpp"

#include <catch2/catch.hpp>

using namespace cimera::cpu;

namespace {

std::string problem(std::string_view text) {
    const auto parsed = parse_isa(text);
    const auto* found = std::get_if<IsaProblem>(&parsed);
    return found == nullptr ? "" : found->what;
}

}  // namespace

TEST_CASE("cpu: ISA strings name extensions", "[cpu]") {
    CHECK(std::get<ExtensionSet>(parse_isa("rv32i")) == bit(Extension::i));
    CHECK(std::get<ExtensionSet>(parse_isa("rv32imac_zicsr_zifencei_zicntr")) ==
          (bit(Extension::i) | bit(Extension::m) | bit(Extension::a) | bit(Extension::c)));
    CHECK(std::get<ExtensionSet>(parse_isa("rv32ic_zbs_zba")) ==
          (bit(Extension::i) | bit(Extension::c) | bit(Extension::zba) | bit(Extension::zbs)));
    for (ExtensionSet set = 1; set <= all_extensions; set += 2) {
        REQUIRE(std::get<ExtensionSet>(parse_isa(isa_string(set))) == set);
    }
    CHECK(isa_string(all_extensions) == "rv32imafc_zba_zbb_zbc_zbs");
}

TEST_CASE("cpu: ISA strings of other cores are refused", "[cpu]") {
    for (const auto* text : {"", "rv64gc", "rv32", "rv32e", "rv32gc", "RV32IMAC", "imac"}) {
        CHECK(problem(text) == "an instruction set of this core begins with 'rv32i'");
    }
    CHECK(problem("rv32imafdc") == "the core has no extension 'd'");
    CHECK(problem("rv32imac_zbx") == "the core has no extension 'zbx'");
    CHECK(problem("rv32imac_") == "the core has no extension ''");
    CHECK(problem("rv32imac__zba") == "the core has no extension ''");
    CHECK(problem("rv32imacm") == "extension 'm' is named twice");
    CHECK(problem("rv32ii") == "extension 'i' is named twice");
    CHECK(problem("rv32i_zba_zba") == "extension 'zba' is named twice");
}
