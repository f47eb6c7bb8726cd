// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/power/domain.hpp"

#include <utility>

#include "models/common/error.hpp"
#include "models/common/random.hpp"

namespace cimera {

std::string PowerDomain::complaint() const {
    const std::string who = "domain " + name() + " ";
    if (due_ != Clock::never) {
        return who + (moving_ ? "changes its operating point" : "is waking up");
    }
    switch (state()) {
        case PowerState::on:
            return who + "is on";
        case PowerState::clock_gated:
            return who + "is clock-gated";
        case PowerState::retention:
            return who + "is in retention";
        case PowerState::off:
            return who + "is off";
    }
    return who;
}

void PowerDomain::lower(PowerState state, Picoseconds at) {
    CIMERA_ASSERT(state != PowerState::on, "wake() leads to on");
    due_ = Clock::never;
    answers_ = false;
    power_offs_ += state == PowerState::off ? 1 : 0;
    ledger_.set_state(id_, state, at);
    tell(state, at);
}

void PowerDomain::wake(Picoseconds at, Picoseconds latency) {
    ledger_.set_state(id_, PowerState::on, at);
    moving_ = false;
    due_ = at + latency;
    if (latency == 0) {
        finish();
    }
}

void PowerDomain::move(std::uint32_t point, Picoseconds at, Picoseconds latency) {
    ledger_.set_state(id_, PowerState::clock_gated, at);
    answers_ = false;
    moving_ = true;
    target_ = point;
    due_ = at + latency;
    tell(PowerState::clock_gated, at);
}

void PowerDomain::finish() {
    const Picoseconds at = std::exchange(due_, Clock::never);
    answers_ = true;
    if (moving_) {
        ledger_.set_point(id_, target_, at);
        if (clock_ != nullptr) {
            clock_->set_period(periods_[target_], at);
        }
        ledger_.set_state(id_, PowerState::on, at);
    }
    moving_ = false;
    tell(PowerState::on, at);
}

void PowerDomain::reset(Picoseconds at) {
    if (answers_ && point() == 0) {
        return;
    }
    due_ = Clock::never;
    answers_ = true;
    moving_ = false;
    ledger_.set_point(id_, 0, at);
    if (clock_ != nullptr && clock_->period() != periods_.front()) {
        clock_->set_period(periods_.front(), at);
    }
    ledger_.set_state(id_, PowerState::on, at);
    tell(PowerState::on, at);
}

void PowerDomain::tell(PowerState state, Picoseconds at) {
    for (const Listener& listener : listeners_) {
        listener(state, at);
    }
}

void PowerDomain::poison(std::span<std::uint8_t> bytes, const std::string& instance) const {
    constexpr std::uint32_t lost_contents = 0x504F'4646;  // a stream of its own
    const Random random(seed_, instance);
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        const std::uint32_t word =
            random.bits(lost_contents, static_cast<std::uint32_t>(i / 4), power_offs_);
        for (std::size_t b = 0; b < 4 && i + b < bytes.size(); ++b) {
            bytes[i + b] = static_cast<std::uint8_t>(word >> (8 * b));
        }
    }
}

}  // namespace cimera
