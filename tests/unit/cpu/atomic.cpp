// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include <catch2/catch.hpp>

#include "tests/unit/cpu/machine.hpp"

using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

/// What sc.w returns behind `between`, an action after lr.w on the first word of the data.
template <typename Between>
std::uint32_t conditional(std::uint32_t sc_offset, Between between) {
    Machine m({op::r("lr.w", 5, 10, 0), op::r("sc.w", 6, 11, 7)});
    m.hart.set_x(11, data_base + sc_offset);
    m.hart.set_x(7, 0xabcd);
    m.steps(1);
    between(m);
    m.steps(1);
    CHECK(m.bus.peek32(data_base + sc_offset) == (m.hart.x(6) == 0 ? 0xabcd : 0));
    return m.hart.x(6);
}

}  // namespace

TEST_CASE("cpu: store-conditional succeeds only with an undisturbed reservation", "[cpu]") {
    CHECK(conditional(0, [](Machine&) {}) == 0);
    CHECK(conditional(4, [](Machine&) {}) == 1);
    CHECK(conditional(
              0, [](Machine& m) { m.hart.clear_reservation(data_base + 3, data_base + 3); }) == 1);
    CHECK(conditional(
              0, [](Machine& m) { m.hart.clear_reservation(data_base + 4, data_base + 7); }) == 0);
    CHECK(conditional(0, [](Machine& m) { m.hart.clear_reservation(0, 0xffffffff); }) == 1);
}

TEST_CASE("cpu: a store-conditional uses the reservation up", "[cpu]") {
    Machine m({op::r("lr.w", 5, 10, 0), op::r("sc.w", 6, 10, 7), op::r("sc.w", 8, 10, 7)});
    m.steps(3);
    CHECK(m.hart.x(6) == 0);
    CHECK(m.hart.x(8) == 1);
    CHECK(m.data.reads == 1);
    CHECK(m.data.writes == 1);
}

TEST_CASE("cpu: an interrupt ends the reservation", "[cpu]") {
    Machine m({op::r("lr.w", 5, 10, 0), op::r("sc.w", 6, 10, 7)});
    m.load({op::csr("csrrwi", 0, csr::mie, 0), op::bare("mret")}, vector_base);
    m.steps(1);
    m.hart.write_csr(csr::mstatus, mstatus::mie);
    m.hart.write_csr(csr::mie, 1U << interrupt::timer);
    m.hart.set_interrupt(interrupt::timer, true);
    m.steps(3);
    CHECK(m.hart.pc() == code_base + 8);
    CHECK(m.hart.x(6) == 1);
}

TEST_CASE("cpu: an AMO on a device reads, then writes", "[cpu]") {
    Machine m({op::r("amoadd.w", 5, 11, 7)});
    m.hart.set_x(11, 0x1000);
    m.hart.set_x(7, 5);
    std::uint32_t written = 0;
    m.bus.device_read = [&m](std::uint32_t, unsigned, std::uint32_t& value) {
        value = 37;
        m.hart.request_leave();
        return true;
    };
    m.bus.device_write = [&](std::uint32_t, unsigned, std::uint32_t value) {
        written = value;
        return true;
    };
    CHECK(m.hart.run(no_limit, no_limit) == Exit::leave);
    CHECK(m.hart.x(5) == 37);
    CHECK(written == 42);
    CHECK(m.hart.instret() == 1);
}
