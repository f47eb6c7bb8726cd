// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/transaction_log.hpp"

#include <array>
#include <charconv>

namespace cimera {

namespace {

constexpr std::string_view titles =
    "time_ps,initiator,pc,function,target,address,size,command,response,latency_ps,waited_ps,"
    "initiator_aJ,interconnect_aJ,target_aJ,total_aJ,job,phase\n";

void put(std::string& line, std::string_view text) {
    line.append(text);
    line.push_back(',');
}

void put(std::string& line, std::uint64_t number) {
    std::array<char, 20> digits{};
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    put(line, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void put_address(std::string& line, std::uint64_t address) {
    constexpr std::size_t least = 8;
    std::array<char, 16> digits{};
    const char* const end =
        std::to_chars(digits.data(), digits.data() + digits.size(), address, 16).ptr;
    const auto length = static_cast<std::size_t>(end - digits.data());
    line.append("0x").append(length < least ? least - length : 0, '0');
    put(line, {digits.data(), length});
}

std::string_view command_of(const tlm::tlm_generic_payload& payload) {
    return payload.is_read() ? "read" : payload.is_write() ? "write" : "ignore";
}

std::string_view response_of(const tlm::tlm_generic_payload& payload) {
    switch (payload.get_response_status()) {
        case tlm::TLM_OK_RESPONSE:
            return "ok";
        case tlm::TLM_INCOMPLETE_RESPONSE:
            return "unfinished";
        case tlm::TLM_GENERIC_ERROR_RESPONSE:
            return "generic_error";
        case tlm::TLM_ADDRESS_ERROR_RESPONSE:
            return "address_error";
        case tlm::TLM_COMMAND_ERROR_RESPONSE:
            return "command_error";
        case tlm::TLM_BURST_ERROR_RESPONSE:
            return "burst_error";
        case tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE:
            return "byte_enable_error";
    }
    return "";
}

}  // namespace

std::string csv_cell(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string(text);
    }
    std::string cell = "\"";
    for (const char c : text) {
        cell.append(c == '"' ? 2 : 1, c);
    }
    cell.push_back('"');
    return cell;
}

TransactionLog::TransactionLog(TraceFile& file, const Ledger& ledger, const Meter& fabric,
                               const Symbols& symbols)
    : file_(file), ledger_(ledger), fabric_(fabric), symbols_(symbols) {
    file_.write(titles);
}

void TransactionLog::transferred(const TransferEnd& transfer) {
    const auto* tag = transfer.payload.get_extension<TransactionTag>();
    Energy energy;
    if (tag != nullptr) {
        for (const TransactionTag::Stage& stage : tag->stages) {
            (stage.meter == &fabric_ ? energy.fabric : energy.target) += price(stage);
        }
    }
    write({transfer.begin, transfer.initiator, tag != nullptr ? tag->pc : 0,
           transfer.target != nullptr ? std::string_view(*transfer.target) : "",
           transfer.payload.get_address(), transfer.payload.get_data_length(),
           command_of(transfer.payload), response_of(transfer.payload),
           transfer.end - transfer.begin, transfer.waited, energy, tag != nullptr ? tag->job : 0,
           tag != nullptr ? tag->owner : 0});
}

void TransactionLog::worked(const Work& work) {
    Energy energy;
    for (const TransactionTag::Stage& stage : work.events) {
        energy.initiator += price(stage);
    }
    write({work.begin, work.device, work.pc, work.device, work.address, 0, work.what,
           text_of(work.outcome), work.end - work.begin, 0, energy, work.job, work.owner});
}

void TransactionLog::write(const Row& row) {
    line_.clear();
    put(line_, row.time);
    put(line_, row.initiator);
    if (row.pc != 0) {
        put_address(line_, row.pc);
        put(line_, function(row.pc));
    } else {
        line_.append(",,");
    }
    put(line_, row.target);
    put_address(line_, row.address);
    put(line_, row.size);
    put(line_, row.command);
    put(line_, row.response);
    put(line_, row.latency);
    put(line_, row.waited);
    put(line_, row.energy.initiator);
    put(line_, row.energy.fabric);
    put(line_, row.energy.target);
    put(line_, row.energy.initiator + row.energy.fabric + row.energy.target);
    if (row.job != 0) {
        put(line_, row.job);
    } else {
        line_.push_back(',');
    }
    line_.append(phase(row.owner)).push_back('\n');
    file_.write(line_);
}

/// Of what is dynamic: clock has no owner.
std::uint64_t TransactionLog::price(const TransactionTag::Stage& stage) {
    std::vector<std::vector<std::uint64_t>>& points = prices_[stage.meter];
    if (points.size() <= stage.point) {
        points.resize(stage.point + 1);
    }
    std::vector<std::uint64_t>& prices = points[stage.point];
    if (prices.empty()) {
        const std::vector<EventKind>& events = stage.meter->events();
        for (std::size_t e = 0; e < events.size(); ++e) {
            const bool dynamic = events[e].kind == CountKind::dynamic;
            prices.push_back(dynamic ? ledger_.event_price(*stage.meter, stage.point, e) : 0);
        }
    }
    return prices[stage.event] * stage.count;
}

const std::string& TransactionLog::function(std::uint32_t pc) {
    const auto [cell, fresh] = functions_.try_emplace(pc);
    if (fresh) {
        if (const auto place = symbols_.function_at(pc)) {
            cell->second = csv_cell(place->function);
        }
    }
    return cell->second;
}

const std::string& TransactionLog::phase(OwnerId owner) {
    while (phases_.size() <= owner) {
        phases_.push_back(csv_cell(ledger_.phase(static_cast<OwnerId>(phases_.size()))));
    }
    return phases_[owner];
}

}  // namespace cimera
