// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <set>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/config/loader.hpp"
#include "platform/soc/address_map.hpp"

namespace cimera {
namespace {

std::vector<MapEntry> map_of(const std::vector<std::string>& overrides = {}) {
    return address_map(load_soc("sep", overrides, {{test::source_path("platform/presets")}}));
}

}  // namespace

TEST_CASE("address map: where software expects the devices", "[map]") {
    const std::vector<MapEntry> map = map_of();
    const auto check = [&map](std::uint64_t address, const std::string& name, unsigned irq) {
        const MapEntry* entry = find_entry(map, address);
        INFO(name);
        REQUIRE(entry != nullptr);
        CHECK(entry->name == name);
        CHECK(entry->base == address);
        CHECK(entry->irq == irq);
    };
    check(0x0000'1000, "rom", 0);
    check(0x0010'0000, "finisher", 0);
    check(0x0200'0000, "clint", 0);
    check(0x0c00'0000, "plic", 0);
    check(0x1000'0000, "uart", 10);
    check(0x1001'1000, "energy", 0);
    check(0x1001'2000, "mailbox", 0);
    check(0x1001'7000, "dma", 8);
    check(0x1001'9000, "info", 0);
    check(0x1002'0000, "camera", 16);
    check(0x2000'0000, "nvm", 0);
    check(0x4000'0000, "cim0", 64);
    check(0x4010'0000, "cim1", 65);
    check(0x8000'0000, "l2", 0);
}

TEST_CASE("address map: a chip without DMA", "[map]") {
    CHECK(find_entry(map_of({"dma.channels=0"}), 0x1001'7000) == nullptr);
}

TEST_CASE("address map: entries are sorted, apart and named once", "[map]") {
    const std::vector<MapEntry> map = map_of({"cim.tile.count=70"});
    std::set<std::string> names;
    for (std::size_t i = 0; i < map.size(); ++i) {
        CHECK(names.insert(map[i].name).second);
        CHECK(map[i].last() >= map[i].base);
        if (i != 0) {
            CHECK(map[i].base > map[i - 1].last());
        }
    }
    // Tiles 64 apart share a source of the interrupt controller.
    const MapEntry* tile = find_entry(map, 0x4000'0000 + 66 * 0x10'0000);
    REQUIRE(tile != nullptr);
    CHECK(tile->name == "cim66");
    CHECK(tile->irq == 66);
}

TEST_CASE("address map: both ends of an entry", "[map]") {
    const std::vector<MapEntry> map = map_of();
    CHECK(find_entry(map, 0) == nullptr);
    CHECK(find_entry(map, 0x0fff) == nullptr);
    REQUIRE(find_entry(map, 0x1000'00ff) != nullptr);
    CHECK(find_entry(map, 0x1000'00ff)->name == "uart");
    CHECK(find_entry(map, 0x1000'0100) == nullptr);
    CHECK(find_entry(map, 0x8040'0000) == nullptr);
    CHECK(find_entry(map, ~std::uint64_t{0}) == nullptr);
}

TEST_CASE("address map: without an NVM there is none", "[map]") {
    CHECK(find_entry(map_of({"nvm.size=\"0 B\""}), 0x2000'0000) == nullptr);
}

TEST_CASE("address map: the nearest entry of an unmapped address", "[map]") {
    const std::vector<MapEntry> map = map_of();
    CHECK(describe_nearest(map, 0x1000'0114) ==
          "near uart [0x10000000, 0x10000100), 0x14 bytes past its end");
    CHECK(describe_nearest(map, 0x1000'0100) ==
          "near uart [0x10000000, 0x10000100), just past its end");
    CHECK(describe_nearest(map, 0xff0) ==
          "near rom [0x00001000, 0x00010000), 0x10 bytes before its start");
    CHECK(describe_nearest({}, 0) == "nothing is mapped");
}

}  // namespace cimera
