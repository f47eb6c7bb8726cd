// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/transfer_engine.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "models/common/error.hpp"
#include "models/common/process.hpp"
#include "models/common/streaming.hpp"

namespace cimera {

namespace {

sc_core::sc_time time_of(Picoseconds duration) {
    return sc_core::sc_time::from_value(duration);
}

}  // namespace

TransferEngine::TransferEngine(Interconnect& fabric)
    : fabric_(fabric), moving_("moving"), freed_("freed") {
    spawn_method("move", {&moving_.get_event(), &freed_.get_event()}, [this] { move(); });
}

// --- the master's side ---------------------------------------------------------------------

tlm::tlm_sync_enum TransferEngine::from_master(int master, tlm::tlm_generic_payload& payload,
                                               tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
        Interconnect::Range* range = fabric_.decode(payload);
        if (range == nullptr) {
            fabric_.refuse(master, payload, kernel_now() + delay.value());
            return tlm::TLM_COMPLETED;
        }
        begin(master, *range, payload, delay);
        return tlm::TLM_ACCEPTED;
    }
    Channel& channel = responses_[master];
    if (phase == tlm::END_RESP && channel.busy == &payload) {
        finish(transfers_.at(&payload));
        next(channel, delay);
        return tlm::TLM_COMPLETED;
    }
    return tlm::TLM_ACCEPTED;
}

void TransferEngine::begin(int master, Interconnect::Range& range,
                           tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
    payload.acquire();
    Transfer& transfer = transfers_[&payload];
    transfer = {};
    transfer.payload = &payload;
    transfer.way = &fabric_.way(master, range);
    transfer.address = payload.get_address();
    transfer.beats = fabric_.beats_of(payload);
    transfer.begin = kernel_now() + delay.value();
    fabric_.charge(payload, *transfer.way, transfer.beats);
    moving_.notify(transfer, delay);
}

void TransferEngine::answer(Transfer& transfer) {
    Channel& channel = responses_[transfer.way->master];
    if (channel.busy != nullptr) {
        channel.waiting.push_back(&transfer);
        return;
    }
    tlm::tlm_generic_payload& payload = *transfer.payload;
    payload.set_address(transfer.address);
    transfer.way->range->traffic.note(kernel_now() - transfer.begin, transfer.waited);
    transfer.answered = true;
    fabric_.show(payload, transfer.way->master, transfer.way->range, transfer.begin, kernel_now(),
                 transfer.waited);
    channel.busy = &payload;
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum sync =
        fabric_.masters[transfer.way->master]->nb_transport_bw(payload, phase, delay);
    if (sync == tlm::TLM_COMPLETED || (sync == tlm::TLM_UPDATED && phase == tlm::END_RESP)) {
        finish(transfer);
        next(channel, delay);
    }
}

void TransferEngine::show_unfinished() const {
    std::vector<const Transfer*> left;
    for (const auto& [payload, transfer] : transfers_) {
        if (!transfer.answered) {
            left.push_back(&transfer);
        }
    }
    // Not in the order of pointers: that differs from run to run.
    std::sort(left.begin(), left.end(), [](const Transfer* a, const Transfer* b) {
        return std::tie(a->begin, a->way->master, a->address) <
               std::tie(b->begin, b->way->master, b->address);
    });
    for (const Transfer* transfer : left) {
        transfer->payload->set_address(transfer->address);
        transfer->payload->set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        fabric_.show(*transfer->payload, transfer->way->master, transfer->way->range,
                     transfer->begin, std::max(kernel_now(), transfer->begin), transfer->waited);
    }
}

void TransferEngine::finish(Transfer& transfer) {
    tlm::tlm_generic_payload* payload = transfer.payload;
    transfers_.erase(payload);
    payload->release();
}

/// The channel is free after `delay`: who waits for it tries again.
void TransferEngine::next(Channel& channel, const sc_core::sc_time& delay) {
    channel.busy = nullptr;
    if (!channel.waiting.empty()) {
        moving_.notify(*channel.waiting.front(), delay);
        channel.waiting.pop_front();
    }
}

// --- links ---------------------------------------------------------------------------------

void TransferEngine::move() {
    while (Link* link = freed_.get_next_transaction()) {
        touched_.push_back(link);
    }
    while (Transfer* transfer = moving_.get_next_transaction()) {
        arrive(*transfer);
    }
    // All that have come at this instant take part in the arbitration.
    for (; !touched_.empty(); touched_.pop_front()) {
        serve(*touched_.front());
    }
}

void TransferEngine::arrive(Transfer& transfer) {
    const auto& links = transfer.answering ? transfer.way->response : transfer.way->request;
    if (transfer.hop < links.size()) {
        transfer.arrived = kernel_now();
        links[transfer.hop]->waiting.push_back(&transfer);
        touched_.push_back(links[transfer.hop]);
    } else if (transfer.answering) {
        answer(transfer);
    } else {
        deliver(transfer);
    }
}

/// Whose turn it is; the end where all have to wait.
std::deque<Transfer*>::iterator TransferEngine::choose(Link& link) {
    const auto turn = [&link](const Transfer* transfer) {
        const int distance = transfer->way->master - link.last_master;
        return distance > 0 ? distance : distance + (1 << 20);  // more than there are masters
    };
    const bool free = link.holders.size() < link.lanes;
    auto chosen = link.waiting.end();
    for (auto candidate = link.waiting.begin(); candidate != link.waiting.end(); ++candidate) {
        const int master = (*candidate)->way->master;
        const bool alone =
            std::all_of(link.holders.begin(), link.holders.end(),
                        [master](const Link::Holder& holder) { return holder.master == master; });
        if ((free || alone) && (chosen == link.waiting.end() || turn(*candidate) < turn(*chosen))) {
            chosen = candidate;
        }
    }
    return chosen;
}

void TransferEngine::serve(Link& link) {
    std::erase_if(link.holders,
                  [](const Link::Holder& holder) { return holder.until <= kernel_now(); });
    for (auto chosen = choose(link); chosen != link.waiting.end(); chosen = choose(link)) {
        Transfer* transfer = *chosen;
        link.waiting.erase(chosen);
        grant(link, *transfer);
    }
    if (!link.waiting.empty()) {
        const auto first = std::min_element(
            link.holders.begin(), link.holders.end(),
            [](const Link::Holder& a, const Link::Holder& b) { return a.until < b.until; });
        freed_.notify(link, time_of(first->until - kernel_now()));
    }
}

void TransferEngine::grant(Link& link, Transfer& transfer) {
    const Picoseconds period = fabric_.env_.clock.period();
    const bool data =
        transfer.answering ? transfer.payload->is_read() : transfer.payload->is_write();
    const Picoseconds busy = Interconnect::flits_on(link, data, transfer.beats) * period;
    const Picoseconds waited = kernel_now() - transfer.arrived;
    link.holders.push_back({transfer.way->master, kernel_now() + busy});
    link.last_master = transfer.way->master;
    link.busy += busy;
    link.waited += waited;
    transfer.waited += waited;
    moving_.notify(transfer, time_of(link.latency * period));
    if (!transfer.answering && transfer.hop == 0) {
        tlm::tlm_phase phase = tlm::END_REQ;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        fabric_.masters[transfer.way->master]->nb_transport_bw(*transfer.payload, phase, delay);
    }
    ++transfer.hop;
}

// --- the target's side ---------------------------------------------------------------------

void TransferEngine::deliver(Transfer& transfer) {
    const int target = transfer.way->range->socket;
    Channel& channel = requests_[target];
    if (channel.busy != nullptr) {
        channel.waiting.push_back(&transfer);
        return;
    }
    tlm::tlm_generic_payload& payload = *transfer.payload;
    payload.set_address(transfer.address - transfer.way->range->base);
    transfer.delivered = kernel_now();
    channel.busy = &payload;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum sync = fabric_.targets[target]->nb_transport_fw(payload, phase, delay);
    if (sync == tlm::TLM_ACCEPTED) {
        return;
    }
    next(channel, delay);
    if (sync == tlm::TLM_COMPLETED) {
        turn_round(transfer, delay);
    } else if (phase == tlm::BEGIN_RESP) {
        turn_round(transfer, delay);
        phase = tlm::END_RESP;
        fabric_.targets[target]->nb_transport_fw(payload, phase, delay);
    }
}

tlm::tlm_sync_enum TransferEngine::from_target(int target, tlm::tlm_generic_payload& payload,
                                               tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    const auto found = transfers_.find(&payload);
    CIMERA_ASSERT(found != transfers_.end(), "a target answers what it was asked");
    Channel& channel = requests_[target];
    if (channel.busy == &payload && (phase == tlm::END_REQ || phase == tlm::BEGIN_RESP)) {
        next(channel, delay);
    }
    if (phase != tlm::BEGIN_RESP) {
        return tlm::TLM_ACCEPTED;
    }
    turn_round(found->second, delay);
    phase = tlm::END_RESP;
    return tlm::TLM_UPDATED;
}

/// The answer follows after `delay`, but not before the last beat.
void TransferEngine::turn_round(Transfer& transfer, const sc_core::sc_time& delay) {
    const Picoseconds last_beat =
        transfer.delivered + (transfer.beats - 1) * fabric_.env_.clock.period();
    const Picoseconds ready = std::max<Picoseconds>(kernel_now() + delay.value(), last_beat);
    const tlm::tlm_generic_payload& payload = *transfer.payload;
    if (payload.is_write() && payload.is_response_ok()) {
        fabric_.tell_observers(transfer.way->master, transfer.address, window_of(payload));
    }
    transfer.answering = true;
    transfer.hop = 0;
    moving_.notify(transfer, time_of(ready - kernel_now()));
}

}  // namespace cimera
