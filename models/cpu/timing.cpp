// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/timing.hpp"

#include "models/cpu/csr.hpp"

namespace cimera::cpu::timing {

namespace {

/// CSRs whose access flushes the pipeline.
bool csr_flushes(std::uint32_t number) {
    return number == csr::mstatus || number == csr::mepc || number == csr::mtvec ||
           number == csr::mcause || number == csr::sstatus || number == csr::sepc ||
           number == csr::stvec || number == csr::scause || number == csr::mcountinhibit ||
           (number >= csr::mhpmevent3 && number <= csr::mhpmevent31) ||
           (number >= csr::mcycle && number <= csr::mhpmcounter31) ||
           (number >= csr::mcycleh && number <= csr::mhpmcounter31h);
}

std::uint32_t base_cycles(const Decoded& decoded) {
    switch (decoded.info->timing) {
        case Timing::alu:
        case Timing::mul:
        case Timing::load:
        case Timing::store:
        case Timing::lr:
        case Timing::sc:
        case Timing::branch:
        case Timing::wait:
        case Timing::trap:
            return 1;
        case Timing::mulh:
            return 5;
        case Timing::div:
        case Timing::amo:
            return 3;
        case Timing::jump:
        case Timing::jalr:
        case Timing::fence:
        case Timing::fence_i:
        case Timing::mret:
            return 2;
        case Timing::csr:
            return csr_flushes(immediate(Format::csr, decoded.word)) ? 4 : 1;
    }
    return 1;
}

/// A load's result comes one cycle late for the next instruction, and jalr, which is resolved in
/// the decode stage, waits a cycle for any result of the instruction before it.
bool stalls_following(const Decoded& decoded, const Decoded& following) {
    const std::uint32_t rd = rd_of(decoded.word);
    if (!writes_register(decoded.info->format) || rd == 0 || !reads_register(following, rd)) {
        return false;
    }
    const Timing timing = decoded.info->timing;
    return timing == Timing::load || timing == Timing::lr ||
           (following.info->timing == Timing::jalr && !ends_block(timing));
}

}  // namespace

std::uint32_t fixed_cycles(const Decoded& decoded, const Decoded* following) {
    const bool stall = following != nullptr && stalls_following(decoded, *following);
    return base_cycles(decoded) + (stall ? 1 : 0);
}

std::uint32_t variable_cycles_limit(Timing timing) {
    switch (timing) {
        case Timing::div:
            return division_extra_limit;
        case Timing::branch:
            return taken_branch_extra;
        case Timing::load:
        case Timing::store:
            return split_access_extra;
        case Timing::alu:
        case Timing::mul:
        case Timing::mulh:
        case Timing::lr:
        case Timing::sc:
        case Timing::amo:
        case Timing::jump:
        case Timing::jalr:
        case Timing::csr:
        case Timing::fence:
        case Timing::fence_i:
        case Timing::mret:
        case Timing::wait:
        case Timing::trap:
            return 0;
    }
    return 0;
}

std::uint32_t access_limit(Timing timing) {
    switch (timing) {
        case Timing::load:
        case Timing::store:
        case Timing::amo:
            return 2;
        case Timing::lr:
        case Timing::sc:
            return 1;
        case Timing::alu:
        case Timing::mul:
        case Timing::mulh:
        case Timing::div:
        case Timing::branch:
        case Timing::jump:
        case Timing::jalr:
        case Timing::csr:
        case Timing::fence:
        case Timing::fence_i:
        case Timing::mret:
        case Timing::wait:
        case Timing::trap:
            return 0;
    }
    return 0;
}

}  // namespace cimera::cpu::timing
