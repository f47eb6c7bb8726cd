// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/hart.hpp"

namespace cimera::cpu {

namespace {

constexpr std::uint32_t low(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

constexpr std::uint32_t high(std::uint64_t value) {
    return static_cast<std::uint32_t>(value >> 32);
}

constexpr std::uint64_t with_low(std::uint64_t value, std::uint32_t part) {
    return (value & ~std::uint64_t{0xffffffff}) | part;
}

constexpr std::uint64_t with_high(std::uint64_t value, std::uint32_t part) {
    return (value & 0xffffffff) | std::uint64_t{part} << 32;
}

constexpr std::uint32_t inhibit_cycle = 1;
constexpr std::uint32_t inhibit_instret = 4;

/// A CSR of event counter `index`, 3 to 31.
struct EventCsr {
    enum class Part : std::uint8_t { none, selection, low, high };
    Part part = Part::none;
    bool shadow = false;  ///< read-only
    unsigned index = 0;

    [[nodiscard]] bool implemented() const { return index <= last_event_counter; }
};

EventCsr event_csr(std::uint32_t number) {
    const unsigned index = number & 31U;
    if (index < first_event_counter) {
        return {};
    }
    switch (number - index) {
        case csr::mhpmevent3 - first_event_counter:
            return {EventCsr::Part::selection, false, index};
        case csr::mhpmcounter3 - first_event_counter:
            return {EventCsr::Part::low, false, index};
        case csr::mhpmcounter3h - first_event_counter:
            return {EventCsr::Part::high, false, index};
        case csr::hpmcounter3 - first_event_counter:
            return {EventCsr::Part::low, true, index};
        case csr::hpmcounter3h - first_event_counter:
            return {EventCsr::Part::high, true, index};
        default:
            return {};
    }
}

}  // namespace

std::optional<std::uint32_t> Hart::read_counter_csr(std::uint32_t number) const {
    switch (number) {
        case csr::mcycle:
        case csr::cycle:
            return low(counter_value(mcycle_, cycles()));
        case csr::mcycleh:
        case csr::cycleh:
            return high(counter_value(mcycle_, cycles()));
        case csr::minstret:
        case csr::instret:
            return low(counter_value(minstret_, instret()));
        case csr::minstreth:
        case csr::instreth:
            return high(counter_value(minstret_, instret()));
        case csr::time:
            return low(bus_.mtime());
        case csr::timeh:
            return high(bus_.mtime());
        case csr::mcountinhibit:
            return countinhibit();
        default:
            return std::nullopt;
    }
}

/// Priv. spec, 3.1.10: a write takes effect after the writing instruction has otherwise completed.
bool Hart::write_counter_csr(std::uint32_t number, std::uint32_t value) {
    const std::uint64_t cycle = cycles_after();
    const std::uint64_t retired = instret_after();
    const std::uint64_t cycle_value = counter_value(mcycle_, cycle);
    // A write to either half takes the place of this instruction's count.
    const std::uint64_t retired_value = counter_value(minstret_, instret());
    switch (number) {
        case csr::mcycle:
            set_counter(mcycle_, cycle, with_low(cycle_value, value));
            return true;
        case csr::mcycleh:
            set_counter(mcycle_, cycle, with_high(cycle_value, value));
            return true;
        case csr::minstret:
            set_counter(minstret_, retired, with_low(retired_value, value));
            return true;
        case csr::minstreth:
            set_counter(minstret_, retired, with_high(retired_value, value));
            return true;
        case csr::mcountinhibit:
            write_countinhibit(value);
            return true;
        default:
            return false;
    }
}

std::uint32_t Hart::countinhibit() const {
    std::uint32_t value =
        (mcycle_.inhibited ? inhibit_cycle : 0) | (minstret_.inhibited ? inhibit_instret : 0);
    for (unsigned k = first_event_counter; k <= last_event_counter; ++k) {
        value |= (event_counters_[k].inhibited ? 1U : 0U) << k;
    }
    return value;
}

void Hart::write_countinhibit(std::uint32_t value) {
    inhibit(mcycle_, cycles_after(), (value & inhibit_cycle) != 0);
    inhibit(minstret_, instret_after(), (value & inhibit_instret) != 0);
    for (unsigned k = first_event_counter; k <= last_event_counter; ++k) {
        inhibit(event_counters_[k], event_total(selected_[k]), (value >> k & 1U) != 0);
    }
}

/// Counters beyond the implemented ones exist and read as zero.
std::optional<std::uint32_t> Hart::read_event_csr(std::uint32_t number) const {
    const EventCsr which = event_csr(number);
    if (which.part == EventCsr::Part::none) {
        return std::nullopt;
    }
    if (!which.implemented()) {
        return 0;
    }
    const Event event = selected_[which.index];
    if (which.part == EventCsr::Part::selection) {
        return static_cast<std::uint32_t>(event);
    }
    const std::uint64_t value = counter_value(event_counters_[which.index], event_total(event));
    return which.part == EventCsr::Part::low ? low(value) : high(value);
}

bool Hart::write_event_csr(std::uint32_t number, std::uint32_t value) {
    const EventCsr which = event_csr(number);
    if (which.part == EventCsr::Part::none || which.shadow) {
        return false;
    }
    if (!which.implemented()) {
        return true;
    }
    Counter& counter = event_counters_[which.index];
    Event& event = selected_[which.index];
    const std::uint64_t old = counter_value(counter, event_total(event));
    switch (which.part) {
        case EventCsr::Part::selection:
            event = value < events ? static_cast<Event>(value) : Event::none;
            set_counter(counter, event_total(event), old);
            break;
        case EventCsr::Part::low:
            set_counter(counter, event_total(event), with_low(old, value));
            break;
        case EventCsr::Part::high:
            set_counter(counter, event_total(event), with_high(old, value));
            break;
        case EventCsr::Part::none:
            break;
    }
    return true;
}

}  // namespace cimera::cpu
