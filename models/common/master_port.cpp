// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/master_port.hpp"

#include <algorithm>

namespace cimera {

MasterPort::MasterPort(const char* name, TimingStyle style)
    : simple_initiator_socket(name), style_(style) {
    register_nb_transport_bw(this, &MasterPort::respond);
    register_invalidate_direct_mem_ptr(this, &MasterPort::invalidate);
}

tlm::tlm_fw_transport_if<>& MasterPort::route() {
    if (route_ == nullptr) {
        route_ = get_base_port().operator->();
    }
    return *route_;
}

void MasterPort::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    if (style_ == TimingStyle::loose) {
        route().b_transport(payload, delay);
        return;
    }
    awaited_ = &payload;
    begin_request(payload, delay);
    sc_core::wait(responded_);
    delay = sc_core::SC_ZERO_TIME;
}

bool MasterPort::read_ahead(const TransactionTag& tag, std::uint64_t address, unsigned length,
                            sc_core::sc_time& delay) {
    auto free = std::find_if(ahead_.begin(), ahead_.end(),
                             [](const auto& ahead) { return ahead->payload == nullptr; });
    if (free == ahead_.end()) {
        ahead_.push_back(std::make_unique<Ahead>());
        free = std::prev(ahead_.end());
    }
    Ahead& ahead = **free;
    tlm::tlm_generic_payload& payload =
        ahead.transaction.prepare(tlm::TLM_READ_COMMAND, address, ahead.bytes.data(), length);
    ahead.transaction.tag.owner = tag.owner;
    ahead.transaction.tag.pc = tag.pc;
    if (style_ == TimingStyle::loose) {
        route().b_transport(payload, delay);
        return payload.is_response_ok();
    }
    ahead.payload = &payload;
    begin_request(payload, delay);
    return true;
}

/// IEEE 1666-2011, 15.2.6.5: a request begins when the one before has ended.
void MasterPort::begin_request(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    if (delay != sc_core::SC_ZERO_TIME) {
        sc_core::wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    while (requested_ != nullptr) {
        sc_core::wait(accepted_);
    }
    requested_ = &payload;
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    const tlm::tlm_sync_enum sync = route().nb_transport_fw(payload, phase, delay);
    if (sync == tlm::TLM_ACCEPTED) {
        return;
    }
    requested_ = nullptr;
    if (sync == tlm::TLM_COMPLETED || phase == tlm::BEGIN_RESP) {
        sc_core::sc_time end = delay;
        if (sync == tlm::TLM_UPDATED) {
            phase = tlm::END_RESP;
            route().nb_transport_fw(payload, phase, end);
        }
        complete(payload, delay);
    }
}

/// Responses are taken at once.
tlm::tlm_sync_enum MasterPort::respond(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
    if (requested_ == &payload && (phase == tlm::END_REQ || phase == tlm::BEGIN_RESP)) {
        requested_ = nullptr;
        accepted_.notify(delay);
    }
    if (phase != tlm::BEGIN_RESP) {
        return tlm::TLM_ACCEPTED;
    }
    complete(payload, delay);
    phase = tlm::END_RESP;
    return tlm::TLM_UPDATED;
}

void MasterPort::complete(const tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
    if (awaited_ == &payload) {
        responded_.notify(delay);
        return;
    }
    for (const auto& ahead : ahead_) {
        if (ahead->payload == &payload) {
            ahead->payload = nullptr;
        }
    }
}

void MasterPort::invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
    if (forget_) {
        forget_(first, last);
    }
}

}  // namespace cimera
