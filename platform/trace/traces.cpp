// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/traces.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

namespace {

constexpr const char* core = "cpu";

std::string names_of(const std::vector<Traceable>& known) {
    std::string text;
    for (const Traceable& one : known) {
        text += (text.empty() ? "" : ", ") + one.name;
    }
    return text;
}

std::regex compile(const std::string& pattern) {
    // The library's parser recurses.
    constexpr std::size_t longest = 1000;
    if (pattern.size() > longest) {
        throw InputError("--trace", fmt::format("a pattern of {} characters", pattern.size()),
                         fmt::format("at most {}", longest));
    }
    try {
        return std::regex(pattern, std::regex::ECMAScript);
    } catch (const std::regex_error&) {
        throw InputError("--trace", fmt::format("'{}' is no regular expression", pattern),
                         "matched against whole names, such as cim[0-3] or cim.*");
    }
}

/// "1204000 ps host 0x80000a3c uart.THR W 0x41"
std::string describe_access(const RegisterAccess& access, const Peripheral& block,
                            const Ledger& ledger) {
    const std::string name = block.registers().name_at(access.offset);
    const std::string failure =
        access.answer == Access::ok ? "" : fmt::format(" ({})", describe(access.answer));
    return fmt::format("{} ps {} 0x{:08x} {}.{} {} 0x{:0{}x}{}\n", access.at,
                       ledger.initiator(access.owner), access.pc, block.name(),
                       name.empty() ? fmt::format("0x{:x}", access.offset) : name,
                       access.write ? 'W' : 'R', access.value, 2 * access.size, failure);
}

}  // namespace

TraceRequest parse_trace(const std::string& text) {
    std::size_t colon = text.find(':');
    while (
        colon != std::string::npos && colon > 0 &&
        (text[colon - 1] == '?' || text[colon - 1] == '[' || text.compare(colon, 2, ":]") == 0)) {
        colon = text.find(':', colon + 1);
    }
    if (colon == std::string::npos) {
        return {text, ""};
    }
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::vector<Traceable> traceables(const std::vector<MapEntry>& map) {
    std::vector<Traceable> all{{core, "each instruction that retires"}};
    for (const MapEntry& entry : map) {
        if (entry.block != nullptr) {
            all.push_back({entry.name, "register accesses"});
        }
    }
    return all;
}

Traces::Traces(const std::vector<std::string>& requests, TraceFormat format,
               const std::string& default_file, const std::vector<MapEntry>& map,
               ErrorHandler on_error)
    : format_(format), on_error_(std::move(on_error)) {
    const std::vector<Traceable> known = traceables(map);
    for (const std::string& text : requests) {
        const TraceRequest request = parse_trace(text);
        std::regex pattern = compile(request.pattern);
        std::vector<Traceable> matching;
        std::copy_if(
            known.begin(), known.end(), std::back_inserter(matching),
            [&pattern](const Traceable& one) { return std::regex_match(one.name, pattern); });
        if (matching.empty()) {
            throw InputError("--trace", fmt::format("nothing here is called '{}'", request.pattern),
                             "there is: " + names_of(known));
        }
        // The first request that matches a part has it.
        if (std::all_of(matching.begin(), matching.end(),
                        [this](const Traceable& one) { return file_of(one.name) != nullptr; })) {
            throw InputError(
                "--trace",
                fmt::format("an earlier --trace has all that '{}' names", request.pattern),
                "each part writes into one log");
        }
        if (text.back() == ':') {
            throw InputError("--trace", fmt::format("'{}' names no file", text),
                             "REGEX:FILE, or REGEX alone");
        }
        TraceFile& file = open(request.file.empty() ? default_file : request.file);
        logs_.push_back({std::move(pattern), &file});
    }
}

TraceFile& Traces::open(const std::string& path) {
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [&path](const auto& file) { return file->path() == path; });
    if (found != files_.end()) {
        return **found;
    }
    files_.push_back(
        std::make_unique<TraceFile>("--trace", path, TraceFile::Place::straight, on_error_));
    return *files_.back();
}

TraceFile* Traces::file_of(const std::string& name) const {
    const auto found = std::find_if(logs_.begin(), logs_.end(), [&name](const Log& log) {
        return std::regex_match(name, log.pattern);
    });
    return found == logs_.end() ? nullptr : found->file;
}

void Traces::attach(Soc& soc) {
    if (TraceFile* file = file_of(core)) {
        commit_log_ =
            std::make_unique<CommitLog>(*file, format_, soc.host().hart().config().hart_id);
        soc.host().set_trace(commit_log_.get());
    }
    for (Peripheral* block : soc.peripherals()) {
        if (TraceFile* file = file_of(block->name())) {
            block->on_access([file, block, &soc](const RegisterAccess& access) {
                file->line(describe_access(access, *block, soc.ledger()));
            });
        }
    }
}

void Traces::flush() {
    for (const auto& file : files_) {
        file->flush();
    }
}

}  // namespace cimera
