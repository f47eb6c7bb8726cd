// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <bit>
#include <cstring>
#include <vector>

#include <catch2/catch.hpp>

#include "models/common/random.hpp"
#include "models/memory/csram.hpp"
#include "regs/csram.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using Mode = CsramOperand::Mode;
using Op = CsramOperation;

constexpr unsigned rows = 16;

std::vector<std::uint8_t> random_memory(std::uint64_t seed) {
    const Random random(seed, "csram");
    std::vector<std::uint8_t> memory(rows * csram_row_bytes);
    for (std::uint32_t i = 0; i < memory.size(); ++i) {
        memory[i] = static_cast<std::uint8_t>(random.bits(0, i, 0));
    }
    return memory;
}

template <class T>
std::vector<T> lanes(const std::vector<std::uint8_t>& memory, unsigned row) {
    std::vector<T> values(csram_row_bytes / sizeof(T));
    std::memcpy(values.data(), &memory[row * csram_row_bytes], csram_row_bytes);
    return values;
}

/// Rows 0 and 1 to row 2, lane for lane, in the compiler's own arithmetic.
template <class Lane, class Wide>
void check_operations(unsigned widen) {
    const bool is_signed = std::is_signed_v<Lane>;
    for (const Op op : {Op::copy, Op::invert, Op::bit_and, Op::bit_or, Op::bit_xor, Op::add,
                        Op::subtract, Op::multiply, Op::multiply_accumulate}) {
        std::vector<std::uint8_t> memory = random_memory(7);
        const auto a = lanes<Lane>(memory, 0);
        const auto b = lanes<Lane>(memory, 1);
        const std::vector<std::uint8_t> before = memory;
        const CsramCommand command{.operation = op,
                                   .lane_bits = 8 * sizeof(Lane),
                                   .is_signed = is_signed,
                                   .widen = widen,
                                   .a = {0, Mode::row, 0},
                                   .b = {1, Mode::row, 0},
                                   .destination = 2};
        REQUIRE(check(command, rows) == CsramError::none);
        const CsramWork work = run(command, memory);
        for (std::size_t i = 0; i < a.size(); ++i) {
            const auto row = static_cast<unsigned>(2 + i * sizeof(Wide) / csram_row_bytes);
            const std::size_t lane = i % (csram_row_bytes / sizeof(Wide));
            // Modulo 2^64, and then of the lane.
            const auto word = [](auto value) {
                return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
            };
            const std::uint64_t x = word(a[i]);
            const std::uint64_t y = word(b[i]);
            const std::uint64_t old = word(lanes<Wide>(before, row)[lane]);
            const std::uint64_t results[] = {x,     ~x,    x & y, x | y,      x ^ y,
                                             x + y, x - y, x * y, old + x * y};
            INFO("operation " << static_cast<int>(op) << " lane " << i);
            CHECK(lanes<Wide>(memory, row)[lane] ==
                  static_cast<Wide>(results[static_cast<int>(op)]));
        }
        const unsigned results = 1U << widen;
        const bool product = op >= Op::multiply;
        CHECK(work.cycles == (product ? 2 : 1) + results - 1);
        CHECK(work.bits_written == 512 * results);
    }
}

TEST_CASE("csram: operations on lanes of every width", "[memory]") {
    check_operations<std::uint8_t, std::uint8_t>(0);
    check_operations<std::int8_t, std::int16_t>(1);
    check_operations<std::int8_t, std::int32_t>(2);
    check_operations<std::uint8_t, std::uint32_t>(2);
    check_operations<std::int16_t, std::int16_t>(0);
    check_operations<std::uint16_t, std::uint32_t>(1);
    check_operations<std::uint32_t, std::uint32_t>(0);
}

TEST_CASE("csram: eight steps make a product of 8 x 8 matrices", "[memory]") {
    std::vector<std::uint8_t> memory = random_memory(8);
    const auto a = lanes<std::int8_t>(memory, 0);
    const auto b = lanes<std::int8_t>(memory, 1);
    const CsramCommand command{.operation = Op::multiply_accumulate,
                               .is_signed = true,
                               .widen = 2,
                               .a = {0, Mode::element, 0},
                               .b = {1, Mode::group, 0},
                               .destination = 4,
                               .clear = true,
                               .steps = 8};
    REQUIRE(check(command, rows) == CsramError::none);
    const CsramWork work = run(command, memory);
    std::uint64_t products = 0;
    for (unsigned i = 0; i < 8; ++i) {
        for (unsigned j = 0; j < 8; ++j) {
            std::int32_t sum = 0;
            for (unsigned k = 0; k < 8; ++k) {
                sum += a[8 * i + k] * b[8 * k + j];
                products += static_cast<std::uint64_t>(
                    std::popcount(static_cast<std::uint8_t>(a[8 * i + k])) *
                    std::popcount(static_cast<std::uint8_t>(b[8 * k + j])));
            }
            CHECK(lanes<std::int32_t>(memory, 4 + i / 2)[8 * (i % 2) + j] == sum);
        }
    }
    CHECK(work.cycles == 8 * 5);
    CHECK(work.products == products);
    CHECK(work.bits_read == 512 * (8 * 2 + 7 * 4));  // the first step reads no accumulators
    CHECK(work.bits_written == 512 * 8 * 4);
}

TEST_CASE("csram: steps walk through rows", "[memory]") {
    std::vector<std::uint8_t> memory = random_memory(9);
    const std::vector<std::uint8_t> before = memory;
    const CsramCommand command{.operation = Op::bit_xor,
                               .a = {0, Mode::row, 0},
                               .b = {4, Mode::row, 0},
                               .destination = 8,
                               .steps = 4};
    static_cast<void>(run(command, memory));
    for (unsigned i = 0; i < 4 * csram_row_bytes; ++i) {
        CHECK(memory[8 * csram_row_bytes + i] == (before[i] ^ before[4 * csram_row_bytes + i]));
    }
}

TEST_CASE("csram: what a command may not be", "[memory]") {
    const CsramCommand good{
        .operation = Op::add, .a = {15, Mode::row, 0}, .b = {0, Mode::row, 0}, .destination = 15};
    REQUIRE(check(good, rows) == CsramError::none);
    const auto with = [&good](auto change) {
        CsramCommand command = good;
        change(command);
        return check(command, rows);
    };
    CHECK(with([](auto& c) { c.operation = static_cast<Op>(9); }) == CsramError::operation);
    CHECK(with([](auto& c) { c.steps = 0; }) == CsramError::operation);
    CHECK(with([](auto& c) { c.a.mode = static_cast<Mode>(3); }) == CsramError::operation);
    CHECK(with([](auto& c) { c.lane_bits = 24; }) == CsramError::lanes);
    CHECK(with([](auto& c) { c.widen = 3; }) == CsramError::lanes);
    CHECK(with([](auto& c) { c.lane_bits = 32, c.widen = 1; }) == CsramError::lanes);
    CHECK(with([](auto& c) { c.group = 0; }) == CsramError::lanes);
    CHECK(with([](auto& c) { c.group = 3; }) == CsramError::lanes);
    CHECK(with([](auto& c) { c.group = 128; }) == CsramError::lanes);
    CHECK(with([](auto& c) { c.steps = 2; }) == CsramError::place);
    CHECK(with([](auto& c) { c.destination = 16; }) == CsramError::place);
    CHECK(with([](auto& c) { c.widen = 1; }) == CsramError::place);
    CHECK(with([](auto& c) { c.b.row = 16; }) == CsramError::place);
    CHECK(with([](auto& c) { c.b = {0, Mode::element, 8}; }) == CsramError::place);
    CHECK(with([](auto& c) { c.b = {0, Mode::group, 7}; }) == CsramError::none);
    CHECK(with([](auto& c) { c.b = {0, Mode::group, 8}; }) == CsramError::place);
}

// --- on the bus ----------------------------------------------------------------------------

struct CsramBench : test::Bench {
    Csram memory{"csram", rows* csram_row_bytes, env};
    CsramController controller{"csramctl", env, memory, 0x3800'0000};
    test::BusProbe bus{memory.bus.get_base_interface()};
    test::BusProbe registers{controller.bus.get_base_interface()};

    CsramBench() {
        memory.reset(ResetKind::cold);
        controller.reset(ResetKind::cold);
    }
    std::uint32_t error() {
        return regs::csram::STATUS_ERROR::get(registers.read(regs::csram::STATUS));
    }
};

TEST_CASE("csram: loads wait for a command, and see what it made", "[memory]") {
    using namespace regs::csram;
    CsramBench b;
    b.bus.write(0, 0x0403'0201);
    b.bus.write(64, 0x1010'1010);
    b.registers.write(SOURCE_B, SOURCE_B_ROW::of(1));
    b.registers.write(DESTINATION, DESTINATION_ROW::of(2));
    b.registers.write(COMMAND, COMMAND_OP::of(7) | COMMAND_STEPS::of(1));
    CHECK(b.error() == 0);
    CHECK(b.registers.read(STATUS) == STATUS_BUSY::of(1));
    const sc_core::sc_time begin = b.bus.delay;
    CHECK(b.bus.read(128) == 0x4030'2010);
    const sc_core::sc_time waiting = b.bus.delay - begin;
    const sc_core::sc_time again = b.bus.delay;
    CHECK(b.bus.read(128) == 0x4030'2010);
    CHECK(b.count("csram", "csram.control") == 4);  // two to decode, two to multiply
    CHECK(b.count("csram", "csram.row_read") == 1024);
    CHECK(b.count("csram", "csram.row_write") == 512);
    CHECK(b.count("csram", "csram.product") == (1 + 1 + 2 + 1) * 1);
    CHECK(waiting > b.bus.delay - again);
}

TEST_CASE("csram: a wrong command is told and changes nothing", "[memory]") {
    using namespace regs::csram;
    CsramBench b;
    b.bus.write(0, 0x0403'0201);
    b.registers.write(DESTINATION, DESTINATION_ROW::of(rows));
    b.registers.write(COMMAND, COMMAND_OP::of(0) | COMMAND_STEPS::of(1));
    CHECK(b.error() == 3);
    CHECK(b.count("csram", "csram.row_read") == 0);
    REQUIRE(b.complaints.errors.size() == 1);
    CHECK(b.complaints.errors[0].reason == "a row, element or group that does not exist");
    CHECK(b.bus.read(0) == 0x0403'0201);
    b.registers.write(DESTINATION, DESTINATION_ROW::of(1));
    b.registers.write(COMMAND, COMMAND_OP::of(0) | COMMAND_STEPS::of(1));
    CHECK(b.error() == 0);
    CHECK(b.bus.read(64) == 0x0403'0201);
}

}  // namespace
}  // namespace cimera
