// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/interconnect.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "models/common/streaming.hpp"
#include "models/interconnect/transfer_engine.hpp"

namespace cimera {

std::size_t Traffic::bucket_of(Picoseconds took) {
    const Picoseconds nanoseconds = took / 1000;
    const auto bits = static_cast<std::size_t>(std::bit_width(nanoseconds));
    return std::clamp<std::size_t>(bits, 1, buckets) - 1;
}

std::uint64_t Traffic::transfers() const {
    return std::accumulate(latency.begin(), latency.end(), std::uint64_t{0});
}

Interconnect::Interconnect(const sc_core::sc_module_name& name, unsigned width,
                           unsigned empty_flits, unsigned port_latency, const Environment& env,
                           std::vector<EventKind> events, std::vector<LeakageTerm> leakage)
    : sc_module(name),
      masters("masters"),
      targets("targets"),
      env_(env),
      width_(width),
      empty_flits_(empty_flits),
      port_latency_(port_latency),
      meter_(env.ledger, this->name(), env.domain, std::move(events), std::move(leakage)) {
    CIMERA_ASSERT(width >= 4, "a word is one beat");
    masters.register_b_transport(this, &Interconnect::b_transport);
    masters.register_nb_transport_fw(this, &Interconnect::nb_transport_fw);
    masters.register_get_direct_mem_ptr(this, &Interconnect::get_direct_mem_ptr);
    masters.register_transport_dbg(this, &Interconnect::transport_dbg);
    targets.register_nb_transport_bw(this, &Interconnect::nb_transport_bw);
    targets.register_invalidate_direct_mem_ptr(this, &Interconnect::invalidate_direct_mem_ptr);
    engine_ = std::make_unique<TransferEngine>(*this);
}

Interconnect::~Interconnect() = default;

void Interconnect::add_target(const std::string& target, std::uint64_t base, std::uint64_t size,
                              unsigned lanes) {
    Range range{target,
                base,
                base + (size - 1),
                bound_++,
                std::make_unique<Link>(target, lanes, port_latency_, true),
                {}};
    const auto place = std::upper_bound(
        ranges_.begin(), ranges_.end(), base,
        [](std::uint64_t wanted, const Range& other) { return wanted < other.base; });
    const bool free = (place == ranges_.begin() || std::prev(place)->last < base) &&
                      (place == ranges_.end() || range.last < place->base);
    CIMERA_ASSERT(free, "address ranges of targets do not overlap");
    ranges_.insert(place, std::move(range));
    recent_ = nullptr;
}

const std::string& Interconnect::master_name(int master) const {
    static const std::string unknown;
    const auto index = static_cast<std::size_t>(master);
    return index < master_names_.size() ? master_names_[index] : unknown;
}

// --- ways ----------------------------------------------------------------------------------

Interconnect::Range* Interconnect::find(std::uint64_t address) {
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

Interconnect::Range* Interconnect::decode(const tlm::tlm_generic_payload& payload) {
    Range* range = find(payload.get_address());
    const unsigned length = window_of(payload);
    const bool inside =
        range != nullptr && length != 0 && length - 1 <= range->last - payload.get_address();
    return inside ? range : nullptr;
}

Interconnect::Way& Interconnect::way(int master, Range& range) {
    const auto m = static_cast<std::size_t>(master);
    const auto t = static_cast<std::size_t>(range.socket);
    const bool known = m < ways_.size() && t < ways_[m].size() && ways_[m][t] != nullptr;
    return known ? *ways_[m][t] : new_way(master, range);
}

Interconnect::Way& Interconnect::new_way(int master, Range& range) {
    const auto m = static_cast<std::size_t>(master);
    const auto t = static_cast<std::size_t>(range.socket);
    ways_.resize(std::max(ways_.size(), m + 1));
    ways_[m].resize(std::max(ways_[m].size(), t + 1));
    ways_[m][t] = std::make_unique<Way>();
    Way& way = *ways_[m][t];
    way.master = master;
    way.range = &range;
    find_way(way);
    way.request.push_back(range.port.get());
    return way;
}

std::uint64_t Interconnect::beats_of(const tlm::tlm_generic_payload& payload) const {
    const unsigned length = payload.get_data_length();
    const bool data = payload.get_command() != tlm::TLM_IGNORE_COMMAND && length > width_;
    return data ? (length + width_ - 1) / width_ : 1;
}

void Interconnect::charge(tlm::tlm_generic_payload& payload, const Way& way, std::uint64_t beats) {
    if (auto* tag = payload.get_extension<TransactionTag>()) {
        tag->master = static_cast<std::uint32_t>(way.master);
        if (monitor_ != nullptr) {
            tag->record();
        }
    }
    for (const Way::Hops& hops : way.hops) {
        TransactionTag::charge(payload, meter_, hops.event, hops.count * (beats + empty_flits_));
    }
}

void Interconnect::show(const tlm::tlm_generic_payload& payload, int master, const Range* range,
                        Picoseconds begin, Picoseconds end, Picoseconds waited) const {
    if (monitor_ != nullptr) {
        monitor_->transferred({payload, master_name(master),
                               range != nullptr ? &range->target : nullptr, begin, end, waited});
    }
}

void Interconnect::refuse(int master, tlm::tlm_generic_payload& payload, Picoseconds at) const {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (auto* tag = payload.get_extension<TransactionTag>()) {
        tag->stages.clear();
    }
    show(payload, master, nullptr, at, at, 0);
}

void Interconnect::show_unfinished() {
    engine_->show_unfinished();
}

Picoseconds Interconnect::walk(const std::vector<Link*>& links, int master, Picoseconds at,
                               bool data, std::uint64_t beats, Picoseconds& waited) const {
    const Picoseconds period = env_.clock.period();
    const Picoseconds now = kernel_now();
    constexpr std::size_t ahead = 6;  // far enough to be there in time
    for (std::size_t i = 0; i < links.size(); ++i) {
        Link* const link = links[i];
        if (i + ahead < links.size()) {
            links[i + ahead]->prefetch();
        }
        link->calendar.advance(now);
        const Picoseconds busy = flits_on(*link, data, beats) * period;
        const Picoseconds wait = link->calendar.book(static_cast<std::uint32_t>(master), at, busy);
        link->busy += busy;
        link->waited += wait;
        waited += wait;
        at += wait + link->latency * period;
    }
    return at;
}

Picoseconds Interconnect::latency(const std::vector<Link*>& links) const {
    Picoseconds sum = 0;
    for (const Link* link : links) {
        sum += link->latency * env_.clock.period();
    }
    return sum;
}

// --- loosely timed -------------------------------------------------------------------------

void Interconnect::b_transport(int master, tlm::tlm_generic_payload& payload,
                               sc_core::sc_time& delay) {
    Range* range = decode(payload);
    if (range == nullptr) {
        refuse(master, payload, kernel_now() + delay.value());
        return;
    }
    const Way& way = this->way(master, *range);
    const std::uint64_t address = payload.get_address();
    const std::uint64_t beats = beats_of(payload);
    const Picoseconds begin = kernel_now() + delay.value();
    Picoseconds waited = 0;
    charge(payload, way, beats);
    const Picoseconds there = walk(way.request, master, begin, payload.is_write(), beats, waited);
    delay = sc_core::sc_time::from_value(there - kernel_now());
    payload.set_address(address - range->base);
    targets[range->socket]->b_transport(payload, delay);
    payload.set_address(address);
    // The beats after the first follow in a cycle each while the target works.
    const Picoseconds answered = std::max<Picoseconds>(kernel_now() + delay.value(),
                                                       there + (beats - 1) * env_.clock.period());
    const Picoseconds end = walk(way.response, master, answered, payload.is_read(), beats, waited);
    delay = sc_core::sc_time::from_value(end - kernel_now());
    range->traffic.note(end - begin, waited);
    show(payload, master, range, begin, end, waited);
    if (payload.is_write() && payload.is_response_ok()) {
        tell_observers(master, address, window_of(payload));
    }
}

/// An access to a register is one beat.
void Interconnect::Route::access(RegisterCall& call) {
    const std::uint64_t address = call.address;
    for (const Way::Hops& hops : way->hops) {
        fabric->meter_.add(call.owner, hops.event, hops.count * (1 + fabric->empty_flits_));
    }
    call.address = static_cast<std::uint32_t>(address - way->range->base);
    const Picoseconds begin = call.at;
    const Picoseconds waited = only != nullptr ? go_over(*only, call) : go(call);
    way->range->traffic.note(call.at - begin, waited);
    if (call.write && call.answer == Access::ok) {
        fabric->tell_observers(way->master, address, call.size);
    }
}

Picoseconds Interconnect::Route::go(RegisterCall& call) {
    Picoseconds waited = 0;
    call.at = fabric->walk(way->request, way->master, call.at, call.write, 1, waited);
    target->access(call);
    call.at = fabric->walk(way->response, way->master, call.at, !call.write, 1, waited);
    return waited;
}

/// The same in fewer steps: firmware polls.
Picoseconds Interconnect::Route::go_over(Link& link, RegisterCall& call) {
    const Picoseconds period = fabric->env_.clock.period();
    const Picoseconds wait =
        link.calendar.book(static_cast<std::uint32_t>(way->master), call.at, period);
    link.busy += period;
    if (wait != 0) {
        link.waited += wait;
    }
    call.at += wait + link.latency * period;
    target->access(call);
    return wait;
}

// --- direct access, debug, observers -------------------------------------------------------

/// What a direct access costs on the way: like a register, it is one beat.
void Interconnect::tag_direct(Way& way, const tlm::tlm_dmi& dmi, DmiTag& tag) {
    for (const Way::Hops& hops : way.hops) {
        tag.stages.push_back({&meter_, hops.event, hops.event, hops.count * (1 + empty_flits_)});
    }
    tag.book = [&way, this, target = std::move(tag.book)](Picoseconds from, Picoseconds to,
                                                          std::uint64_t accesses) {
        Picoseconds wait = target ? target(from, to, accesses) : 0;
        for (const auto* links : {&way.request, &way.response}) {
            for (Link* link : *links) {
                const Picoseconds busy = accesses * env_.clock.period();
                link->calendar.advance(kernel_now());
                const Picoseconds held =
                    link->calendar.spread(static_cast<std::uint32_t>(way.master), from, to, busy);
                link->busy += busy;
                link->waited += held;
                wait = std::max(wait, held);
            }
        }
        way.range->traffic.waited += wait;
        return wait;
    };
    tag.count = [&way, read = dmi.get_read_latency().value(),
                 write = dmi.get_write_latency().value()](std::uint64_t reads,
                                                          std::uint64_t writes) {
        way.range->traffic.note(read, 0, reads);
        way.range->traffic.note(write, 0, writes);
    };
}

/// IEEE 1666-2011, 11.2.5: a denial tells as well what it is for.
void Interconnect::deny_hole(std::uint64_t address, tlm::tlm_dmi& dmi) const {
    const auto next = std::upper_bound(
        ranges_.begin(), ranges_.end(), address,
        [](std::uint64_t wanted, const Range& range) { return wanted < range.base; });
    dmi.allow_read_write();
    dmi.set_start_address(next == ranges_.begin() ? 0 : std::prev(next)->last + 1);
    dmi.set_end_address(next == ranges_.end() ? ~std::uint64_t{0} : next->base - 1);
}

bool Interconnect::get_direct_mem_ptr(int master, tlm::tlm_generic_payload& payload,
                                      tlm::tlm_dmi& dmi) {
    const std::uint64_t address = payload.get_address();
    Range* range = find(address);
    if (range == nullptr) {
        deny_hole(address, dmi);
        return false;
    }
    auto* tag = payload.get_extension<DmiTag>();
    if (tag != nullptr) {
        tag->master = static_cast<std::uint32_t>(master);
    }
    payload.set_address(address - range->base);
    const bool granted = targets[range->socket]->get_direct_mem_ptr(payload, dmi);
    payload.set_address(address);
    const std::uint64_t room = range->last - range->base;
    dmi.set_start_address(range->base + dmi.get_start_address());
    dmi.set_end_address(range->base + std::min<std::uint64_t>(dmi.get_end_address(), room));
    if (!granted) {
        if (tag != nullptr && tag->registers != nullptr) {
            Route& route = routes_[{master, range->socket}];
            route.fabric = this;
            route.way = &way(master, *range);
            route.target = tag->registers;
            route.only = route.way->request.size() == 1 && route.way->response.empty()
                             ? route.way->request.front()
                             : nullptr;
            tag->registers = &route;
        }
        return false;
    }
    Way& way = this->way(master, *range);
    const auto own = sc_core::sc_time::from_value(latency(way.request) + latency(way.response));
    dmi.set_read_latency(dmi.get_read_latency() + own);
    dmi.set_write_latency(dmi.get_write_latency() + own);
    if (tag != nullptr) {
        tag_direct(way, dmi, *tag);
    }
    return true;
}

void Interconnect::tell_observers(int master, std::uint64_t address, unsigned length) {
    for (const Observer& entry : observers_) {
        entry.observer->written(entry.master == master, address, address + length - 1);
    }
}

void Interconnect::announce_write(std::uint64_t first, std::uint64_t last) {
    for (const Observer& entry : observers_) {
        entry.observer->written(false, first, last);
    }
}

void Interconnect::reset(ResetKind /*kind*/) {
    for (const Range& range : ranges_) {
        range.port->calendar.reset(kernel_now());
    }
}

unsigned Interconnect::transport_dbg(int /*master*/, tlm::tlm_generic_payload& payload) {
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

void Interconnect::invalidate_direct_mem_ptr(int target, sc_dt::uint64 first, sc_dt::uint64 last) {
    const auto range = std::find_if(ranges_.begin(), ranges_.end(),
                                    [target](const Range& r) { return r.socket == target; });
    CIMERA_ASSERT(range != ranges_.end(), "an invalidation comes from a bound target");
    for (unsigned i = 0; i < masters.size(); ++i) {
        masters[static_cast<int>(i)]->invalidate_direct_mem_ptr(range->base + first,
                                                                range->base + last);
    }
}

// --- approximately timed -------------------------------------------------------------------

tlm::tlm_sync_enum Interconnect::nb_transport_fw(int master, tlm::tlm_generic_payload& payload,
                                                 tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    return engine_->from_master(master, payload, phase, delay);
}

tlm::tlm_sync_enum Interconnect::nb_transport_bw(int target, tlm::tlm_generic_payload& payload,
                                                 tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    return engine_->from_target(target, payload, phase, delay);
}

}  // namespace cimera
