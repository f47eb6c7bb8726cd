// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/rng.hpp"

#include "regs/rng.hpp"

namespace cimera {

using namespace regs::rng;

namespace {

constexpr std::size_t word_event = 0;
constexpr std::uint32_t stream_words = 1;

}  // namespace

Rng::Rng(const sc_core::sc_module_name& name, const Environment& environment, std::uint64_t seed)
    : Peripheral(name, block, environment, {{"rng.word", {{"rng.word"}}}}),
      random_(seed, this->name()) {
    regs.on_write(CTRL, [this](std::uint32_t) { begin_word(); });
    regs.on_write(STATUS, [this](std::uint32_t value) {
        if (STATUS_ERROR::get(value) == 0 && !ready_ && STATUS_READY::get(value) == 0) {
            begin_word();  // after an error
        }
        update_irq();
    });
    regs.on_read(DATA, [this] { return take(); });
    regs.on_write(IRQ_ENABLE, [this](std::uint32_t) { update_irq(); });
    regs.on_read(PERIOD, [] { return static_cast<std::uint32_t>(period); });
    env.clock.on_change([this] { schedule(); });
    spawn_method("due", {&due_}, [this] { end_word(); });
}

void Rng::reset_device(ResetKind /*kind*/) {
    words_ = 0;
    last_.reset();
    begin_word();
}

void Rng::begin_word() {
    regs[STATUS] &= ~STATUS_READY::mask;
    regs[DATA] = 0;
    ready_.reset();
    if (CTRL_EN::get(regs[CTRL]) != 0 && STATUS_ERROR::get(regs[STATUS]) == 0) {
        ready_ = env.clock.cycle_at(now()) + period;
        owner_ = caller();
    }
    schedule();
    update_irq();
}

void Rng::end_word() {
    ready_.reset();
    meter.add(owner_, own_event(word_event), 1);
    const bool test = CTRL_TEST::get(regs[CTRL]) != 0;
    const std::uint32_t word = test ? 0 : random_.bits(stream_words, 0, words_++);
    ++regs[TESTED];
    // NIST SP 800-90B, 4.4.1, repetition count test: with 32 bits of entropy in a word and a false
    // positive rate of 2^-20, two equal words in sequence are one too many.
    const bool stuck = last_ == word;
    last_ = word;
    if (stuck) {
        ++regs[FAILURES];
        regs[STATUS] |= STATUS_ERROR::mask;
        last_.reset();
    } else if (test) {
        begin_word();
    } else {
        regs[DATA] = word;
        regs[STATUS] |= STATUS_READY::mask;
    }
    update_irq();
}

std::uint32_t Rng::take() {
    if (STATUS_READY::get(regs[STATUS]) == 0) {
        regs.refuse("read of DATA while no word is ready");
        return 0;
    }
    const std::uint32_t word = regs[DATA];
    begin_word();
    return word;
}

void Rng::schedule() {
    due_.cancel();
    if (ready_) {
        due_.notify(sc_core::sc_time::from_value(env.clock.time_of(*ready_) - kernel_now()));
    }
}

void Rng::update_irq() {
    irq.drive((regs[STATUS] & regs[IRQ_ENABLE]) != 0, now());
}

}  // namespace cimera
