// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/master_port.hpp"

namespace cimera {

MasterPort::MasterPort(const char* name, TimingStyle style)
    : simple_initiator_socket(name), style_(style) {
    register_nb_transport_bw(this, &MasterPort::respond);
    register_invalidate_direct_mem_ptr(this, &MasterPort::invalidate);
}

void MasterPort::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    if (route_ == nullptr) {
        route_ = get_base_port().operator->();
    }
    if (style_ == TimingStyle::loose) {
        route_->b_transport(payload, delay);
        return;
    }
    if (delay != sc_core::SC_ZERO_TIME) {
        sc_core::wait(delay);
        delay = sc_core::SC_ZERO_TIME;
    }
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    const tlm::tlm_sync_enum sync = route_->nb_transport_fw(payload, phase, delay);
    if (sync == tlm::TLM_COMPLETED) {
        return;  // early completion: the response is there after `delay`
    }
    if (sync == tlm::TLM_UPDATED && phase == tlm::BEGIN_RESP) {
        phase = tlm::END_RESP;
        route_->nb_transport_fw(payload, phase, delay);
        return;
    }
    delay = sc_core::SC_ZERO_TIME;
    sc_core::wait(responded_);
}

/// Responses are taken at once; END_REQ tells nothing new to a master with one transaction.
tlm::tlm_sync_enum MasterPort::respond(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay) {
    if (phase != tlm::BEGIN_RESP) {
        return tlm::TLM_ACCEPTED;
    }
    responded_.notify(delay);
    phase = tlm::END_RESP;
    return tlm::TLM_UPDATED;
}

void MasterPort::invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
    if (forget_) {
        forget_(first, last);
    }
}

}  // namespace cimera
