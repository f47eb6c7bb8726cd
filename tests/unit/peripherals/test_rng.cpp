// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <catch2/catch.hpp>

#include "models/peripherals/rng.hpp"
#include "regs/rng.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {

using namespace regs::rng;

TEST_CASE("rng: off and empty after a reset", "[rng]") {
    test::Bench b;
    Rng rng("rng", b.env, 1);
    test::BusProbe bus(rng.bus.get_base_interface());
    rng.reset(ResetKind::cold);
    CHECK(bus.read(ID) == 0x474e5254);
    CHECK(bus.read(PERIOD) == Rng::period);
    CHECK(bus.read(CTRL) == 0);
    CHECK(bus.read(STATUS) == 0);
    CHECK(bus.read(TESTED) == 0);
    bus.read(DATA);
    CHECK(bus.response == tlm::TLM_COMMAND_ERROR_RESPONSE);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].reason == "read of DATA while no word is ready");
    CHECK(bus.write(STATUS, 1) == tlm::TLM_OK_RESPONSE);
    CHECK(bus.read(STATUS) == 0);
}

}  // namespace cimera
