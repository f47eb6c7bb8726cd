// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Random programs here and on QEMU's virt board, compared instruction by instruction.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/differential/lockstep/compare.hpp"
#include "tests/differential/lockstep/generator.hpp"
#include "tests/differential/lockstep/minimise.hpp"

namespace {

using namespace cimera::lockstep;

struct Options {
    std::uint64_t seed = 1;
    std::uint64_t instructions = 1000000;
    unsigned units = 4000;
    std::string replay;
    std::string elf;
    bool minimise = false;
    bool coverage = false;
    unsigned classes = 0;
    std::string out = "lockstep-failure.txt";
};

Comparison check(const Program& program, Coverage* coverage) {
    Comparison result = compare_with_qemu(program, coverage);
    if (result.difference.empty()) {
        result.difference = compare_modes(program, result.instructions);
    }
    return result;
}

/// Says what differs and writes the program, cut if that is wanted.
void report(Program program, const Options& options, const Comparison& found) {
    std::cout << fmt::format("seed {}: {}", program.seed, found.difference);
    if (options.minimise) {
        program = minimise(std::move(program), [&](const Program& shorter) {
            const Comparison again = check(shorter, nullptr);
            return !again.difference.empty() && again.ended == found.ended;
        });
        std::cout << fmt::format("cut to {} instructions: {}", program.size(),
                                 check(program, nullptr).difference);
        list_program(std::cout, program);
    }
    std::ofstream file(options.out);
    write_program(file, program);
    std::cout << fmt::format("program in {}: repeat with --replay {}\n", options.out, options.out);
}

int replay(const Options& options) {
    std::ifstream file(options.replay);
    if (!file) {
        throw std::runtime_error(options.replay + ": cannot be read");
    }
    const Program program = read_program(file);
    const Comparison result = check(program, nullptr);
    if (!result.difference.empty()) {
        report(program, options, result);
        return 1;
    }
    std::cout << fmt::format("{} instructions, no difference\n", result.instructions);
    return 0;
}

int write_elf(const Options& options) {
    std::ofstream file(options.elf, std::ios::binary);
    file << generate(options.seed, options.units, Target::platform).elf();
    if (!file.flush()) {
        throw std::runtime_error(options.elf + ": cannot be written");
    }
    return 0;
}

int search(const Options& options) {
    Coverage coverage;
    std::uint64_t compared = 0;
    std::uint64_t seed = options.seed;
    for (; compared < options.instructions; ++seed) {
        const Program program = generate(seed, options.units);
        const Comparison result = check(program, &coverage);
        compared += result.instructions;
        if (!result.difference.empty()) {
            report(program, options, result);
            return 1;
        }
    }
    if (options.coverage) {
        std::cout << coverage.listing();
    }
    std::cout << fmt::format("{} instructions of {} programs (seeds {} to {}), no difference\n",
                             compared, seed - options.seed, options.seed, seed - 1);
    const std::string gaps = options.classes != 0 ? coverage.gaps(options.classes) : "";
    std::cout << gaps;
    return gaps.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Random programs, instruction by instruction against QEMU");
    app.add_option("--seed", options.seed, "Seed of the first program; the others follow");
    app.add_option("--instructions", options.instructions, "Instructions to compare, at least");
    app.add_option("--units", options.units, "Random steps of a program");
    app.add_option("--replay", options.replay, "Compare this program only");
    app.add_option("--elf", options.elf,
                   "Write the seed's program for a whole platform, compare nothing");
    app.add_flag("--minimise", options.minimise, "Cut a program that differs");
    app.add_option("--out", options.out, "Where to write a program that differs");
    app.add_flag("--coverage", options.coverage, "List what was executed");
    app.add_option("--require-classes", options.classes,
                   "Fail if an instruction has less than this percentage of its operand classes");
    CLI11_PARSE(app, argc, argv);
    try {
        if (!options.elf.empty()) {
            return write_elf(options);
        }
        return options.replay.empty() ? search(options) : replay(options);
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
        return 2;
    }
}
