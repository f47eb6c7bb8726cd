// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/attribution.hpp"

#include <array>
#include <map>

#include <catch2/catch.hpp>

#include "tests/differential/lockstep/generator.hpp"
#include "tests/differential/lockstep/ours.hpp"

using namespace cimera;
using namespace cimera::lockstep;

namespace {

constexpr std::uint64_t instructions = 20000;

/// Functions of 64 bytes with gaps between them, wherever the program has code.
cpu::FunctionMap functions() {
    std::vector<cpu::CodeRange> ranges;
    for (std::uint32_t at = code_base; at < code_base + 0x10000; at += 0x60) {
        ranges.push_back({at, at + 0x3f});
    }
    return cpu::FunctionMap(ranges);
}

struct Totals {
    cpu::EnergyCounts counts{};
    std::uint64_t instructions = 0;
    std::uint64_t cycles = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    cpu::Region* region = nullptr;
    /// Instructions by instruction, and cycles by place of the tree.
    std::map<std::pair<cpu::NodeId, std::uint32_t>, std::uint64_t> retired;
    std::map<cpu::NodeId, std::uint64_t> passed;
};

Totals drain(cpu::Attribution& attribution, cpu::Hart& hart) {
    Totals totals;
    attribution.pass(hart.cycles());
    attribution.drain([&](cpu::PlaceId, const cpu::PlaceUse& use) {
        for (std::size_t k = 0; k < cpu::energy_classes; ++k) {
            totals.counts[k] += use.counts[k];
        }
        for (const cpu::PlaceUse::Direct& direct : use.direct) {
            REQUIRE(direct.reads < instructions * 4);  // not less than none
            REQUIRE(direct.writes < instructions * 4);
            totals.reads += direct.reads;
            totals.writes += direct.writes;
            totals.region = direct.region;
        }
    });
    for (const cpu::PlaceUse& use : attribution.places()) {
        totals.instructions += use.instructions;
        totals.cycles += use.all_cycles;
        if (use.instructions != 0) {
            totals.retired[{use.node, use.pc}] = use.instructions;
        }
        totals.passed[use.node] += use.all_cycles;
    }
    return totals;
}

}  // namespace

TEST_CASE("attribution: changes nothing, and its sums are what the hart counts",
          "[cpu][profile][laws]") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        INFO("seed " << seed);
        const Program program = generate(seed, 400);
        Ours plain(program);
        plain.run(instructions, 0);
        const cpu::EnergyCounts counts = plain.hart().take_counts();
        const std::string outcome = plain.outcome();

        std::vector<Totals> modes;
        for (const bool direct : {true, false}) {
            for (const std::uint64_t horizons : {std::uint64_t{0}, seed}) {
                cpu::Attribution attribution(functions());
                Ours ours(program, direct);
                ours.hart().set_attribution(attribution);
                ours.run(instructions, horizons);
                CHECK(ours.hart().take_counts() == counts);
                CHECK(ours.outcome() == outcome);
                modes.push_back(drain(attribution, ours.hart()));
                const Totals& totals = modes.back();
                CHECK(totals.counts == counts);
                CHECK(totals.instructions == ours.hart().instret());
                CHECK(totals.cycles == ours.hart().cycles());
                if (direct && totals.region != nullptr) {
                    CHECK(totals.reads == totals.region->fetches + totals.region->reads);
                    CHECK(totals.writes == totals.region->writes);
                }
                CHECK(totals.retired == modes.front().retired);
                CHECK(totals.passed == modes.front().passed);
                CHECK(totals.passed.size() > 10);
            }
        }
    }
}
