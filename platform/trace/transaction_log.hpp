// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/common/work.hpp"
#include "models/interconnect/transfer_monitor.hpp"
#include "models/power/ledger.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/trace/trace_file.hpp"

namespace cimera {

/// A cell of a table of comma-separated values (RFC 4180): in quotes where it needs them.
[[nodiscard]] std::string csv_cell(std::string_view text);

/// Writes a row for each transaction, and one for each piece of work, with its energy by stage.
/// docs/power-tools.md has the columns.
class TransactionLog final : public TransferMonitor {
public:
    /// Writes the line of titles. `fabric` is the interconnect's meter.
    TransactionLog(TraceFile& file, const Ledger& ledger, const Meter& fabric,
                   const Symbols& symbols);

    void transferred(const TransferEnd& transfer) override;
    void worked(const Work& work);

private:
    /// Attojoules by who spent them.
    struct Energy {
        std::uint64_t initiator = 0;
        std::uint64_t fabric = 0;
        std::uint64_t target = 0;
    };
    /// What transactions and work have in common, as text.
    struct Row {
        Picoseconds time;
        std::string_view initiator;
        std::uint32_t pc;
        std::string_view target;
        std::uint64_t address;
        std::uint64_t size;
        std::string_view command;
        std::string_view response;
        Picoseconds latency;
        Picoseconds waited;
        Energy energy;
        std::uint64_t job;
        OwnerId owner;
    };
    void write(const Row& row);
    [[nodiscard]] std::uint64_t price(const TransactionTag::Stage& stage);
    [[nodiscard]] const std::string& function(std::uint32_t pc);
    [[nodiscard]] const std::string& phase(OwnerId owner);

    TraceFile& file_;
    const Ledger& ledger_;
    const Meter& fabric_;
    const Symbols& symbols_;
    std::string line_;
    /// By meter, then point and event.
    std::unordered_map<const Meter*, std::vector<std::vector<std::uint64_t>>> prices_;
    std::unordered_map<std::uint32_t, std::string> functions_;  // cells, by address
    std::vector<std::string> phases_;                           // cells, by owner
};

}  // namespace cimera
