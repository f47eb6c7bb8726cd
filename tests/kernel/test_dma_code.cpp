// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <vector>

#include "regs/dma.hpp"
#include "regs/dma_descriptor.hpp"
#include "tests/support/world.hpp"

namespace cimera {

using test::Code;
using namespace test::assemble;

TEST_CASE("dma: what it writes breaks reservations and replaces code", "[kernel][dma]") {
    namespace word = regs::dma_descriptor;
    constexpr std::uint32_t dma = 0x1001'7000;
    constexpr std::uint32_t descriptor = 0x8010'0000;
    constexpr std::uint32_t routine = 0x8020'0000;
    constexpr std::uint32_t return_word = 0x0000'8067;  // jalr x0, 0(x1)
    constexpr std::uint32_t illegal_word = 0xffff'ffff;
    constexpr std::uint32_t busy = 7;
    constexpr std::uint32_t place = 9;
    Code code;
    const std::size_t over_handler = code.reserve();
    const std::uint32_t handler = code.here();
    code.csrr(28, cpu::csr::mcause).print(28).csrr(28, cpu::csr::mtval).print(28).pass();
    code.fill(over_handler, jal(0, static_cast<std::int32_t>(code.here() - Code::base)));
    code.csrw(cpu::csr::mtvec, handler);
    code.set(descriptor + word::CONTROL, word::CONTROL_KIND::of(1));
    code.set(descriptor + word::SOURCE, illegal_word);
    code.set(descriptor + word::DESTINATION, routine);
    code.set(descriptor + word::LENGTH, 4);
    code.set(descriptor + word::ROWS, 1);
    code.set(routine, return_word);
    code.li(place, routine).add(i("jalr", 1, place, 0));
    code.add(r("lr.w", 28, place, 0)).print(28);
    code.set(dma + regs::dma::START, descriptor);
    const std::uint32_t poll = code.here();
    code.load(busy, dma + regs::dma::STATUS).add(i("andi", busy, busy, 1));
    code.add(b("bne", busy, 0, static_cast<std::int32_t>(poll - code.here())));
    code.add(r("sc.w", 28, place, 6)).print(28);
    code.load(28, dma + regs::dma::COMPLETED).print(28);
    code.add(i("jalr", 1, place, 0));
    code.pass();
    const std::vector<std::uint32_t> expected = {return_word, 1, 1, cpu::cause::illegal,
                                                 illegal_word};
    for (const test::Mode& mode : test::all_modes()) {
        INFO(mode.name);
        CHECK(test::run_world(code, mode).words == expected);
    }
}

}  // namespace cimera
