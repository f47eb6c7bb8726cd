// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include "regs/cim.hpp"
#include "regs/cim_job.hpp"
#include "tests/support/world.hpp"

namespace cimera {

using test::Code;
using namespace test::assemble;

TEST_CASE("tile: what a job writes to its L1 breaks reservations and replaces code there",
          "[kernel]") {
    namespace job = regs::cim_job;
    constexpr std::uint32_t tile = 0x4000'0000;
    constexpr std::uint32_t descriptor = 0x8010'0000;
    constexpr std::uint32_t return_word = 0x0000'8067;  // jalr x0, 0(x1)
    constexpr std::uint32_t busy = 7;
    constexpr std::uint32_t l1 = 9;
    Code code;
    const std::size_t over_handler = code.reserve();
    const std::uint32_t handler = code.here();
    code.csrr(28, cpu::csr::mcause).print(28).csrr(28, cpu::csr::mtval).print(28).pass();
    code.fill(over_handler, jal(0, static_cast<std::int32_t>(code.here() - Code::base)));
    code.csrw(cpu::csr::mtvec, handler);
    // A product that leaves one accumulator in L1: the cells are 0.
    code.set(descriptor + job::OPERATION, job::OPERATION_OP::of(2));
    code.set(descriptor + job::PRECISION,
             job::PRECISION_INPUT_BITS::of(8) | job::PRECISION_OUTPUT_BITS::of(32));
    code.set(descriptor + job::ROWS, job::ROWS_COUNT::of(4));
    code.set(descriptor + job::COLUMNS, job::COLUMNS_COUNT::of(1));
    code.load(l1, tile + regs::cim::L1_OUT_OFFSET);
    code.li(6, tile).add(r("add", l1, l1, 6));
    code.li(6, return_word).add(s("sw", 6, l1, 0));
    code.add(i("jalr", 1, l1, 0));
    code.add(r("lr.w", 28, l1, 0)).print(28);
    code.set(tile + regs::cim::JOB, descriptor);
    const std::uint32_t poll = code.here();
    code.load(busy, tile + regs::cim::STATUS).add(i("andi", busy, busy, 1));
    code.add(b("bne", busy, 0, static_cast<std::int32_t>(poll - code.here())));
    code.add(r("sc.w", 28, l1, 6)).print(28);
    code.load(28, tile + regs::cim::JOBS_DONE).print(28);
    code.add(i("jalr", 1, l1, 0));
    code.pass();
    const std::vector<std::uint32_t> expected = {return_word, 1, 1, cpu::cause::illegal, 0};
    CHECK(test::run_world(code).words == expected);
}

}  // namespace cimera
