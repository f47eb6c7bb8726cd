// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/csram.hpp"

#include "regs/csram.hpp"

namespace cimera {

using namespace regs::csram;

namespace {

/// Kinds of event beside loads and stores.
enum CsramEvent : std::size_t { row_read, row_write, logic, adder, product, command_cycle };

constexpr unsigned word_bytes = 4;          // of a load or store
constexpr std::uint64_t decode_cycles = 2;  // of a command

MemoryConfig csram_config(std::uint64_t size) {
    return {
        .size = size,
        .width = word_bytes,
        .family = "csram",
        .read_price = {"sram_small.read.32"},
        .write_price = {"sram_small.write.32"},
        .leakage = {{"sram_small", static_cast<double>(size)}},
        // A plain gate has twice the capacitance of a 1-bit multiplier, of which an input rests.
        .more_events = {{"csram.row_read", {{"cim.row_read"}}},
                        {"csram.row_write", {{"cim.row_write"}}},
                        {"csram.logic", {{"logic.multiplier_1b", 2}}},
                        {"csram.adder", {{"logic.full_adder"}}},
                        {"csram.product", {{"logic.multiplier_1b"}, {"logic.full_adder"}}},
                        {"csram.control", {{"cim.control"}}}}};
}

CsramOperand operand(std::uint32_t value) {
    return {SOURCE_A_ROW::get(value), static_cast<CsramOperand::Mode>(SOURCE_A_MODE::get(value)),
            SOURCE_A_INDEX::get(value)};
}

}  // namespace

Csram::Csram(const sc_core::sc_module_name& name, std::uint64_t size, const Environment& env)
    : Memory(name, csram_config(size), env) {}

void Csram::reset(ResetKind kind) {
    Memory::reset(kind);
    done_ = 0;
}

Picoseconds Csram::serve(tlm::tlm_generic_payload& payload, Picoseconds at) {
    const Picoseconds waited = busy(at) ? done_ - at : 0;
    return waited + Memory::serve(payload, at + waited);
}

CsramError Csram::execute(const CsramCommand& command, Picoseconds at, OwnerId owner) {
    if (busy(at)) {
        return CsramError::busy;
    }
    if (const CsramError error = check(command, rows()); error != CsramError::none) {
        return error;
    }
    const CsramWork work = run(command, {bytes(), config().size});
    wrote_inside();
    std::uint64_t* row = meter_.row(owner) + first_more_event;
    row[row_read] += work.bits_read;
    row[row_write] += work.bits_written;
    row[logic] += work.logic_bits;
    row[adder] += work.added_bits;
    row[product] += work.products;
    row[command_cycle] += decode_cycles + work.cycles;
    done_ = env_.clock.edge_at_or_after(at) + (decode_cycles + work.cycles) * env_.clock.period();
    return CsramError::none;
}

CsramController::CsramController(const sc_core::sc_module_name& name,
                                 const Environment& environment, Csram& memory, std::uint32_t base)
    : Peripheral(name, block, environment), memory_(memory) {
    regs.on_read(MEMORY, [base] { return base; });
    regs.on_read(CAPABILITY, [&memory] {
        return CAPABILITY_ROWS::of(static_cast<std::uint32_t>(memory.rows())) |
               CAPABILITY_ROW_BITS::of(8 * csram_row_bytes);
    });
    regs.on_read(STATUS, [this] {
        return STATUS_BUSY::of(memory_.busy(now()) ? 1 : 0) |
               STATUS_ERROR::of(static_cast<std::uint32_t>(error_));
    });
    regs.on_write(COMMAND, [this](std::uint32_t command) { start(command); });
}

void CsramController::reset_device(ResetKind /*kind*/) {
    error_ = CsramError::none;
}

CsramCommand CsramController::command_of(std::uint32_t command) const {
    const std::uint32_t lanes = regs[LANES];
    return {.operation = static_cast<CsramOperation>(COMMAND_OP::get(command)),
            .lane_bits = LANES_BITS::get(lanes),
            .is_signed = LANES_SIGNED::get(lanes) != 0,
            .widen = LANES_WIDEN::get(lanes),
            .group = LANES_GROUP::get(lanes),
            .a = operand(regs[SOURCE_A]),
            .b = operand(regs[SOURCE_B]),
            .destination = DESTINATION_ROW::get(regs[DESTINATION]),
            .clear = COMMAND_CLEAR::get(command) != 0,
            .steps = COMMAND_STEPS::get(command)};
}

void CsramController::start(std::uint32_t command) {
    error_ = memory_.execute(command_of(command), now(), caller());
    if (error_ != CsramError::none) {
        report_error("COMMAND", describe(error_));
    }
}

}  // namespace cimera
