// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/run_options.hpp"

#include <charconv>

#include "models/cpu/jit/engine.hpp"

namespace cimera::cli {

namespace {

/// Refuses what the conversion to a number would wrap or cut: signs and more than 64 bits.
std::string check_whole_number(const std::string& text) {
    const bool hex = text.rfind("0x", 0) == 0;
    const char* const begin = text.data() + (hex ? 2 : 0);
    const char* const end = text.data() + text.size();
    std::uint64_t value = 0;
    const auto [last, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
    return error == std::errc() && last == end
               ? std::string()
               : "'" + text + "' is not a whole number from 0 to 18446744073709551615";
}

std::string check_port(const std::string& text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [last, error] = std::from_chars(text.data(), end, port);
    return error == std::errc() && last == end ? std::string()
                                               : "'" + text + "' is not a port from 0 to 65535";
}

/// An empty name is a variable of a script that was not set, and no wish for nothing.
std::string check_name(const std::string& text) {
    return text.empty() ? "the name is empty" : std::string();
}

/// An option that takes the name of a file or folder.
CLI::Option* add_name(CLI::App& command, const std::string& flags, std::string& name,
                      const std::string& doc, const std::string& type = "FILE") {
    return command.add_option(flags, name, doc)
        ->type_name(type)
        ->check(CLI::Validator(check_name, ""));
}

void add_inputs(CLI::App& command, RunOptions& o) {
    add_name(command, "firmware", o.firmware, "ELF file, RV32, bare metal", "FIRMWARE.elf")
        ->required();
    add_soc_options(command, o.soc);
    repeatable(command.add_option("--sensor", o.sensors,
                                  "Stream a data file into a sensor; may be repeated"))
        .type_name("NAME=FILE[,labels=FILE][,rate=RATE][,speed=FACTOR][,samples=COUNT][,as=KIND]");
    add_name(command, "--model", o.model, "Model image for the NVM");
    add_name(command, "--nvm-in", o.nvm_in, "What --nvm-out of an earlier run has left in the NVM");
    repeatable(command.add_option("--load", o.loads, "Raw bytes into a memory; may be repeated"))
        .type_name("ADDR=FILE");
    command.add_option("--seed", o.seed, "Seed of all random numbers")
        ->check(CLI::Validator(check_whole_number, ""))
        ->capture_default_str();
}

void add_outputs(CLI::App& command, RunOptions& o) {
    add_name(command, "-o,--out", o.out, "Folder for everything this run writes", "DIR");
    add_name(command, "--report", o.report, "JSON report", "FILE.json");
    add_battery_options(command, o.battery);
    CLI::Option& trace = repeatable(command.add_option(
        "--trace", o.traces,
        "Log what parts of the SoC do, by name ('cimera list traces'); may be repeated"));
    trace.type_name("REGEX[:FILE]");
    command.add_option("--trace-format", o.trace_format, "Form of the core's log")
        ->check(CLI::IsMember({"spike", "compact"}))
        ->needs(&trace)
        ->capture_default_str();
    add_name(command, "--transactions", o.transactions,
             "Every transaction with its energy by stage; implies --no-dmi", "FILE.csv");
    add_name(command, "--power-trace", o.power_trace,
             "Power over time by domain and component, for GTKWave; beside "
             "it FILE.gtkw",
             "FILE.fst|FILE.vcd");
    add_name(command, "--timeline", o.timeline,
             "Jobs, phases, sleep, power: for Perfetto, speedscope, Firefox", "FILE.json");
    command
        .add_option("--power-interval", o.power_interval,
                    "Time between two values of power in these")
        ->type_name("TIME")
        ->capture_default_str();
    add_name(command, "--signature", o.signature,
             "Words from begin_signature to end_signature, for architecture tests");
    add_name(command, "--profile", o.profile,
             "Instructions, cycles and energy by function and source line, for KCachegrind");
    add_name(command, "--flamegraph", o.flamegraph, "Energy by call stack, folded");
    add_name(command, "--coverage", o.coverage, "Lines and functions executed, for lcov");
    add_name(command, "--nvm-out", o.nvm_out,
             "Contents and wear of the NVM at the end; may be the file of --nvm-in");
    CLI::Option* quiet = command.add_flag("-q,--quiet", o.quiet, "Errors only");
    command.add_flag("-v,--verbose", o.verbose, "More messages")->excludes(quiet);
    command.add_option("--log", o.log, "Level of messages")
        ->check(CLI::IsMember({"trace", "debug", "info", "warning", "error", "critical", "off"}));
    command.add_flag("--progress", o.progress, "Show progress even when not on a terminal");
}

void add_modes(CLI::App& command, RunOptions& o) {
    command.add_option("--max-time", o.max_time, "End after this simulated time")
        ->type_name("TIME");
    command
        .add_option("--max-instructions", o.max_instructions, "End after this many instructions")
        ->check(CLI::Validator(check_whole_number, ""));
    command.add_flag("--realtime", o.realtime, "Not faster than the wall clock");
    command
        .add_option("--timing", o.timing,
                    "Loosely timed, or approximately: four phases, arbitration, no quantum, slower")
        ->check(CLI::IsMember({"lt", "at"}))
        ->capture_default_str();
    command.add_option("--quantum", o.quantum, "How far the core may run ahead of other devices")
        ->type_name("TIME")
        ->capture_default_str();
    o.engine = cpu::jit::available() ? "jit" : "interpreter";
    command
        .add_option("--engine", o.engine, "How the core executes: same results, different speed")
        ->check(CLI::IsMember({"jit", "interpreter"}))
        ->capture_default_str();
    command.add_flag("--no-dmi", o.no_dmi, "Each access as a transaction: slower, same results");
    command.add_flag("--check-tlm", o.check_tlm,
                     "Check each transaction on its way against IEEE 1666: slower, same results");
    command.add_flag("--check-memory", o.check_memory,
                     "Warn of reads of bytes that nothing has written: slower, same results");
    command.add_option("--on-fault", o.on_fault, "A firmware fault traps, or stops the run")
        ->check(CLI::IsMember({"trap", "stop"}))
        ->capture_default_str();
}

/// What talks to the firmware while it runs.
void add_connections(CLI::App& command, RunOptions& o) {
    add_name(command, "--uart", o.uart,
             "Other end of the UART; a pty, a TCP port or stdio gives input too",
             "stdio|pty|tcp:PORT|FILE")
        ->capture_default_str();
    add_name(command, "--uart-in", o.uart_in,
             "What the UART receives, at its baud rate in simulated time");
    add_name(command, "--gpio-in", o.gpio_in,
             "What inputs of the GPIO do, a change a line: time,pin,level");
    CLI::Option* gdb =
        command
            .add_option("--gdb", o.gdb, "Serve GDB on this TCP port of 127.0.0.1; 0: any free one")
            ->type_name("PORT")
            ->check(CLI::Validator(check_port, ""));
    command.add_flag("--wait", o.wait, "Stand at the first instruction until GDB lets go")
        ->needs(gdb);
    CLI::Option* semihosting =
        command.add_flag("--semihosting", o.semihosting,
                         "Serve the firmware's semihosting calls: console, clocks, exit");
    add_name(command, "--semihosting-dir", o.semihosting_dir,
             "Folder whose files semihosting may use; without it, none", "DIR")
        ->needs(semihosting);
}

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options) {
    add_inputs(command, options);
    add_outputs(command, options);
    add_modes(command, options);
    add_connections(command, options);
}

}  // namespace cimera::cli
