// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>

#include <catch2/catch.hpp>

#include "recorder.hpp"

extern "C" {
#include "drivers/energy.h"
#include "drivers/pmu.h"
}

using Log = std::vector<std::string>;

namespace {

constexpr std::uintptr_t pmu_base = 0x10010000;
constexpr std::uintptr_t energy_base = 0x10011000;

pmu_t open_pmu(Recorder& recorder) {
    recorder.answers[pmu_base] = {0x20554D50};
    recorder.answers[pmu_base + 4] = {0x00030006};
    pmu_t pmu{};
    REQUIRE(pmu_init(&pmu, pmu_base) == CIMERA_OK);
    CHECK(recorder.log == Log{"r32 10010000", "r32 10010004", "w32 10010048 3", "w32 10010044 1"});
    CHECK(pmu.domains == 6);
    CHECK(pmu.points == 3);
    recorder.log.clear();
    return pmu;
}

}  // namespace

TEST_CASE("pmu driver: looks for its device", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    recorder.answers[pmu_base] = {0};
    pmu_t pmu{};
    CHECK(pmu_init(&pmu, pmu_base) == CIMERA_WRONG_DEVICE);
    CHECK(recorder.log == Log{"r32 10010000"});
}

TEST_CASE("pmu driver: describes and finds domains", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const pmu_t pmu = open_pmu(recorder);
    recorder.answers[pmu_base + 0xC] = {0x000103F4};
    recorder.answers[pmu_base + 0x20] = {0x316D6963};
    pmu_domain_t domain{};
    REQUIRE(pmu_domain(&pmu, 5, &domain) == CIMERA_OK);
    CHECK(recorder.log[0] == "w32 10010008 5");
    CHECK(domain.kind == PMU_TILE);
    CHECK(domain.index == 1);
    CHECK(domain.states == 15);
    CHECK(domain.points == 3);
    CHECK(std::string(domain.name) == "cim1");
    recorder.log.clear();
    CHECK(pmu_domain(&pmu, 6, &domain) == CIMERA_INVALID_ARGUMENT);
    CHECK(recorder.log.empty());
    recorder.answers[pmu_base + 0xC] = {0x0, 0x1F1, 0x000003F4, 0x000103F4};
    std::uint32_t number = 0;
    CHECK(pmu_find(&pmu, PMU_TILE, 1, &number) == CIMERA_OK);
    CHECK(number == 3);
    CHECK(pmu_find(&pmu, PMU_CLUSTER, 0, &number) == CIMERA_NO_DEVICE);
}

TEST_CASE("pmu driver: a state is asked for, checked and waited for", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const pmu_t pmu = open_pmu(recorder);
    recorder.answers[pmu_base + 0x40] = {0};
    recorder.answers[pmu_base + 0x10] = {0x10, 0};
    recorder.interrupts.emplace_back([] {});
    REQUIRE(pmu_set_state(&pmu, 4, PMU_ON) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "w32 10010008 4", "w32 10010014 0", "r32 10010040", "unmask",
                              "mask", "w32 10010008 4", "r32 10010010", "sleep", "unmask",  //
                              "mask", "w32 10010008 4", "r32 10010010", "unmask"});
}

TEST_CASE("pmu driver: a change of the host's point gets its wfi", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const pmu_t pmu = open_pmu(recorder);
    recorder.answers[pmu_base + 0x40] = {0, 0};
    recorder.answers[pmu_base + 0x10] = {0x20, 0x100};
    recorder.interrupts.emplace_back([] {});
    REQUIRE(pmu_set_point(&pmu, 1, 1) == CIMERA_OK);
    CHECK(recorder.log == Log{"mask", "w32 10010008 1", "w32 10010018 1", "r32 10010040", "unmask",
                              "mask", "w32 10010008 1", "r32 10010010", "sleep", "unmask",  //
                              "mask", "w32 10010008 1", "r32 10010010", "unmask", "r32 10010040"});
    // Refused when it was to happen.
    recorder.answers[pmu_base + 0x40] = {0, 0x00020005};
    recorder.answers[pmu_base + 0x10] = {0};
    CHECK(pmu_set_point(&pmu, 2, 1) == CIMERA_PMU_BUSY);
}

TEST_CASE("pmu driver: refusals have names", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    const pmu_t pmu = open_pmu(recorder);
    const cimera_status_t expected[] = {CIMERA_PMU_DOMAIN, CIMERA_PMU_ALWAYS_ON, CIMERA_PMU_STATE,
                                        CIMERA_PMU_POINT,  CIMERA_PMU_BUSY,      CIMERA_PMU_NO_WAKE,
                                        CIMERA_PMU_NOT_ON, CIMERA_PMU_FAILED};
    for (std::uint32_t code = 1; code <= 8; ++code) {
        recorder.answers[pmu_base + 0x40] = {code};
        const cimera_status_t status = pmu_set_state(&pmu, 0, PMU_OFF);
        CHECK(status == expected[code - 1]);
        CHECK(std::string(cimera_status_text(status)).substr(0, 5) == "PMU: ");
    }
    CHECK(pmu_configure_sleep(&pmu, 0x80, PMU_CLOCK_GATED) == CIMERA_INVALID_ARGUMENT);
    recorder.log.clear();
    CHECK(pmu_configure_sleep(&pmu, 0x80, PMU_RETENTION) == CIMERA_OK);
    CHECK(recorder.log == Log{"w32 1001004c 80", "w32 10010050 2"});
}

TEST_CASE("energy driver: one latch, many values", "[firmware]") {
    Recorder& recorder = Recorder::fresh();
    energy_t energy{};
    energy_init(&energy, energy_base);
    energy_latch(&energy);
    recorder.answers[energy_base + 0xC] = {0x89ABCDEF};
    recorder.answers[energy_base + 0x10] = {0x01234567};
    CHECK(energy_value(&energy, ENERGY_DOMAIN, 4, ENERGY_LEAKAGE) == 0x0123456789ABCDEF);
    CHECK(recorder.log ==
          Log{"w32 10011000 1", "w32 10011008 310004", "r32 1001100c", "r32 10011010"});
    recorder.answers[energy_base + 4] = {0x00120006};
    CHECK(energy_domains(&energy) == 6);
    CHECK(energy_components(&energy) == 0x12);
    recorder.answers[energy_base + 0x20] = {0x74736F68};
    char name[ENERGY_NAME_BYTES];
    energy_name(&energy, ENERGY_COMPONENT, 2, name);
    CHECK(std::string(name) == "host");
}
