// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <algorithm>
#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/config/address_ranges.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/schema.hpp"

namespace cimera {
namespace {

using test::check_golden;
using test::message_of;

PresetDirs preset_dirs() {
    return {{test::source_path("platform/presets")}};
}

SocConfig load(const std::string& text, const std::vector<std::string>& overrides = {}) {
    return load_soc_text("sep.toml", text, overrides, preset_dirs());
}

SocConfig sep(const std::vector<std::string>& overrides = {}) {
    return load_soc("sep", overrides, preset_dirs());
}

TEST_CASE("config: preset sep has the defaults of every key", "[config]") {
    SocConfig defaults;
    defaults.cim.tiles.resize(1);
    defaults.sensors.resize(1);
    defaults.power.points.resize(1);
    SocConfig preset = sep();
    REQUIRE(preset.power.points.size() == 2);
    preset.power.points.resize(1);  // the other one is of this preset
    CHECK_FALSE(preset.soc.doc.empty());
    preset.soc.doc.clear();
    CHECK(preset == defaults);
    CHECK(load("").clock == defaults.clock);
}

TEST_CASE("config: a file changes what its preset says", "[config]") {
    const SocConfig config = load("extends = \"sep\"\n[clock]\nhost = \"100 MHz\"\n");
    SocConfig expected = sep();
    expected.clock.host_period_ps = 10'000;
    CHECK(config == expected);

    const SocConfig tiles =
        load("extends = 'sep'\n[[cim.tile]]\ncount = 3\n[[cim.tile]]\nrows = 32\n");
    REQUIRE(tiles.cim.tiles.size() == 2);
    CHECK(tiles.cim.tile_count() == 5);
    CHECK(tiles.cim.tiles[0].rows == 64);
    CHECK(tiles.cim.tiles[1].rows == 32);
    CHECK(tiles.sensors.size() == 1);
}

TEST_CASE("config: the resolved text repeats the configuration", "[config]") {
    std::vector<std::string> overrides;
    SECTION("preset") {}
    SECTION("every kind of value") {
        overrides = {"clock.host=3003 ps",
                     "soc.doc=\"quote \\\" backslash \\\\ newline \\n end\"",
                     "host.misaligned=trap",
                     "l2.size=68 KiB",
                     "nvm.size=0 B",
                     "sensor.degradation.from_frame=100",
                     "sensor.degradation.gain_error=0.1",
                     "cim.tile.weight_bits=16"};
    }
    const SocConfig config = sep(overrides);
    CHECK(load(write_resolved(config)) == config);
    CHECK(write_resolved(load(write_resolved(config))) == write_resolved(config));
}

TEST_CASE("config: the resolved text has every key and every element", "[config]") {
    const SocConfig config = load(
        "[[cim.tile]]\n[[cim.tile]]\nrows = 32\n[[sensor]]\n[[sensor]]\nname = \"micro\"\n"
        "[sensor.degradation]\ndead_columns = 2\n[[interconnect.place]]\ndevice = \"l2\"\nx = 3\n"
        "[[power.point]]\nhost = \"10 MHz\"\n");
    const std::string text = write_resolved(config);
    CHECK(load(text) == config);
    for (const schema::Key& key : schema::keys()) {
        CHECK(text.find("\n" + std::string(key.name()) + " = ") != std::string::npos);
    }
}

TEST_CASE("config: each key writes a member of its own", "[config]") {
    SocConfig config;
    config.cim.tiles.resize(1);
    config.sensors.resize(1);
    config.interconnect.places.resize(1);
    config.power.points.resize(1);
    for (const schema::Key& key : schema::keys()) {
        INFO(key.path);
        const SocConfig before = config;
        const schema::Value old = key.access.get(config, 0);
        schema::Value other = old;
        std::visit(
            [](auto& value) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
                    value += "x";
                } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Period>) {
                    value.numerator += 1;
                } else {
                    value += 1;
                }
            },
            other);
        if (key.type == schema::Type::flag) {
            other = 1 - std::get<std::uint64_t>(old);
        }
        key.access.set(config, 0, other);
        CHECK_FALSE(config == before);
        CHECK(key.access.get(config, 0) == other);
        key.access.set(config, 0, old);
        CHECK(config == before);
    }
}

TEST_CASE("config: overrides", "[config]") {
    const std::string two =
        "[[cim.tile]]\n[[cim.tile]]\n[[sensor]]\n[[sensor]]\nname = \"micro\"\n";
    CHECK(sep({"l2.size=8 MiB"}).l2.size_bytes == 8U << 20U);
    CHECK(sep({"l2.size=\"8 MiB\""}).l2.size_bytes == 8U << 20U);
    CHECK(sep({" l2.banks = 2 "}).l2.banks == 2);
    CHECK(sep({"host.supervisor_mode=true"}).host.supervisor_mode);
    CHECK_FALSE(sep({"host.user_mode=false"}).host.user_mode);
    CHECK(sep({"soc.name=42"}).soc.name == "42");
    CHECK(sep({"l2.banks=2", "l2.banks=3"}).l2.banks == 3);

    const SocConfig all = load(two, {"cim.tile.rows=32", "sensor.rate=1 kHz"});
    CHECK(all.cim.tiles[0].rows == 32);
    CHECK(all.cim.tiles[1].rows == 32);
    CHECK(all.sensors[1].frame_period == Period{1'000'000'000, 1});

    const SocConfig one = load(two, {"cim.tile[1].rows=32", "sensor.micro.rate=1 kHz",
                                     "sensor[0].degradation.dead_columns=3"});
    CHECK(one.cim.tiles[0].rows == 64);
    CHECK(one.cim.tiles[1].rows == 32);
    CHECK(one.sensors[0].frame_period == Period{500'000'000, 1});
    CHECK(one.sensors[1].frame_period == Period{1'000'000'000, 1});
    CHECK(one.sensors[0].degradation.dead_columns == 3);
    CHECK(one.sensors[1].degradation.dead_columns == 0);
}

TEST_CASE("config: messages about files", "[config][golden]") {
    const std::vector<std::string> texts = {
        "extends = \"sep\"\n\n[[cim.tile]]\ncolls = 64\n",
        "[[cim.tile]]\ncount = 2\n  voltage = 1\n",
        "[clcok]\nhost = \"1 MHz\"\n",
        "clock = 1\n",
        "clock.hosts = \"1 MHz\"\n",
        "[clock]\nhost = 200\n",
        "[clock]\nhost = \"333 MHz\"\n",
        "[clock]\nhost = \"200 Mhz\"\n",
        "[clock]\nhost = \"20 GHz\"\n",
        "[l2]\nsize = \"5000 B\"\n",
        "[l2]\nwidth = \"12 B\"\n",
        "[l2]\nbanks = 1.5\n",
        "[l2]\nbanks = -1\n",
        "[soc]\nname = [1, 2]\n",
        "[soc]\nname = \"bell \\u0007\"\n",
        "[host]\nisa = \"rv64gc\"\n",
        "[host]\nmisaligned = \"handel\"\n",
        "[cim]\ntile = 3\n",
        "[cim.tile]\ncols = 64\n",
        "cim.tile = [{ cols = 64 }, { rows = 0 }]\n",
        "cim.tile = [{ weight_bits = 3 }]\n",
        "[[cim.tile]]\nweight_bits = 16\ncols = 520\n",
        "[[cim.tile]]\ncols = 512\nencoding = \"relaxed\"\nsign = \"beside\"\n",
        "[[cim.tile]]\nsign = \"inside\"\n",
        "[[cim.tile]]\nencoding = \"fibbinary\"\nsign = \"inside\"\nweight_bits = 1\n",
        "[[cim.tile]]\nadder = \"lower-or\"\nadder_levels = \"1-99\"\n",
        "[[cim.tile]]\nrows = 1024\ncols = 8192\n",
        "[cim]\nstride = \"256 MiB\"\n[[cim.tile]]\ncount = 3\n",
        "[l2]\nsize = \"1 GiB\"\n",
        "[nvm]\nsize = \"512 MiB\"\n",
        "[dma]\nchannels = 9\n",
        "[dma]\nburst = \"48 B\"\n",
        "[host]\nvirtio_slots = 8\n",
        "[power]\noff_wakeup = 20\n",
        "[power]\noff_wakeup = \"20 MHz\"\n",
        "[power]\npoint_change = \"2 s\"\n",
        "[[power.point]]\nname = \"nominal\"\n",
        "[[power.point]]\nname = \"host\"\n",
        "[[power.point]]\nname = \"much too long a name\"\n",
        "[[power.point]]\n[[power.point]]\n",
        "[[sensor]]\n[[sensor]]\n",
        "[[sensor]]\nname = \"a b\"\n",
        "[[sensor]]\nname = \"rate\"\n",
        "[[sensor]]\n[sensor.degradation]\ngain_error = nan\n",
        "[[sensor]]\n[sensor.degradation]\nfrom_frame = -2\n",
        "extends = \"spe\"\n",
        "extends = 3\n",
        "a = \n",
        "a = \"x\n",
        "[soc]\nname = \"a\"\nname = \"b\"\n",
        "[l2]\nbanks = 1 2\n",
        "[l2\n",
        "x\n",
        "\xff\xfe\n",
        "[soc]\nname = '''a\xff'''\n",
        std::string("[l2]\nbanks = 1\0\n", 16),
        "a = " + std::string(40, '[') + "\n",
    };
    std::string all;
    for (const std::string& text : texts) {
        all += message_of([&] { static_cast<void>(load(text)); }) + "\n\n";
    }
    check_golden("config/file_messages.txt", all);
}

TEST_CASE("config: messages about overrides", "[config][golden]") {
    std::string all;
    for (const std::string text : {"cim.tile.colls=64",
                                   "cim.tile=64",
                                   "cim.tile[1].rows=32",
                                   "cim.tile[x].rows=32",
                                   "cim.tile.rows=5000",
                                   "l2[0].size=8 MiB",
                                   "l2.size[0]=8 MiB",
                                   "l2.size.x=3",
                                   "l2.size=8",
                                   "l2.size",
                                   "",
                                   "=",
                                   "=3",
                                   "sensor.camra.rate=1 kHz",
                                   "sensor.camera.rate=0.0001 Hz",
                                   "cim.tile.count=1000",
                                   "cim.tile.weight_bits=16.0",
                                   "host.isa=rv32imacx",
                                   "host.isa=rv32imc_zbb_zbb",
                                   "host.user_mode=1"}) {
        all += message_of([&] { static_cast<void>(sep({text})); }) + "\n\n";
    }
    check_golden("config/override_messages.txt", all);
}

TEST_CASE("config: missing presets and files", "[config]") {
    const auto message = [](const std::string& name) {
        return message_of([&] { static_cast<void>(load_soc(name, {}, preset_dirs())); });
    };
    CHECK(message("spe") ==
          "error: unknown preset 'spe'\n  did you mean 'sep'?\n  a file's name ends in .toml");
    CHECK(message("no/such.toml") == "error: no/such.toml: no such file\n  expected a TOML file");
    CHECK(message("/") == "error: /: is a directory\n  expected a TOML file");
    CHECK(list_presets({{"/no/such/folder"}}).empty());
    const std::vector<std::string> presets = list_presets(preset_dirs());
    CHECK(std::find(presets.begin(), presets.end(), "sep") != presets.end());
}

TEST_CASE("config: address ranges", "[config]") {
    const SocConfig config = sep();
    CHECK(tile_window_bytes(config.cim.tiles[0]) == 4096 + 4096 + 4096 + 4 * 64 * 512 / 8);
    for (const AddressRange& range : address_ranges(config)) {
        CHECK((range.key.empty() || schema::find_key(range.key) != nullptr));
    }
    CHECK(sep({"l2.size=512 MiB"}).l2.size_bytes == 512U << 20U);
}

TEST_CASE("config: key reference", "[config][golden]") {
    check_golden("config/key_reference.md", write_key_reference());
}

TEST_CASE("config: any bytes give a configuration or a message", "[config]") {
    const std::string preset = test::read_text(test::source_path("platform/presets/sep.toml"));
    REQUIRE(preset.size() > 500);
    std::uint32_t state = 1;
    const auto next = [&state] { return state = state * 1'664'525U + 1'013'904'223U; };
    for (int round = 0; round < 400; ++round) {
        std::string text = preset.substr(0, next() % preset.size());
        for (std::uint32_t i = next() % 8; i > 0 && !text.empty(); --i) {
            text[next() % text.size()] = static_cast<char>(next() >> 16U);
        }
        const std::string message = message_of([&] { static_cast<void>(load(text)); });
        CHECK((message == "no error" || message.rfind("error: sep.toml", 0) == 0));
    }
}

}  // namespace
}  // namespace cimera
