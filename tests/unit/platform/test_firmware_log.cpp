// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <numeric>
#include <string>

#include <catch2/catch.hpp>
#include <spdlog/spdlog.h>

#include "models/common/error.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/soc/firmware_log.hpp"
#include "tests/support/world.hpp"

namespace cimera {
namespace {

TEST_CASE("firmware log: further kinds count, too", "[log]") {
    spdlog::set_level(spdlog::level::off);
    const Image image = Image::parse("program", test::Code().pass().elf());
    const Symbols symbols(image);
    const std::vector<MapEntry> map;
    FirmwareLog log(symbols, map);
    for (int round = 0; round < 3; ++round) {
        for (int kind = 0; kind < 1500; ++kind) {
            log.warn("kind " + std::to_string(kind), "text " + std::to_string(kind));
        }
    }
    REQUIRE(log.entries().size() == FirmwareLog::most_kinds + 1);
    CHECK(log.entries().front().text == "text 0");
    CHECK(log.entries().front().count == 3);
    CHECK(log.entries().back().text == "further kinds of mistakes, not told apart");
    CHECK(log.entries().back().count == 1500);
}

}  // namespace
}  // namespace cimera
