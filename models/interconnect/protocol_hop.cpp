// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/protocol_hop.hpp"

#include <fmt/format.h>

namespace cimera::protocol {

namespace {

// 15.2.5: phases beyond the four may come at any time and change nothing.
bool is_ignorable(const tlm::tlm_phase& phase) {
    return phase > tlm::END_RESP;
}

/// `latest` grows to `at`; nothing goes back in time.
Verdict advance(Picoseconds& latest, Picoseconds at, Rule rule) {
    if (at < latest) {
        return Finding{rule, fmt::format("{} ps after {} ps", at, latest)};
    }
    latest = at;
    return {};
}

}  // namespace

Hop::Transaction* Hop::find_under_way(const tlm::tlm_generic_payload& payload) {
    const auto found = known_.find(&payload);
    return found == known_.end() || found->second.stage == Stage::completed ? nullptr
                                                                            : &found->second;
}

Verdict Hop::check_under_way(const tlm::tlm_generic_payload& payload, const Point& point,
                             Rule where_unknown) const {
    const auto found = known_.find(&payload);
    if (found == known_.end()) {
        return Finding{where_unknown,
                       fmt::format("{} of an unknown transaction", point.phase.get_name())};
    }
    if (found->second.stage == Stage::completed) {
        return Finding{Rule::after_completion,
                       fmt::format("{} of a completed transaction", point.phase.get_name())};
    }
    if (found->second.stage == Stage::blocking) {
        return Finding{Rule::mixed_interfaces, "nb_transport of a payload in b_transport"};
    }
    return {};
}

/// A request on either interface.
Verdict Hop::begin(const tlm::tlm_generic_payload& payload, Stage stage, Picoseconds at) {
    if (const Transaction* other = find_under_way(payload)) {
        if (stage == Stage::requested && other->stage != Stage::blocking) {
            return Finding{Rule::phase_order, "BEGIN_REQ of a transaction that has begun"};
        }
        return stage == other->stage
                   ? Finding{Rule::payload_in_use, "b_transport of a payload in b_transport"}
                   : Finding{Rule::mixed_interfaces,
                             stage == Stage::blocking
                                 ? "b_transport of a payload between phases of nb_transport"
                                 : "nb_transport of a payload in b_transport"};
    }
    if (stage == Stage::requested && requesting_ != nullptr) {
        return Finding{Rule::request_exclusion, "BEGIN_REQ before END_REQ of another transaction"};
    }
    if (const Verdict verdict = check_request(payload)) {
        return verdict;
    }
    known_.insert_or_assign(&payload,
                            Transaction{stage, Snapshot(payload, Snapshot::Contents::data), at});
    ++transactions_;
    return {};
}

void Hop::end_request(const tlm::tlm_generic_payload& payload) {
    if (requesting_ == &payload) {
        requesting_ = nullptr;
    }
}

void Hop::end(const tlm::tlm_generic_payload& payload) {
    end_request(payload);
    if (responding_ == &payload) {
        responding_ = nullptr;
    }
    known_.at(&payload).stage = Stage::completed;
}

// --- b_transport ---------------------------------------------------------------------------

Verdict Hop::blocking_call(const tlm::tlm_generic_payload& payload, Picoseconds at) {
    if (const Verdict verdict = check_managed(payload, false)) {
        return verdict;
    }
    return begin(payload, Stage::blocking, at);
}

Verdict Hop::blocking_return(const tlm::tlm_generic_payload& payload, Picoseconds at) {
    Transaction& transaction = known_.at(&payload);
    transaction.stage = Stage::completed;
    if (const Verdict verdict = advance(transaction.latest, at, Rule::blocking_time)) {
        return verdict;
    }
    if (const Verdict verdict = check_response(payload)) {
        return verdict;
    }
    return transaction.request.compare_response(payload);
}

// --- nb_transport --------------------------------------------------------------------------

/// A phase of the initiator: called forward or returned by a backward call.
Verdict Hop::from_initiator(const tlm::tlm_generic_payload& payload, const Point& point) {
    if (point.phase == tlm::BEGIN_REQ) {
        if (const Verdict verdict = begin(payload, Stage::requested, point.at)) {
            return verdict;
        }
        requesting_ = &payload;
        return {};
    }
    if (point.phase != tlm::END_RESP) {
        return Finding{Rule::phase_direction,
                       fmt::format("{} from the initiator", point.phase.get_name())};
    }
    if (const Verdict verdict = check_under_way(payload, point, Rule::first_phase)) {
        return verdict;
    }
    Transaction& transaction = known_.at(&payload);
    if (transaction.stage != Stage::responded) {
        return Finding{Rule::phase_order, "END_RESP before BEGIN_RESP"};
    }
    end(payload);
    return advance(transaction.latest, point.at, Rule::phase_time);
}

/// A phase of the target: called backward or returned by a forward call.
Verdict Hop::from_target(const tlm::tlm_generic_payload& payload, const Point& point) {
    if (point.phase != tlm::END_REQ && point.phase != tlm::BEGIN_RESP) {
        return Finding{Rule::phase_direction,
                       fmt::format("{} from the target", point.phase.get_name())};
    }
    if (const Verdict verdict = check_under_way(payload, point, Rule::unknown_transaction)) {
        return verdict;
    }
    Transaction& transaction = known_.at(&payload);
    if (const Verdict verdict = advance(transaction.latest, point.at, Rule::phase_time)) {
        return verdict;
    }
    if (point.phase == tlm::END_REQ) {
        if (transaction.stage != Stage::requested) {
            return Finding{Rule::phase_order, transaction.stage == Stage::accepted
                                                  ? "a second END_REQ"
                                                  : "END_REQ after BEGIN_RESP"};
        }
        transaction.stage = Stage::accepted;
        end_request(payload);
        return transaction.request.compare(payload);
    }
    if (transaction.stage == Stage::responded) {
        return Finding{Rule::phase_order, "a second BEGIN_RESP"};
    }
    if (responding_ != nullptr) {
        return Finding{Rule::response_exclusion,
                       "BEGIN_RESP before END_RESP of another transaction"};
    }
    if (const Verdict verdict = check_response(payload)) {
        return verdict;
    }
    transaction.stage = Stage::responded;
    end_request(payload);
    responding_ = &payload;
    return transaction.request.compare_response(payload);
}

Verdict Hop::ignorable(const tlm::tlm_generic_payload& payload, Picoseconds at) {
    Transaction* const transaction = find_under_way(payload);
    if (transaction == nullptr) {
        return {};
    }
    if (const Verdict verdict = advance(transaction->latest, at, Rule::phase_time)) {
        return verdict;
    }
    return transaction->request.compare(payload);
}

Verdict Hop::accepted(const tlm::tlm_generic_payload& payload, const Point& call,
                      const Point& answer) const {
    if (answer.phase != call.phase) {
        return Finding{Rule::accepted_unchanged,
                       fmt::format("TLM_ACCEPTED with phase {}", answer.phase.get_name())};
    }
    if (answer.at != call.at) {
        return Finding{Rule::accepted_unchanged,
                       fmt::format("TLM_ACCEPTED at {} ps of a call at {} ps", answer.at, call.at)};
    }
    const auto found = known_.find(&payload);
    if (found == known_.end() || found->second.stage == Stage::completed) {
        return {};  // who holds the payload no longer may have given it away
    }
    return found->second.request.compare(payload);
}

Verdict Hop::completed_by_target(const tlm::tlm_generic_payload& payload, const Point& call,
                                 Picoseconds at) {
    if (call.phase == tlm::END_RESP) {
        return {};
    }
    Transaction* const transaction = find_under_way(payload);
    if (transaction == nullptr || transaction->stage != Stage::requested) {
        return Finding{Rule::completed_early,
                       fmt::format("TLM_COMPLETED to {}", call.phase.get_name())};
    }
    end(payload);
    if (const Verdict verdict = advance(transaction->latest, at, Rule::phase_time)) {
        return verdict;
    }
    if (const Verdict verdict = check_response(payload)) {
        return verdict;
    }
    return transaction->request.compare_response(payload);
}

Verdict Hop::completed_by_initiator(const tlm::tlm_generic_payload& payload, const Point& call,
                                    Picoseconds at) {
    Transaction* const transaction = find_under_way(payload);
    if (transaction == nullptr || transaction->stage != Stage::responded) {
        return Finding{Rule::completed_early,
                       fmt::format("TLM_COMPLETED to {}", call.phase.get_name())};
    }
    end(payload);
    return advance(transaction->latest, at, Rule::phase_time);
}

Verdict Hop::forward_call(const tlm::tlm_generic_payload& payload, const Point& call) {
    if (const Verdict verdict = check_managed(payload, true)) {
        return verdict;
    }
    if (is_ignorable(call.phase)) {
        return ignorable(payload, call.at);
    }
    const Transaction* const transaction = find_under_way(payload);
    if (const Verdict verdict = from_initiator(payload, call)) {
        return verdict;
    }
    return transaction == nullptr ? Verdict() : transaction->request.compare(payload);
}

Verdict Hop::backward_call(const tlm::tlm_generic_payload& payload, const Point& call) {
    if (const Verdict verdict = check_managed(payload, true)) {
        return verdict;
    }
    return is_ignorable(call.phase) ? ignorable(payload, call.at) : from_target(payload, call);
}

Verdict Hop::forward_return(const tlm::tlm_generic_payload& payload, const Point& call,
                            tlm::tlm_sync_enum sync, const Point& answer) {
    if (sync == tlm::TLM_ACCEPTED) {
        return accepted(payload, call, answer);
    }
    if (sync == tlm::TLM_COMPLETED) {
        return completed_by_target(payload, call, answer.at);
    }
    if (answer.phase == call.phase) {
        return Finding{Rule::updated_phase, "TLM_UPDATED with the phase of the call"};
    }
    return is_ignorable(answer.phase) ? ignorable(payload, answer.at)
                                      : from_target(payload, answer);
}

Verdict Hop::backward_return(const tlm::tlm_generic_payload& payload, const Point& call,
                             tlm::tlm_sync_enum sync, const Point& answer) {
    if (sync == tlm::TLM_ACCEPTED) {
        return accepted(payload, call, answer);
    }
    if (sync == tlm::TLM_COMPLETED) {
        return completed_by_initiator(payload, call, answer.at);
    }
    if (answer.phase == call.phase) {
        return Finding{Rule::updated_phase, "TLM_UPDATED with the phase of the call"};
    }
    return is_ignorable(answer.phase) ? ignorable(payload, answer.at)
                                      : from_initiator(payload, answer);
}

}  // namespace cimera::protocol
