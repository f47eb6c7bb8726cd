// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/cpu/csr.hpp"
#include "platform/config/loader.hpp"
#include "platform/config/technology.hpp"
#include "platform/report/result.hpp"
#include "platform/soc/simulation.hpp"
#include "tests/support/elf_builder.hpp"
#include "tests/support/source_path.hpp"
#include "tests/unit/cpu/machine.hpp"

namespace cimera::test {

/// A program for address 0x80000000, built word by word. t0 (x5) is used by `store` and `print`.
class Code {
public:
    static constexpr std::uint32_t base = 0x8000'0000;
    static constexpr std::uint32_t t0 = 5;
    static constexpr std::uint32_t t1 = 6;

    Code& add(std::uint32_t word) {
        words_.push_back(word);
        return *this;
    }
    [[nodiscard]] std::uint32_t here() const {
        return base + 4 * static_cast<std::uint32_t>(words_.size());
    }
    Code& li(std::uint32_t rd, std::uint32_t value) {
        add(assemble::u("lui", rd, value + 0x800U));
        return add(assemble::i("addi", rd, rd, static_cast<std::int32_t>(value << 20) >> 20));
    }
    Code& load(std::uint32_t rd, std::uint32_t address) {
        li(t0, address);
        return add(assemble::i("lw", rd, t0, 0));
    }
    Code& store(std::uint32_t rs, std::uint32_t address) {
        li(t0, address);
        return add(assemble::s("sw", rs, t0, 0));
    }
    /// Stores a constant; uses t1.
    Code& set(std::uint32_t address, std::uint32_t value) {
        li(t1, value);
        return store(t1, address);
    }
    Code& csrr(std::uint32_t rd, std::uint32_t number) {
        return add(assemble::csr("csrrs", rd, number, 0));
    }
    /// Writes a constant to a CSR; uses t1.
    Code& csrw(std::uint32_t number, std::uint32_t value) {
        li(t1, value);
        return add(assemble::csr("csrrw", 0, number, t1));
    }
    /// Sends a register over the UART, low byte first, and clears it.
    Code& print(std::uint32_t rs) {
        li(t0, 0x1000'0000);
        for (int i = 0; i < 4; ++i) {
            add(assemble::s("sb", rs, t0, 0));
            add(assemble::i("srli", rs, rs, 8));
        }
        return *this;
    }
    Code& nops(unsigned count) {
        for (unsigned i = 0; i < count; ++i) {
            add(assemble::nop());
        }
        return *this;
    }
    Code& jump_to(std::uint32_t address) {
        return add(assemble::jal(0, static_cast<std::int32_t>(address - here())));
    }
    /// Ends the run with a pass.
    Code& pass() {
        set(0x0010'0000, 0x5555);
        return jump_to(here());
    }
    /// Room for an instruction that is known later.
    std::size_t reserve() {
        words_.push_back(assemble::nop());
        return words_.size() - 1;
    }
    void fill(std::size_t place, std::uint32_t word) { words_[place] = word; }
    [[nodiscard]] static std::uint32_t address_of(std::size_t place) {
        return base + 4 * static_cast<std::uint32_t>(place);
    }

    /// An ELF file of it.
    [[nodiscard]] std::string elf() const {
        ElfBuilder file(base);
        file.add_segment(".text", base, PF_R | PF_X,
                         {reinterpret_cast<const char*>(words_.data()), 4 * words_.size()});
        return file.build();
    }

private:
    std::vector<std::uint32_t> words_;
};

/// How a program is run.
struct Mode {
    std::string name = "default";
    Picoseconds quantum = 1'000'000'000;
    bool use_dmi = true;
    FrameSource frames = {};            ///< of the camera
    std::vector<std::string> set = {};  ///< overrides of the preset, as `--set` takes them
    TimingStyle timing = TimingStyle::loose;
    bool check_tlm = false;
    bool check_memory = false;
};

inline std::vector<Mode> all_modes() {
    return {{"default"},
            {"quantum 1 us", 1'000'000},
            {"quantum 37 us", 37'000'000},
            {"no DMI", 1'000'000'000, false},
            {"no DMI, quantum 1 us", 1'000'000, false},
            {"approximately timed", 1'000'000'000, true, {}, {}, TimingStyle::approximate},
            {"checked", 1'000'000'000, true, {}, {}, TimingStyle::loose, true},
            {"checked, no DMI", 1'000'000'000, false, {}, {}, TimingStyle::loose, true},
            {"checked, approximately timed",
             1'000'000'000,
             true,
             {},
             {},
             TimingStyle::approximate,
             true}};
}

/// What a program left behind.
struct Outcome {
    nlohmann::json report;
    std::vector<std::uint32_t> words;  ///< sent over the UART
};

/// Runs a program on the default SoC in a process of its own: SystemC elaborates once in each.
inline Outcome run_world(const Code& code, const Mode& mode = {}) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const SocConfig config = load_soc("sep", mode.set, {{source_path("platform/presets")}});
        const Technology technology =
            load_technology(config.soc.technology, {{source_path("platform/technology")}});
        const Image image = Image::parse("program", code.elf());
        SocInputs inputs;
        inputs.quantum = mode.quantum;
        inputs.use_dmi = mode.use_dmi;
        inputs.timing = mode.timing;
        inputs.check_tlm = mode.check_tlm;
        inputs.check_memory = mode.check_memory;
        if (mode.frames.frames() != 0) {
            inputs.frames["camera"] = mode.frames;
        }
        RunLimits limits;
        limits.max_time = 1'000'000'000'000;
        std::vector<std::uint8_t> sent;
        Simulation simulation(config, technology, image, std::move(inputs), limits,
                              [&sent](std::uint8_t byte) { sent.push_back(byte); });
        nlohmann::json result;
        result["report"] = nlohmann::json::parse(to_json(simulation.run({})));
        result["sent"] = sent;
        const std::string text = result.dump();
        std::size_t done = 0;
        while (done < text.size()) {
            const ssize_t n = write(ends[1], text.data() + done, text.size() - done);
            if (n <= 0) {
                _exit(1);
            }
            done += static_cast<std::size_t>(n);
        }
        _exit(0);
    }
    close(ends[1]);
    std::string text;
    std::array<char, 65536> buffer{};
    for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(status == 0);
    const nlohmann::json result = nlohmann::json::parse(text);
    const std::vector<std::uint8_t> sent = result["sent"];
    REQUIRE(sent.size() % 4 == 0);
    Outcome outcome{result["report"], std::vector<std::uint32_t>(sent.size() / 4)};
    std::memcpy(outcome.words.data(), sent.data(), sent.size());
    for (const char* key : {"wall_time_s", "host_mips", "quantum_s", "timing"}) {
        outcome.report.erase(key);
    }
    return outcome;
}

/// Checks that the program leaves the same behind in every mode as it did `first`. `setup` adds to
/// a mode what the program needs; `forgive` takes out what may differ there.
inline void check_all_modes(
    const Code& code, const Outcome& first,
    const std::function<Mode(const Mode&)>& setup = [](const Mode& mode) { return mode; },
    const std::function<void(const Mode&, Outcome&)>& forgive = [](const Mode&, Outcome&) {}) {
    for (const Mode& mode : all_modes()) {
        INFO(mode.name);
        Outcome other = run_world(code, setup(mode));
        forgive(mode, other);
        CHECK(other.words == first.words);
        CHECK(other.report == first.report);
    }
}

}  // namespace cimera::test
