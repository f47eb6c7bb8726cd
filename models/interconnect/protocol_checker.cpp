// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/protocol_checker.hpp"

#include <utility>

#include "models/common/peripheral.hpp"
#include "models/power/transaction.hpp"

namespace cimera {

using protocol::Finding;
using protocol::Rule;
using protocol::Snapshot;
using Point = protocol::Hop::Point;
using protocol::Verdict;

namespace {

Picoseconds effective(const sc_core::sc_time& delay) {
    return kernel_now() + delay.value();
}

// 11.1.1.4: b_transport may wait, which only threads can. Outside of processes, before the
// simulation, nobody can tell.
Verdict check_caller() {
    const sc_core::sc_process_handle process = sc_core::sc_get_current_process_handle();
    if (process.valid() && process.proc_kind() == sc_core::SC_METHOD_PROC_) {
        return Finding{Rule::blocking_caller, std::string("the method process ") + process.name()};
    }
    return {};
}

Verdict first_of(Verdict one, const Verdict& other) {
    return one ? std::move(one) : other;
}

/// `step`: the kernel's delta cycle at the call. It stands still where nobody waits.
Verdict check_no_wait(std::uint64_t step) {
    if (sc_core::sc_delta_count() != step) {
        return Finding{Rule::nonblocking_wait, "a wait before the return"};
    }
    return {};
}

}  // namespace

ProtocolChecker::ProtocolChecker(const sc_core::sc_module_name& name, std::string initiator,
                                 std::string target, protocol::Listener& listener)
    : sc_module(name),
      initiator_(std::move(initiator)),
      target_(std::move(target)),
      listener_(listener) {
    from.bind(*static_cast<tlm::tlm_fw_transport_if<>*>(this));
    to.bind(*static_cast<tlm::tlm_bw_transport_if<>*>(this));
}

ProtocolChecker::Subject::Subject(const tlm::tlm_generic_payload& payload)
    : command(payload.get_command()),
      address(payload.get_address()),
      length(payload.get_data_length()) {
    if (const auto* tag = payload.get_extension<TransactionTag>()) {
        pc = tag->pc;
    }
}

void ProtocolChecker::report(const Verdict& verdict, const Subject& subject, const Call& call) {
    if (!verdict || !checking_) {
        return;
    }
    checking_ = false;
    std::string text = call.method;
    if (call.phase != nullptr) {
        text += std::string(" ") + call.phase->get_name();
    }
    listener_.violated({verdict->rule, verdict->found, initiator_, target_, text, call.at,
                        subject.command, subject.address, subject.length, subject.pc});
}

void ProtocolChecker::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const Subject subject(payload);
    if (checking_) {
        const Call call{"b_transport", nullptr, effective(delay)};
        report(first_of(check_caller(), hop_.blocking_call(payload, call.at)), subject, call);
    }
    to->b_transport(payload, delay);
    if (checking_) {
        const Call end{"return from b_transport", nullptr, effective(delay)};
        report(hop_.blocking_return(payload, end.at), subject, end);
    }
}

tlm::tlm_sync_enum ProtocolChecker::nb_transport_fw(tlm::tlm_generic_payload& payload,
                                                    tlm::tlm_phase& phase,
                                                    sc_core::sc_time& delay) {
    const Subject subject(payload);
    const Point call{phase, effective(delay)};
    if (checking_) {
        report(hop_.forward_call(payload, call), subject,
               {"nb_transport_fw", &call.phase, call.at});
    }
    const std::uint64_t step = sc_core::sc_delta_count();
    const tlm::tlm_sync_enum sync = to->nb_transport_fw(payload, phase, delay);
    if (checking_) {
        const Point answer{phase, effective(delay)};
        Verdict verdict = check_no_wait(step);
        report(verdict ? verdict : hop_.forward_return(payload, call, sync, answer), subject,
               {"return from nb_transport_fw", &call.phase, answer.at});
    }
    return sync;
}

tlm::tlm_sync_enum ProtocolChecker::nb_transport_bw(tlm::tlm_generic_payload& payload,
                                                    tlm::tlm_phase& phase,
                                                    sc_core::sc_time& delay) {
    const Subject subject(payload);
    const Point call{phase, effective(delay)};
    if (checking_) {
        report(hop_.backward_call(payload, call), subject,
               {"nb_transport_bw", &call.phase, call.at});
    }
    const std::uint64_t step = sc_core::sc_delta_count();
    const tlm::tlm_sync_enum sync = from->nb_transport_bw(payload, phase, delay);
    if (checking_) {
        const Point answer{phase, effective(delay)};
        Verdict verdict = check_no_wait(step);
        report(verdict ? verdict : hop_.backward_return(payload, call, sync, answer), subject,
               {"return from nb_transport_bw", &call.phase, answer.at});
    }
    return sync;
}

bool ProtocolChecker::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& direct) {
    const Subject subject(payload);
    const Snapshot request(payload, Snapshot::Contents::attributes);
    const Call call{"get_direct_mem_ptr", nullptr, kernel_now()};
    report(protocol::check_direct_request(payload), subject, call);
    const bool granted = to->get_direct_mem_ptr(payload, direct);
    report(first_of(request.compare_response(payload),
                    protocol::check_direct(payload, direct, granted)),
           subject, call);
    if (auto* tag = payload.get_extension<DmiTag>()) {
        tag->registers = nullptr;
    }
    return granted;
}

unsigned ProtocolChecker::transport_dbg(tlm::tlm_generic_payload& payload) {
    const Subject subject(payload);
    const Call call{"transport_dbg", nullptr, kernel_now()};
    if (const Verdict verdict = protocol::check_debug_request(payload)) {
        report(verdict, subject, call);
        return to->transport_dbg(payload);
    }
    const Snapshot request(payload, Snapshot::Contents::data);
    const unsigned done = to->transport_dbg(payload);
    report(first_of(request.compare_response(payload), protocol::check_debug(payload, done)),
           subject, call);
    return done;
}

void ProtocolChecker::invalidate_direct_mem_ptr(sc_dt::uint64 first, sc_dt::uint64 last) {
    report(protocol::check_invalidation(first, last), {},
           {"invalidate_direct_mem_ptr", nullptr, kernel_now()});
    from->invalidate_direct_mem_ptr(first, last);
}

}  // namespace cimera
