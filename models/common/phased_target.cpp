// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/phased_target.hpp"

#include <utility>

#include "models/common/process.hpp"

namespace cimera {

PhasedTarget::PhasedTarget(Serve serve, Backward backward, unsigned depth)
    : serve_(std::move(serve)),
      backward_(std::move(backward)),
      depth_(depth),
      requests_("requests"),
      responses_("responses") {
    spawn_method("take_requests", {&requests_.get_event()}, [this] { take_requests(); });
    spawn_method("take_responses", {&responses_.get_event()}, [this] { take_responses(); });
}

tlm::tlm_sync_enum PhasedTarget::forward(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                         sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
        payload.acquire();
        if (delay == sc_core::SC_ZERO_TIME && in_flight_ < depth_) {
            serve(payload);
            phase = tlm::END_REQ;
            return tlm::TLM_UPDATED;
        }
        requests_.notify(payload, delay);
        return tlm::TLM_ACCEPTED;
    }
    if (phase == tlm::END_RESP && &payload == responding_) {
        finish();
        // What is ready may go when the response has ended.
        responses_.get_event().notify(delay);
        return tlm::TLM_COMPLETED;
    }
    return tlm::TLM_ACCEPTED;  // 15.2.5: phases that are not known are ignored
}

void PhasedTarget::take_requests() {
    while (tlm::tlm_generic_payload* payload = requests_.get_next_transaction()) {
        if (in_flight_ < depth_) {
            accept(*payload);
        } else {
            held_.push_back(payload);
        }
    }
}

void PhasedTarget::serve(tlm::tlm_generic_payload& payload) {
    ++in_flight_;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    serve_(payload, delay);
    responses_.notify(payload, delay);
}

void PhasedTarget::accept(tlm::tlm_generic_payload& payload) {
    serve(payload);
    tlm::tlm_phase phase = tlm::END_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    backward_(payload, phase, delay);
}

void PhasedTarget::take_responses() {
    while (tlm::tlm_generic_payload* payload = responses_.get_next_transaction()) {
        ready_.push_back(payload);
    }
    respond();
}

/// One response at a time: 15.2.6.5.
void PhasedTarget::respond() {
    while (responding_ == nullptr && !ready_.empty()) {
        responding_ = ready_.front();
        ready_.pop_front();
        tlm::tlm_phase phase = tlm::BEGIN_RESP;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        const tlm::tlm_sync_enum sync = backward_(*responding_, phase, delay);
        if (sync == tlm::TLM_COMPLETED || (sync == tlm::TLM_UPDATED && phase == tlm::END_RESP)) {
            finish();
            if (delay != sc_core::SC_ZERO_TIME) {
                responses_.get_event().notify(delay);
                return;
            }
        }
    }
}

void PhasedTarget::finish() {
    responding_->release();
    responding_ = nullptr;
    --in_flight_;
    if (!held_.empty()) {
        tlm::tlm_generic_payload* next = held_.front();
        held_.pop_front();
        accept(*next);
    }
}

}  // namespace cimera
