// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/dram.hpp"

namespace cimera {

namespace {

MemoryConfig memory_config(std::uint64_t size, const DramPart& part) {
    return {.size = size,
            .width = part.burst_bytes,
            .family = "dram",
            .read_price = {"dram.read"},
            .write_price = {"dram.write"},
            .leakage = {{"dram", 1}},
            .more_events = {{"dram.activate", {{"dram.activate"}}},
                            {"clock", {{"dram.refresh"}}, CountKind::clock}}};
}

}  // namespace

Dram::Dram(const sc_core::sc_module_name& name, std::uint64_t size, const DramPart& part,
           const Environment& env)
    : Memory(name, memory_config(size, part), env), timing_(part) {
    env_.ledger.before_reading([this](Picoseconds now) { count_refreshes(now); });
}

void Dram::reset(ResetKind kind) {
    count_refreshes(kernel_now());
    Memory::reset(kind);
    timing_.reset(kernel_now());
    counted_refreshes_ = 0;
}

Picoseconds Dram::serve(tlm::tlm_generic_payload& payload, Picoseconds at) {
    constexpr std::size_t activate_event = first_more_event;
    DramTiming::Work work;
    const Picoseconds time = timing_.transfer(at, payload.get_address(), payload.get_data_length(),
                                              payload.is_write(), work);
    TransactionTag::charge(payload, meter_, payload.is_write() ? write_event : read_event,
                           work.bursts);
    TransactionTag::charge(payload, meter_, activate_event, work.activates);
    return time;
}

void Dram::count_refreshes(Picoseconds now) {
    constexpr std::size_t refresh_event = first_more_event + 1;
    constexpr OwnerId nobody = 0;
    const std::uint64_t due = timing_.refreshes(now);
    meter_.add(nobody, refresh_event, due - counted_refreshes_);
    counted_refreshes_ = due;
}

}  // namespace cimera
