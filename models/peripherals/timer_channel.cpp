// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/timer_channel.hpp"

#include <algorithm>

namespace cimera {

namespace {

constexpr std::uint64_t wrap = std::uint64_t{1} << 32;

}  // namespace

/// A debugger may ask at the kernel's time while the core that set the counter is ahead of it.
std::uint64_t TimerChannel::counts_since_begin(std::uint64_t cycle) const {
    return setting_.running && cycle > begin_ ? (cycle - begin_) / setting_.divider : 0;
}

void TimerChannel::set(const Setting& setting, std::uint32_t count, std::uint64_t cycle) {
    setting_ = setting;
    begin_ = cycle;
    base_ = count;
    taken_ = cycle;
}

void TimerChannel::set_compare(std::uint32_t compare, std::uint64_t cycle) {
    const std::uint64_t counts = counts_since_begin(cycle);
    begin_ += counts * setting_.divider;
    base_ += static_cast<std::uint32_t>(counts);
    setting_.compare = compare;
}

std::uint32_t TimerChannel::count(std::uint64_t cycle) const {
    TimerChannel later = *this;
    later.take(cycle);
    return later.base_ + static_cast<std::uint32_t>(later.counts_since_begin(cycle));
}

std::optional<std::uint64_t> TimerChannel::match() const {
    if (!setting_.running) {
        return std::nullopt;
    }
    const std::uint32_t ahead = setting_.compare - base_;
    return begin_ + (ahead == 0 ? wrap : ahead) * setting_.divider;
}

TimerChannel::Passed TimerChannel::take(std::uint64_t cycle) {
    const auto first = match();
    if (!first || cycle <= taken_) {
        return {};
    }
    const bool one_shot = setting_.mode == Mode::one_shot;
    const std::uint64_t end = one_shot ? std::min(cycle, *first) : cycle;
    Passed passed{*first <= cycle, counts_since_begin(end) - counts_since_begin(taken_)};
    if (setting_.divider > 1) {
        passed.increments += end - taken_;
    }
    taken_ = end;
    if (passed.match) {
        begin_ = *first;
        base_ = setting_.mode == Mode::periodic ? 0 : setting_.compare;
        setting_.running = !one_shot;
    }
    if (passed.match && !one_shot) {
        const std::uint64_t period = *match() - begin_;
        begin_ += (cycle - begin_) / period * period;
    }
    return passed;
}

}  // namespace cimera
