// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <string>

#include <catch2/catch.hpp>

#include "platform/soc/phases.hpp"

namespace cimera {
namespace {

const std::string table = std::string("learn\0inference\0a/b\"\0", 21);

}  // namespace

TEST_CASE("phases: nest and are timed", "[phases]") {
    Phases phases(table);
    CHECK(phases.path() == "none");
    CHECK(phases.mark(0, false, 100).empty());
    CHECK(phases.path() == "learn");
    CHECK(phases.mark(1, false, 150).empty());
    CHECK(phases.path() == "learn/inference");
    CHECK(phases.mark(1, true, 170).empty());
    CHECK(phases.mark(1, false, 200).empty());
    CHECK(phases.mark(1, true, 205).empty());
    CHECK(phases.mark(0, true, 300).empty());
    CHECK(phases.path() == "none");
    CHECK(phases.totals().at("inference").count == 2);
    CHECK(phases.totals().at("inference").time == 25);
    CHECK(phases.totals().at("learn").count == 1);
    CHECK(phases.totals().at("learn").time == 200);
}

TEST_CASE("phases: marks that do not fit change nothing and say why", "[phases]") {
    Phases phases(table);
    CHECK(phases.mark(3, false, 0) == "phase mark 3 but the program names 3 phases");
    CHECK(phases.mark(0, true, 0) == "phase 'learn' ends but is not the innermost one");
    REQUIRE(phases.mark(0, false, 0).empty());
    REQUIRE(phases.mark(1, false, 0).empty());
    CHECK_FALSE(phases.mark(0, true, 0).empty());
    CHECK(phases.path() == "learn/inference");
    CHECK(phases.totals().empty());
}

TEST_CASE("phases: the depth is bounded", "[phases]") {
    Phases phases(table);
    for (int i = 0; i < 64; ++i) {
        REQUIRE(phases.mark(1, false, 0).empty());
    }
    CHECK(phases.mark(1, false, 0) == "phase 'inference' begins 65 phases deep");
    phases.clear();
    CHECK(phases.path() == "none");
}

TEST_CASE("phases: names cannot break a path", "[phases]") {
    Phases phases(table);
    REQUIRE(phases.mark(2, false, 0).empty());
    CHECK(phases.path() == "a_b_");
    CHECK(Phases("").mark(0, false, 0) == "phase mark 0 but the program names 0 phases");
    // A table without its last zero does not name a phase.
    CHECK_FALSE(Phases("cut").mark(0, false, 0).empty());
}

TEST_CASE("phases: a path lies within each phase on it", "[phases]") {
    CHECK(within_phase("learn/inference", "learn"));
    CHECK(within_phase("learn/inference", "inference"));
    CHECK(within_phase("inference", "inference"));
    CHECK_FALSE(within_phase("relearn", "learn"));
    CHECK_FALSE(within_phase("learning/x", "learn"));
}

}  // namespace cimera
