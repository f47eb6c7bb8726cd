// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/crossbar.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

Crossbar::Crossbar(const sc_core::sc_module_name& name, const CrossbarConfig& config,
                   const Environment& env)
    : sc_module(name),
      masters("masters"),
      targets("targets"),
      config_(config),
      env_(env),
      meter_(env.ledger, this->name(), env.domain,
             {{"crossbar.beat", {{"crossbar.byte", static_cast<double>(config.width)}}}},
             {{"crossbar", 1}}) {
    masters.register_b_transport(this, &Crossbar::b_transport);
    masters.register_get_direct_mem_ptr(this, &Crossbar::get_direct_mem_ptr);
    masters.register_transport_dbg(this, &Crossbar::transport_dbg);
    targets.register_invalidate_direct_mem_ptr(this, &Crossbar::invalidate_direct_mem_ptr);
}

void Crossbar::add_target(std::string target, std::uint64_t base, std::uint64_t size,
                          unsigned lanes) {
    Range range{std::move(target), base, base + (size - 1), bound_++, Calendar(lanes)};
    const auto place = std::upper_bound(
        ranges_.begin(), ranges_.end(), base,
        [](std::uint64_t wanted, const Range& other) { return wanted < other.base; });
    const bool free = (place == ranges_.begin() || std::prev(place)->last < base) &&
                      (place == ranges_.end() || range.last < place->base);
    CIMERA_ASSERT(free, "address ranges of targets do not overlap");
    ranges_.insert(place, std::move(range));
    recent_ = nullptr;
}

Crossbar::Range* Crossbar::find(std::uint64_t address) {
    if (recent_ != nullptr && address >= recent_->base && address <= recent_->last) {
        return recent_;
    }
    const auto next = std::upper_bound(
        ranges_.begin(), ranges_.end(), address,
        [](std::uint64_t wanted, const Range& range) { return wanted < range.base; });
    if (next == ranges_.begin() || address > std::prev(next)->last) {
        return nullptr;
    }
    recent_ = &*std::prev(next);
    return recent_;
}

std::uint64_t Crossbar::beats_of(unsigned length) const {
    return length <= config_.width ? 1 : (length + config_.width - 1) / config_.width;
}

/// Books a transfer; how long it takes until it reaches the target.
Picoseconds Crossbar::pass(Range& range, int master, Picoseconds at, std::uint64_t beats) {
    const Picoseconds period = env_.clock.period();
    return range.calendar.book(static_cast<std::uint32_t>(master), at, beats * period) +
           config_.latency * period;
}

void Crossbar::tell_observers(int master, std::uint64_t address, unsigned length) {
    for (const Observer& entry : observers_) {
        entry.observer->written(entry.master == master, address, address + length - 1);
    }
}

void Crossbar::b_transport(int master, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const std::uint64_t address = payload.get_address();
    Range* range = find(address);
    const unsigned length = payload.get_data_length();
    if (range == nullptr || length == 0 || length - 1 > range->last - address) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    const std::uint64_t beats = beats_of(length);
    TransactionTag::charge(payload, meter_, beat_event, beats);
    delay +=
        sc_core::sc_time::from_value(pass(*range, master, kernel_now() + delay.value(), beats));
    payload.set_address(address - range->base);
    targets[range->socket]->b_transport(payload, delay);
    payload.set_address(address);
    if (payload.is_write() && payload.is_response_ok()) {
        tell_observers(master, address, length);
    }
}

void Crossbar::Route::access(RegisterCall& call) {
    const std::uint64_t address = call.address;
    const std::uint64_t beats = crossbar->beats_of(call.size);
    crossbar->meter_.add(call.owner, beat_event, beats);
    call.at += crossbar->pass(*range, master, call.at, beats);
    call.address = static_cast<std::uint32_t>(address - range->base);
    target->access(call);
    if (call.write && call.answer == Access::ok) {
        crossbar->tell_observers(master, address, call.size);
    }
}

RegisterPort* Crossbar::route(int master, Range& range, RegisterPort* target) {
    Route& route = routes_[{master, range.socket}];
    route.crossbar = this;
    route.range = &range;
    route.master = master;
    route.target = target;
    return &route;
}

bool Crossbar::get_direct_mem_ptr(int master, tlm::tlm_generic_payload& payload,
                                  tlm::tlm_dmi& dmi) {
    const std::uint64_t address = payload.get_address();
    Range* range = find(address);
    if (range == nullptr) {
        return false;
    }
    payload.set_address(address - range->base);
    const bool granted = targets[range->socket]->get_direct_mem_ptr(payload, dmi);
    payload.set_address(address);
    const std::uint64_t room = range->last - range->base;
    dmi.set_start_address(range->base + dmi.get_start_address());
    dmi.set_end_address(range->base + std::min<std::uint64_t>(dmi.get_end_address(), room));
    auto* tag = payload.get_extension<DmiTag>();
    if (!granted) {
        if (tag != nullptr && tag->registers != nullptr) {
            tag->registers = route(master, *range, tag->registers);
        }
        return false;
    }
    const auto own = sc_core::sc_time::from_value(config_.latency * env_.clock.period());
    dmi.set_read_latency(dmi.get_read_latency() + own);
    dmi.set_write_latency(dmi.get_write_latency() + own);
    if (tag != nullptr) {
        tag->stages.push_back({&meter_, beat_event, beat_event});
        tag->book = [range, master, this](Picoseconds from, std::uint64_t accesses) {
            return range->calendar.book(static_cast<std::uint32_t>(master), from,
                                        accesses * env_.clock.period());
        };
    }
    return true;
}

void Crossbar::announce_write(std::uint64_t first, std::uint64_t last) {
    for (const Observer& entry : observers_) {
        entry.observer->written(false, first, last);
    }
}

void Crossbar::reset(ResetKind /*kind*/) {
    for (Range& range : ranges_) {
        range.calendar.reset(kernel_now());
    }
}

unsigned Crossbar::transport_dbg(int /*master*/, tlm::tlm_generic_payload& payload) {
    const std::uint64_t address = payload.get_address();
    Range* range = find(address);
    if (range == nullptr) {
        return 0;
    }
    const std::uint64_t room = range->last - address + 1;
    const unsigned length = payload.get_data_length();
    payload.set_address(address - range->base);
    payload.set_data_length(static_cast<unsigned>(std::min<std::uint64_t>(length, room)));
    const unsigned done = targets[range->socket]->transport_dbg(payload);
    payload.set_address(address);
    payload.set_data_length(length);
    return done;
}

void Crossbar::invalidate_direct_mem_ptr(int target, sc_dt::uint64 first, sc_dt::uint64 last) {
    const auto range = std::find_if(ranges_.begin(), ranges_.end(),
                                    [target](const Range& r) { return r.socket == target; });
    CIMERA_ASSERT(range != ranges_.end(), "an invalidation comes from a bound target");
    for (unsigned i = 0; i < masters.size(); ++i) {
        masters[static_cast<int>(i)]->invalidate_direct_mem_ptr(range->base + first,
                                                                range->base + last);
    }
}

}  // namespace cimera
