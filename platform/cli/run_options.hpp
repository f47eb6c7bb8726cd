// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "platform/cli/cli.hpp"

namespace cimera::cli {

/// `cimera run` as the user wrote it.
struct RunOptions {
    std::string firmware;
    SocChoice soc;
    std::string out;
    std::vector<std::string> sensors;
    std::string model;
    std::string nvm_in;
    std::vector<std::string> loads;
    std::uint64_t seed = 1;
    std::string max_time;
    std::uint64_t max_instructions = 0;
    std::string report;
    BatteryOptions battery;
    std::vector<std::string> traces;
    std::string trace_format = "spike";
    std::string transactions;
    std::string power_trace;
    std::string power_interval = "100us";
    std::string timeline;
    std::string uart = "stdio";
    std::string uart_in;
    std::string gpio_in;
    std::string signature;
    std::string profile;
    std::string flamegraph;
    std::string coverage;
    std::string nvm_out;
    bool realtime = false;
    std::string timing = "lt";
    std::string quantum = "1ms";
    std::string engine;
    bool no_dmi = false;
    bool check_tlm = false;
    bool check_memory = false;
    std::uint16_t gdb = 0;
    bool wait = false;
    bool semihosting = false;
    std::string semihosting_dir;
    std::string on_fault = "trap";
    bool quiet = false;
    bool verbose = false;
    bool progress = false;
    std::string log;
    const CLI::App* command = nullptr;

    /// Whether an output needs to know who called whom.
    [[nodiscard]] bool attributes() const {
        return !profile.empty() || !flamegraph.empty() || !coverage.empty();
    }
    [[nodiscard]] bool given(const char* option) const { return command->count(option) != 0; }
};

/// Adds them to the command; `options` must live as long as it.
void add_run_options(CLI::App& command, RunOptions& options);

}  // namespace cimera::cli
