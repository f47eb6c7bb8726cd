// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/timeline.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "platform/profile/profile.hpp"

namespace cimera {

namespace {

// Chrome's format knows processes and threads: here groups of tracks, and tracks.
constexpr unsigned activity = 1;
constexpr unsigned power = 2;

constexpr const char* host_track = "host";
constexpr const char* phase_track = "phases";

/// A JSON text in its quotes; bytes that are no UTF-8 are replaced.
std::string json_text(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Microseconds, exact.
std::string stamp(Picoseconds time) {
    constexpr Picoseconds microsecond = 1'000'000;
    return fmt::format("{}.{:06}", time / microsecond, time % microsecond);
}

/// The shortest that reads back as the same number.
std::string number(double value) {
    std::array<char, 32> digits{};
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

Timeline::Timeline(TraceFile& file, const Ledger& ledger, const Symbols& symbols,
                   const std::string& firmware, const std::string& soc)
    : file_(file),
      ledger_(ledger),
      symbols_(symbols),
      host_(title(firmware, soc)),
      phases_(track(phase_track)),
      domain_watts_(ledger.domains().size()),
      component_watts_(ledger.components().size()) {}

/// The begin of the file, and its first track.
Timeline::Track& Timeline::title(const std::string& firmware, const std::string& soc) {
    file_.write(
        fmt::format("{{\"displayTimeUnit\": \"ns\", \"otherData\": {{\"program\": "
                    "\"cimera\", \"firmware\": {}, \"soc\": {}}}, \"traceEvents\": [\n",
                    json_text(firmware), json_text(soc)));
    for (const auto& [group, name] : {std::pair{activity, "activity"}, std::pair{power, "power"}}) {
        put(fmt::format(R"({{"ph":"M","pid":{},"name":"process_name","args":{{"name":"{}"}}}})",
                        group, name));
    }
    return track(host_track);
}

void Timeline::put(std::string_view event) {
    file_.write(first_ ? "" : ",\n");
    file_.write(event);
    first_ = false;
}

/// Tracks are shown in the order in which they come.
Timeline::Track& Timeline::track(const std::string& name) {
    const auto [found, fresh] =
        tracks_.try_emplace(name, Track{static_cast<unsigned>(tracks_.size()) + 1, {}, 0});
    Track& track = found->second;
    if (fresh) {
        put(fmt::format(
            R"({{"ph":"M","pid":{},"tid":{},"name":"thread_name","args":{{"name":{}}}}})", activity,
            track.number, json_text(name)));
        put(fmt::format(
            R"({{"ph":"M","pid":{},"tid":{},"name":"thread_sort_index","args":{{"sort_index":{}}}}})",
            activity, track.number, track.number));
    }
    return track;
}

// The core may be an instruction ahead of the end of the run: a slice does not end before it began.
void Timeline::begin(Track& track, Picoseconds at, const std::string& name) {
    track.open.push_back(name);
    put_edge('B', track, at);
}

void Timeline::end(Track& track, Picoseconds at) {
    if (!track.open.empty()) {
        put_edge('E', track, at);
        track.open.pop_back();
    }
}

void Timeline::put_edge(char kind, Track& track, Picoseconds at) {
    track.last = std::max(track.last, at);
    line_.clear();
    fmt::format_to(std::back_inserter(line_),
                   R"({{"ph":"{}","pid":{},"tid":{},"ts":{},"name":{}}})", kind, activity,
                   track.number, stamp(track.last), track.open.back());
    put(line_);
}

void Timeline::slice(const std::string& name, Picoseconds from, Picoseconds to,
                     const std::string& slice, const std::string& args) {
    put(fmt::format(R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":{},"args":{{{}}}}})",
                    activity, track(name).number, stamp(from), stamp(to - from), json_text(slice),
                    args));
}

void Timeline::instant(const std::string& name, Picoseconds at, const std::string& event,
                       const std::string& args) {
    put(fmt::format(R"({{"ph":"i","pid":{},"tid":{},"ts":{},"s":"g","name":{},"args":{{{}}}}})",
                    activity, track(name).number, stamp(at), json_text(event), args));
}

void Timeline::phase_changed(Picoseconds at, const std::string& path, bool ends) {
    if (ends) {
        end(phases_, at);
    } else {
        begin(phases_, at, json_text(path.substr(path.rfind('/') + 1)));
    }
}

void Timeline::was_reset(Picoseconds at, const std::string& reason) {
    leave_all(at);
    while (!phases_.open.empty()) {
        end(phases_, at);
    }
    instant(host_track, at, "reset", reason.empty() ? "" : R"("reason":)" + json_text(reason));
}

void Timeline::fault(Picoseconds at, const std::string& text) {
    instant(host_track, at, first_line(text), R"("text":)" + json_text(text));
}

void Timeline::slept(Picoseconds from, Picoseconds to) {
    slice(host_track, from, to, "wfi", "");
}

void Timeline::domain_changed(DomainId domain, Picoseconds at) {
    Track& track = this->track("domain " + ledger_.domains()[domain]);
    std::string state = power_state_names[static_cast<std::size_t>(ledger_.state(domain))];
    if (ledger_.points(domain).size() > 1) {
        state += ", " + ledger_.points(domain)[ledger_.point(domain)];
    }
    end(track, at);
    begin(track, at, json_text(state));
}

/// From the function or root of a stack down to `node`.
std::vector<cpu::NodeId> Timeline::stack_of(const cpu::CallTree& tree, cpu::NodeId node) {
    std::vector<cpu::NodeId> stack;
    for (; node != 0; node = tree[node].parent) {
        stack.push_back(node);
    }
    std::reverse(stack.begin(), stack.end());
    return stack;
}

void Timeline::ran(const cpu::CallTree& tree, cpu::NodeId node, Picoseconds until) {
    if (node != function_ && node != 0) {
        function_ = node;
        enter(tree, stack_of(tree, node));
    }
    ran_until_ = until;
}

/// A handler lies on what it interrupts, and that goes on behind it.
void Timeline::enter(const cpu::CallTree& tree, const std::vector<cpu::NodeId>& stack) {
    const auto is_here = [&stack](const std::vector<cpu::NodeId>& level) {
        return level.front() == stack.front();
    };
    const auto level = std::find_if(stacks_.rbegin(), stacks_.rend(), is_here);
    if (level == stacks_.rend()) {
        const cpu::Root root = tree[stack.front()].root;
        if (root == cpu::Root::reset || root == cpu::Root::none) {
            leave_all(ran_until_);
        }
        stacks_.emplace_back();
    } else {
        while (&stacks_.back() != &*level) {
            leave(0);
            stacks_.pop_back();
        }
    }
    std::vector<cpu::NodeId>& open = stacks_.back();
    const auto [differs, end] = std::mismatch(open.begin(), open.end(), stack.begin(), stack.end());
    leave(static_cast<std::size_t>(differs - open.begin()));
    for (auto node = stack.begin() + static_cast<std::ptrdiff_t>(open.size()); node != stack.end();
         ++node) {
        open.push_back(*node);
        begin(host_, ran_until_, function_name(tree, *node));
    }
}

/// Ends slices of the topmost stack until `depth` are left.
void Timeline::leave(std::size_t depth) {
    for (std::vector<cpu::NodeId>& open = stacks_.back(); open.size() > depth; open.pop_back()) {
        end(host_, ran_until_);
    }
}

const std::string& Timeline::function_name(const cpu::CallTree& tree, cpu::NodeId node) {
    if (node >= functions_.size()) {
        functions_.resize(tree.nodes().size());
    }
    std::string& name = functions_[node];
    if (name.empty()) {
        const std::string text = node_name(tree[node], symbols_);
        name = json_text(text.empty() ? "[reset]" : text);
    }
    return name;
}

void Timeline::leave_all(Picoseconds at) {
    while (!host_.open.empty()) {
        end(host_, at);
    }
    stacks_.clear();
    function_ = 0;
}

void Timeline::worked(const Work& work) {
    std::string launcher;
    if (const auto place = symbols_.function_at(work.pc)) {
        launcher = fmt::format(R"("launched by":{},)", json_text(place->function));
    }
    Attojoules energy = 0;
    for (const TransactionTag::Stage& stage : work.events) {
        if (stage.meter->events()[stage.event].kind == CountKind::dynamic) {
            energy += Attojoules{stage.count} *
                      ledger_.event_price(*stage.meter, stage.point, stage.event);
        }
    }
    const std::string name =
        work.lanes > 1 ? fmt::format("{} channel {}", work.device, work.lane) : work.device;
    slice(
        name, work.begin, work.end, work.what,
        fmt::format(R"("job":{},"descriptor":"0x{:08x}","pc":"0x{:08x}",{}"phase":{},)"
                    R"("outcome":"{}","own_energy_aJ":"{}")",
                    work.job, work.address, work.pc, launcher, json_text(ledger_.phase(work.owner)),
                    text_of(work.outcome), to_decimal(energy)));
}

void Timeline::counter(const std::string& name, Picoseconds at, double watts,
                       std::optional<double>& told) {
    if (told != watts) {
        told = watts;
        put(fmt::format(R"({{"ph":"C","pid":{},"ts":{},"name":{},"args":{{"mW":{}}}}})", power,
                        stamp(at), json_text(name), number(watts * 1e3)));
    }
}

void Timeline::bin(const PowerBin& bin) {
    const Picoseconds time = bin.end - bin.begin;
    std::vector<Attojoules> domains(domain_watts_.size(), 0);
    for (std::size_t c = 0; c < component_watts_.size(); ++c) {
        const auto* meter = ledger_.components()[c];
        const Attojoules spent = total_of(bin.after[c]) - total_of(bin.before[c]);
        domains[meter->domain()] += spent;
        counter(ledger_.domains()[meter->domain()] + "/" + meter->component(), bin.begin,
                mean_watts(spent, time), component_watts_[c]);
    }
    for (std::size_t d = 0; d < domains.size(); ++d) {
        counter(ledger_.domains()[d], bin.begin, mean_watts(domains[d], time), domain_watts_[d]);
    }
}

void Timeline::finish(Picoseconds at) {
    for (auto& [name, track] : tracks_) {
        while (!track.open.empty()) {
            end(track, at);
        }
    }
    file_.write("\n]}\n");
}

}  // namespace cimera
