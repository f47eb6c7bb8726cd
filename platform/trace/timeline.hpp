// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/work.hpp"
#include "models/cpu/call_stack.hpp"
#include "platform/elf/symbols.hpp"
#include "platform/soc/run_observer.hpp"
#include "platform/trace/power_bin.hpp"
#include "platform/trace/trace_file.hpp"

namespace cimera {

/// What a run did when, in Chrome's trace event format: slices, instants and counters, written as
/// they come. docs/power-tools.md has the tracks.
class Timeline final : public PowerSink, public RunObserver {
public:
    /// `firmware` and `soc` are named in the file.
    Timeline(TraceFile& file, const Ledger& ledger, const Symbols& symbols,
             const std::string& firmware, const std::string& soc);

    void bin(const PowerBin& bin) override;
    void phase_changed(Picoseconds at, const std::string& path, bool end) override;
    void was_reset(Picoseconds at, const std::string& reason) override;
    void fault(Picoseconds at, const std::string& text) override;
    void slept(Picoseconds from, Picoseconds to) override;
    void worked(const Work& work);
    /// Since the last call and until an instant, the host has been in a function.
    void ran(const cpu::CallTree& tree, cpu::NodeId node, Picoseconds until);
    /// To what the ledger says now.
    void domain_changed(DomainId domain, Picoseconds at);
    /// Ends what is still open; nothing follows.
    void finish(Picoseconds end);

private:
    struct Track {
        unsigned number;
        std::vector<std::string> open;  ///< slices that have begun, names as JSON
        Picoseconds last = 0;           ///< where one began or ended
    };
    Track& track(const std::string& name);
    void put(std::string_view event);
    Track& title(const std::string& firmware, const std::string& soc);
    /// `name` is JSON.
    void begin(Track& track, Picoseconds at, const std::string& name);
    void end(Track& track, Picoseconds at);
    void put_edge(char kind, Track& track, Picoseconds at);
    void instant(const std::string& track, Picoseconds at, const std::string& name,
                 const std::string& args);
    void slice(const std::string& track, Picoseconds from, Picoseconds to, const std::string& name,
               const std::string& args);
    void counter(const std::string& name, Picoseconds at, double watts,
                 std::optional<double>& told);

    [[nodiscard]] static std::vector<cpu::NodeId> stack_of(const cpu::CallTree& tree,
                                                           cpu::NodeId node);
    void enter(const cpu::CallTree& tree, const std::vector<cpu::NodeId>& stack);
    void leave(std::size_t depth);
    void leave_all(Picoseconds at);
    [[nodiscard]] const std::string& function_name(const cpu::CallTree& tree, cpu::NodeId node);

    TraceFile& file_;
    const Ledger& ledger_;
    const Symbols& symbols_;
    bool first_ = true;
    std::string line_;
    std::map<std::string, Track> tracks_;
    Track& host_;
    Track& phases_;
    cpu::NodeId function_ = 0;  // the last one heard of
    Picoseconds ran_until_ = 0;
    std::vector<std::vector<cpu::NodeId>> stacks_;  // open, the interrupted ones below
    std::vector<std::string> functions_;            // names by node, as JSON
    std::vector<std::optional<double>> domain_watts_;
    std::vector<std::optional<double>> component_watts_;
};

}  // namespace cimera
