// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "golden.hpp"
#include "platform/config/technology.hpp"

namespace cimera {
namespace {

using test::message_of;

Technology fdsoi28() {
    return load_technology("fdsoi28", {{test::source_path("platform/technology")}});
}

TEST_CASE("technology: every file states a source or an estimate for each number", "[config]") {
    const std::string name = GENERATE("fdsoi28", "fdsoi22", "cmos130_rram");
    const Technology technology =
        load_technology(name, {{test::source_path("platform/technology")}});
    CHECK(technology.name == name);
    CHECK(technology.nominal_voltage > 0.5);
    CHECK(technology.energy.size() > 30);
    CHECK(technology.leakage.size() > 8);
    for (const auto& [event, entry] : technology.energy) {
        INFO(event);
        CHECK(entry.attojoules > 0);
        CHECK_FALSE(entry.source.empty());
    }
    CHECK(technology.area.size() == technology.leakage.size());
    for (const auto& [part, entry] : technology.leakage) {
        INFO(part);
        CHECK((entry.per == "byte" || entry.per == "block"));
        CHECK(technology.area_of(part).per == entry.per);
    }
}

TEST_CASE("technology: figures follow from their stated arithmetic", "[config]") {
    const Technology technology = fdsoi28();
    const auto energy_fj = [&](const char* name) {
        return technology.energy_of(name).attojoules / 1000;
    };
    const double volts2 = technology.nominal_voltage * technology.nominal_voltage;
    CHECK(energy_fj("logic.full_adder") == Approx(4.2 * volts2).epsilon(0.005));
    CHECK(energy_fj("logic.multiplier_1b") == Approx(0.35 * volts2).epsilon(0.005));
    CHECK(energy_fj("logic.dff") == Approx(2.1 * volts2).epsilon(0.005));
    CHECK(energy_fj("cim.bitcell") == Approx(0.35 * volts2).epsilon(0.005));
    CHECK(energy_fj("sram.read.32") == Approx(5670 * 2.55 / 3.48).epsilon(0.005));
    CHECK(energy_fj("sram.write.32") == Approx(4430 * 1.93 / 3.11).epsilon(0.005));
    const double cell = 0.5 * (0.2 * 0.2 / 1330 + 0.2 * 0.2 / 20000) * 1e-9 * 1e15;
    CHECK(energy_fj("nvm.read") == Approx(64 * cell + 5670).epsilon(0.005));
    CHECK(energy_fj("nvm.write") == Approx(4430 + 2 * (64 * cell + 5670)).epsilon(0.005));
    CHECK(energy_fj("crossbar.byte") == Approx(54 * 28.0 / 32 * 8).epsilon(0.005));
    CHECK(energy_fj("cim.row_read") == Approx(736.0 / 32).epsilon(0.005));
    CHECK(energy_fj("cim.row_write") == Approx(826.0 / 32).epsilon(0.005));
    CHECK(energy_fj("cim.clock") == Approx(2048 * 0.7 * volts2).epsilon(0.005));
    CHECK(energy_fj("inrush.byte") == Approx(8 * 2 * 0.7 * volts2).epsilon(0.005));
    CHECK(energy_fj("inrush.kgate") == Approx(500 * 2 * volts2).epsilon(0.005));
    CHECK(energy_fj("uart.byte") == Approx(5 * 10'000 * 1.8 * 1.8).epsilon(0.005));
    CHECK(energy_fj("gpio.toggle") == Approx(0.5 * 10'000 * 1.8 * 1.8).epsilon(0.005));
    const double edge = 0.7 * volts2;
    CHECK(energy_fj("rng.word") ==
          Approx(512 * (3 * 5 * 10 * edge + 32 * 2.1 * volts2)).epsilon(0.005));
    CHECK(technology.leakage_of("sram").value == Approx(1e12 / 65536).epsilon(0.005));
    CHECK(technology.area_of("sram").value ==
          Approx(59'000.0 / 65536 * (28.0 / 22) * (28.0 / 22)).epsilon(0.005));
    CHECK(technology.area_of("cpu").value == 50'000 * 0.614);
    CHECK(technology.leakage_of("sram_small").value == Approx(0.08e12 / 4096).epsilon(0.005));
}

TEST_CASE("technology: unknown entries", "[config]") {
    Technology technology = fdsoi28();
    technology.file = "fdsoi28.toml";
    const TechnologyPrices prices(technology);
    CHECK(prices.energy("cpu.alu") == 3e6);
    CHECK(prices.leakage("sram") == 15.3e6);
    CHECK(message_of([&] { static_cast<void>(prices.energy("cpu.aul")); }) ==
          "error: fdsoi28.toml: no entry 'cpu.aul' in [energy]\n  did you mean 'cpu.alu'?");
    CHECK(message_of([&] { static_cast<void>(prices.leakage("sramm")); }) ==
          "error: fdsoi28.toml: no entry 'sramm' in [leakage]\n  did you mean 'sram'?");
}

TEST_CASE("technology: operating points and states", "[config]") {
    Technology technology = fdsoi28();
    technology.file = "fdsoi28.toml";
    const TechnologyPrices prices(technology);
    CHECK(prices.relative_voltage("nominal") == 1);
    CHECK(prices.relative_voltage("low") == Approx(0.7 / 0.9));
    CHECK(message_of([&] { static_cast<void>(prices.relative_voltage("lov")); }) ==
          "error: fdsoi28.toml: no entry 'lov' in [points]\n  did you mean 'low'?");
    CHECK(prices.leakage_share("sram", PowerState::retention) == 0.23);
    CHECK(prices.leakage_share("cpu", PowerState::retention) == 0.05);
    CHECK(prices.leakage_share("cpu", PowerState::off) == 0.03);
    for (const auto& [name, point] : technology.points) {
        INFO(name);
        CHECK(point.voltage < technology.nominal_voltage);
        CHECK_FALSE(point.source.empty());
    }
    technology.states.clear();
    CHECK(prices.leakage_share("sram", PowerState::retention) == 1);
    CHECK(prices.leakage_share("sram", PowerState::off) == 0);
}

TEST_CASE("technology: messages", "[config][golden]") {
    const std::string head = "[technology]\nname = \"t\"\nnominal_voltage = \"0.9 V\"\n";
    const std::vector<std::string> texts = {
        "",
        "[technology]\nname = \"t\"\nnominal_voltage = 0.9\n",
        "[technology]\nname = \"t\"\nnominal_voltage = \"90 V\"\n",
        "[technology]\nnode = 28\n",
        "[enrgy]\n",
        "energy = 3\n",
        head + "[energy]\n\"cpu.alu\" = \"3 pJ\"\n",
        head + "[energy]\n\"cpu.alu\" = { value = 3.0, estimate = true }\n",
        head + "[energy]\n\"cpu.alu\" = { value = \"3 pF\", estimate = true }\n",
        head + "[energy]\n\"cpu.alu\" = { value = \"3 pJ\" }\n",
        head + "[energy]\n\"cpu.alu\" = { value = \"3 pJ\", estimate = false }\n",
        head + "[energy]\n\"cpu.alu\" = { value = \"3 pJ\", estimate = 1 }\n",
        head + "[energy]\n\"cpu.alu\" = { value = \"3 pJ\", sorce = \"x\" }\n",
        head + "[energy]\n\"cpu.alu\" = { estimate = true }\n",
        head + "[energy]\ncpu.alu = { value = \"3 pJ\", source = \"x\" }\n",
        head + "[energy]\n\"cpu.alu\" = { value = \"2 J\", source = \"x\" }\n",
        head + "[leakage]\nsram = { value = \"20 pW\", source = \"x\" }\n",
        head + "[leakage]\nsram = { value = \"20 pW\", per = \"bit\", source = \"x\" }\n",
        head + "[leakage]\nsram = { value = \"20 pJ\", per = \"byte\", source = \"x\" }\n",
        head + "[area]\nsram = { value = \"20 pW\", per = \"byte\", source = \"x\" }\n",
        head + "[area]\nsram = { value = \"20 um2\", source = \"x\" }\n",
        head + "[points]\nnominal = { voltage = \"0.7 V\", source = \"x\" }\n",
        head + "[points]\nlow = { voltage = \"0.7 V\" }\n",
        head + "[points]\nlow = { voltage = \"70 V\", source = \"x\" }\n",
        head + "[points]\nlow = { estimate = true }\n",
        head + "[states]\n\"off.bytes\" = { share = 0.1, estimate = true }\n",
        head + "[states]\n\"off.byte\" = { share = 1.1, estimate = true }\n",
        head + "[states]\n\"off.byte\" = { estimate = true }\n",
    };
    std::string all;
    for (const std::string& text : texts) {
        all +=
            message_of([&] { static_cast<void>(load_technology_text("t.toml", text)); }) + "\n\n";
    }
    all += message_of([] {
        static_cast<void>(load_technology("fdsoi82", {{test::source_path("platform/technology")}}));
    });
    test::check_golden("config/technology_messages.txt", all + "\n");
}

TEST_CASE("technology: other units than those of the files", "[config]") {
    const Technology technology = load_technology_text(
        "t.toml",
        "[technology]\nname = \"t\"\nnominal_voltage = \"900 mV\"\n"
        "[energy]\n\"a\" = { value = \"3.4 fJ\", source = \"x\" }\n"
        "[area]\n\"b\" = { value = \"0.5 mm2\", per = \"block\", source = \"x\" }\n");
    CHECK(technology.nominal_voltage == 0.9);
    CHECK(technology.energy_of("a").attojoules == 3400);
    CHECK(technology.area_of("b").value == 500'000);
}

}  // namespace
}  // namespace cimera
