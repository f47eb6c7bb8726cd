// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/plic.hpp"

#include <fmt/format.h>

#include "regs/plic.hpp"

namespace cimera {

using namespace regs::plic;

namespace {

constexpr std::uint32_t storm_claims = 100'000;

}  // namespace

Plic::Plic(const sc_core::sc_module_name& name, const Environment& environment)
    : Peripheral(name, block, environment),
      contexts_{Context{ENABLE, THRESHOLD, CLAIM, &external},
                Context{ENABLE_S, THRESHOLD_S, CLAIM_S, &supervisor_external}} {
    for (unsigned i = 0; i < source_count; ++i) {
        lines_[i].plic = this;
        lines_[i].number = i;
    }
    // Source 0 does not exist: its priority and enable bits stay zero (PLIC spec, interrupt 0).
    regs.on_write(PRIORITY, [this](std::uint32_t, std::uint32_t) {
        regs[PRIORITY] = 0;
        update(now());
    });
    regs.on_read(PENDING, [this](std::uint32_t index) { return pending_word(index); });
    for (const Context& context : contexts_) {
        add_registers(context);
    }
}

void Plic::add_registers(const Context& context) {
    regs.on_write(context.enable, [this, &context](std::uint32_t, std::uint32_t) {
        regs[context.enable] &= ~1U;
        update(now());
    });
    regs.on_write(context.threshold, [this](std::uint32_t) { update(now()); });
    regs.on_read(context.claim, [this, &context] { return claim(context); });
    regs.on_write(context.claim,
                  [this, &context](std::uint32_t value) { complete(context, value); });
}

void Plic::reset_device(ResetKind /*kind*/) {
    for (Line& line : lines_) {
        line.claimed = false;
        line.pending = line.asserted != 0;
    }
    update(now());
}

void Plic::Line::set(bool level, Picoseconds at) {
    asserted = level ? asserted + 1 : asserted - 1;
    if (asserted != 0 && !claimed) {
        pending = true;
    } else if (asserted == 0) {
        claims = 0;
        // A level that goes away before it is claimed asks for nothing any more.
        pending = false;
    }
    plic->update(at);
}

unsigned Plic::best(const Context& context) const {
    unsigned number = 0;
    std::uint32_t priority = regs[context.threshold];
    for (unsigned word = 0; word < source_count / 32; ++word) {
        const std::uint32_t enabled = regs[context.enable + 4 * word];
        for (unsigned bit = 0; bit < 32 && enabled >> bit != 0; ++bit) {
            const unsigned candidate = 32 * word + bit;
            // Among equal priorities the lowest number wins.
            if ((enabled >> bit & 1U) != 0 && lines_[candidate].pending &&
                regs[PRIORITY + 4 * candidate] > priority) {
                number = candidate;
                priority = regs[PRIORITY + 4 * candidate];
            }
        }
    }
    return number;
}

std::uint32_t Plic::claim(const Context& context) {
    const unsigned number = best(context);
    if (number != 0) {
        lines_[number].pending = false;
        lines_[number].claimed = true;
        if (++lines_[number].claims == storm_claims) {
            report_error("CLAIM", fmt::format("interrupt storm: source {} has been claimed {} "
                                              "times, and its line never fell",
                                              number, storm_claims));
        }
        update(now());
    }
    return number;
}

void Plic::complete(const Context& context, std::uint32_t number) {
    if (number == 0 || number >= source_count ||
        (regs[context.enable + 4 * (number / 32)] >> (number % 32) & 1U) == 0) {
        return;  // PLIC spec: a completion that matches no enabled source is ignored
    }
    lines_[number].claimed = false;
    lines_[number].pending = lines_[number].asserted != 0;
    update(now());
}

std::uint32_t Plic::pending_word(std::uint32_t index) const {
    std::uint32_t word = 0;
    for (unsigned bit = 0; bit < 32; ++bit) {
        word |= (lines_[32 * index + bit].pending ? 1U : 0U) << bit;
    }
    return word;
}

void Plic::update(Picoseconds at) {
    for (const Context& context : contexts_) {
        context.line->drive(best(context) != 0, at);
    }
}

}  // namespace cimera
