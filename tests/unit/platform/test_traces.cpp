// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "models/common/error.hpp"
#include "platform/trace/power_trace.hpp"
#include "platform/trace/timeline.hpp"
#include "platform/trace/trace_file.hpp"
#include "platform/trace/transaction_log.hpp"
#include "tests/support/elf_builder.hpp"

namespace cimera {
namespace {

/// A folder that goes with the test.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "cimeraXXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }
    [[nodiscard]] std::size_t files() const {
        std::size_t count = 0;
        for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator(path_)) {
            ++count;
        }
        return count;
    }

private:
    std::filesystem::path path_;
};

std::string contents(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

void no_error(const std::string& error) {
    FAIL(error);
}

class Prices final : public PriceList {
public:
    [[nodiscard]] double energy(const std::string& entry) const override {
        return entry == "beat" ? 1000 : entry == "read" ? 300 : 7;
    }
    [[nodiscard]] double leakage(const std::string& /*entry*/) const override { return 1e9; }
};

/// Two components in two domains.
struct Chip {
    Prices prices;
    Ledger ledger{prices};
    DomainId left = ledger.add_domain("left");
    DomainId right = ledger.add_domain("right", {"nominal", "low"});
    Meter bus{ledger, "bus", left, {{"beat", {{"beat"}}}}, {}};
    Meter memory{ledger,
                 "memory",
                 right,
                 {{"read", {{"read"}}}, {"clock", {{"tick"}}, CountKind::clock}},
                 {{"cell", 2}}};
};

Symbols no_symbols() {
    test::ElfBuilder file(0x8000'0000);
    file.add_segment(".text", 0x8000'0000, PF_R | PF_X, "nop.");
    return Symbols(Image::parse("program", file.build()));
}

}  // namespace

TEST_CASE("cells of a table are quoted where they need it", "[trace]") {
    CHECK(csv_cell("main") == "main");
    CHECK(csv_cell("operator(int, int)") == "\"operator(int, int)\"");
    CHECK(csv_cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(csv_cell("two\nlines") == "\"two\nlines\"");
    CHECK(csv_cell("").empty());
}

TEST_CASE("a file that is written aside is complete or not there", "[trace]") {
    const Folder folder;
    const std::string path = folder / "rows";
    {
        TraceFile file("--rows", path, TraceFile::Place::aside, no_error);
        file.write("one\n");
        file.flush();
        CHECK_FALSE(std::filesystem::exists(path));
        CHECK(folder.files() == 1);
    }
    CHECK(folder.files() == 0);
    TraceFile file("--rows", path, TraceFile::Place::aside, no_error);
    const std::string large(1U << 20, 'x');  // larger than what is buffered
    file.write("one\n");
    file.write(large);
    file.write("\ntwo\n");
    file.finish();
    CHECK(contents(path) == "one\n" + large + "\ntwo\n");
    CHECK(folder.files() == 1);
}

TEST_CASE("a file that cannot be written is told of once", "[trace]") {
    std::vector<std::string> errors;
    const auto note = [&errors](const std::string& error) { errors.push_back(error); };
    TraceFile file("--rows", "/dev/full", TraceFile::Place::aside, note);
    file.write(std::string(1U << 20, 'x'));
    file.write("more\n");
    file.finish();
    REQUIRE(errors.size() == 1);
    CHECK(errors[0] == "--rows: /dev/full cannot be written: No space left on device");
    CHECK_THROWS_AS(TraceFile("--rows", "/absent/rows", TraceFile::Place::aside, note), InputError);
    CHECK_THROWS_AS(open_wave("--wave", "/absent/a.fst", note), InputError);
}

TEST_CASE("VCD: header, values, instants without a change", "[trace]") {
    const Folder folder;
    const std::string path = folder / "a.vcd";
    const auto wave = open_wave("--wave", path, no_error);
    wave->open_scope("soc");
    const auto real = wave->add_real("power_W");
    const auto number = wave->add_number("energy_aJ");
    wave->open_scope("host");
    const auto text = wave->add_text("state");
    wave->close_scope();
    wave->close_scope();
    wave->at(0);
    wave->set(real, 0.1);
    wave->set(text, std::string_view("clock gated\\"));
    wave->at(5);
    wave->at(7);
    wave->set(number, std::uint64_t{10});
    wave->at(7);
    wave->set(real, -2.5e-7);
    wave->at(9);
    wave->finish();
    CHECK(contents(path) ==
          "$version Cimera $end\n$timescale 1 ps $end\n$scope module soc $end\n"
          "$var real 64 ! power_W $end\n$var wire 64 \" energy_aJ $end\n"
          "$scope module host $end\n$var string 1 # state $end\n$upscope $end\n$upscope $end\n"
          "$enddefinitions $end\n#0\nr0.10000000000000001 !\nsclock\\040gated\\134 #\n"
          "#7\nb1010 \"\nr-2.4999999999999999e-07 !\n#9\n");
}

TEST_CASE("VCD: each of many signals has a code of its own", "[trace]") {
    const Folder folder;
    const auto wave = open_wave("--wave", folder / "a.vcd", no_error);
    for (unsigned n = 0; n < 10'000; ++n) {
        CHECK(wave->add_real("s" + std::to_string(n)) == n);
    }
    wave->at(0);
    wave->finish();
    std::istringstream lines(contents(folder / "a.vcd"));
    std::set<std::string> codes;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string var;
        std::string code;
        words >> var >> code >> code >> code;
        if (var == "$var") {
            CHECK(codes.insert(code).second);
        }
    }
    CHECK(codes.size() == 10'000);
}

TEST_CASE("power over time: means of bins, sums at their begin, texts at their instants",
          "[trace]") {
    const Folder folder;
    Chip chip;
    PowerTrace trace(open_wave("--wave", folder / "a.vcd", no_error), chip.ledger);
    const std::vector<ComponentEnergy> none(2);
    const std::vector<ComponentEnergy> some = {{500, 0, 0}, {0, 300, 200}};
    const std::vector<ComponentEnergy> more = {{500, 0, 0}, {100, 300, 300}};
    trace.phase_changed(1'500, "learn", false);
    chip.ledger.set_state(chip.right, PowerState::clock_gated, 400);
    trace.domain_changed(chip.right, 400);
    trace.bin({0, 1000, none, some});
    trace.bin({1000, 2000, some, more});
    trace.finish();
    const std::string text = contents(folder / "a.vcd");
    const std::string body = text.substr(text.find("#0\n"));
    // Codes in their order: soc power, energy, dynamic, clock, leakage, phase (!"#$%&); left power,
    // energy, state, point ('()*), bus power, energy (+,); right (-./0), memory (12).
    CHECK(body ==
          "#0\nr4.9999999999999998e-07 +\nb0 ,\nr4.9999999999999998e-07 1\nb0 2\n"
          "r4.9999999999999998e-07 '\nb0 (\nr4.9999999999999998e-07 -\nb0 .\n"
          "r9.9999999999999995e-07 !\nb0 \"\nr4.9999999999999998e-07 #\n"
          "r2.9999999999999999e-07 $\nr1.9999999999999999e-07 %\n"
          "snone &\nson )\nsnominal *\nson /\nsnominal 0\n"
          "#400\nsclock-gated /\nsnominal 0\n"
          "#1000\nr0 +\nb111110100 ,\nr1.9999999999999999e-07 1\nb111110100 2\nr0 '\nb111110100 (\n"
          "r1.9999999999999999e-07 -\nb111110100 .\nr1.9999999999999999e-07 !\nb1111101000 \"\n"
          "r9.9999999999999995e-08 #\nr0 $\nr9.9999999999999995e-08 %\n"
          "#1500\nslearn &\n#2000\nb1010111100 2\nb1010111100 .\nb10010110000 \"\n");
}

TEST_CASE("a save file for GTKWave has every power signal in groups", "[trace]") {
    const Chip chip;
    const std::string text = gtkwave_save("a.fst", chip.ledger, 4'500'000);
    CHECK(text.find("[dumpfile] \"a.fst\"\n") != std::string::npos);
    CHECK(text.find("\n*-19.931569 -1 -1\n") != std::string::npos);  // log2(4500000 * 200 / 900)
    for (const char* line :
         {"@800200\n-left\n", "@c00200\n-components of left\n", "@88420\nsoc.left.bus.power_W\n",
          "@820\nsoc.right.state\n", "@88420\nsoc.right.power_W\n", "@1000200\n-right\n",
          "@1400200\n-components of right\n"}) {
        CHECK(text.find(line) != std::string::npos);
    }
}

TEST_CASE("timeline: exact instants, slices that nest, valid JSON", "[trace]") {
    const Folder folder;
    const Chip chip;
    const Symbols symbols = no_symbols();
    TraceFile file("--timeline", folder / "a.json", TraceFile::Place::aside, no_error);
    Timeline timeline(file, chip.ledger, symbols, "a \"b\"\xff.elf", "sep");
    timeline.phase_changed(1'234'567, "learn", false);
    timeline.phase_changed(2'000'000, "learn/inference", false);
    timeline.slept(2'500'001, 3'000'000);
    timeline.worked({"cim0",
                     "mvm",
                     0,
                     1,
                     4,
                     0x8000'0100,
                     0,
                     0x8000'0010,
                     1'000'000,
                     1'000'010,
                     Work::End::failed,
                     {{&chip.memory, 0, 3, 0}, {&chip.memory, 1, 5, 0}}});
    timeline.fault(3'000'005, "wrong\n  at \"x\"");
    timeline.was_reset(4'000'000, "watchdog");
    timeline.phase_changed(5'000'000, "learn", false);
    timeline.finish(6'000'000);
    file.finish();
    const std::string text = contents(folder / "a.json");
    const nlohmann::json events = nlohmann::json::parse(text)["traceEvents"];
    CHECK(text.find(R"("ts":1.234567,)") != std::string::npos);
    CHECK(text.find(R"("ts":2.500001,"dur":0.499999,)") != std::string::npos);
    std::string phases;
    for (const auto& event : events) {
        if (event["ph"] == "B" || event["ph"] == "E") {
            phases += event["ph"].get<std::string>() + " " + event["name"].get<std::string>() + " ";
        }
        if (event["name"] == "mvm") {
            CHECK(event["args"]["own_energy_aJ"] == "900");  // clock is nobody's
            CHECK(event["args"]["outcome"] == "failed");
            CHECK(event["args"]["descriptor"] == "0x80000100");
        }
    }
    CHECK(phases == "B learn B inference E inference E learn B learn E learn ");
    CHECK(text.find(R"("name":"wrong","args":{"text":"wrong\n  at \"x\""})") != std::string::npos);
}

TEST_CASE("timeline: a handler lies on what it interrupts", "[trace]") {
    const Folder folder;
    const Chip chip;
    const Symbols symbols = no_symbols();
    cpu::CallTree tree;
    const auto root = tree.root(cpu::Root::reset, 0);
    const auto start = tree.child(root, 0, {0x100, 0x1ff});
    const auto leaf = tree.child(start, 0x104, {0x200, 0x2ff});
    const auto other = tree.child(start, 0x108, {0x300, 0x3ff});
    const auto interrupt = tree.root(cpu::Root::interrupt, 7);
    const auto handler = tree.child(interrupt, 0, {0x400, 0x4ff});
    TraceFile file("--timeline", folder / "a.json", TraceFile::Place::aside, no_error);
    Timeline timeline(file, chip.ledger, symbols, "a", "b");
    Picoseconds now = 0;
    for (const auto node : {start, leaf, handler, leaf, leaf, start, other, other}) {
        timeline.ran(tree, node, now += 1'000'000);
    }
    timeline.finish(now);
    file.finish();
    std::string told;
    const nlohmann::json document = nlohmann::json::parse(contents(folder / "a.json"));
    for (const auto& event : document["traceEvents"]) {
        if (event["ph"] == "B" || event["ph"] == "E") {
            told += event["ph"].get<std::string>() + event["name"].get<std::string>() + "@" +
                    std::to_string(event["ts"].get<int>()) + " ";
        }
    }
    CHECK(told ==
          "B[reset]@0 B0x00000100@0 B0x00000200@1 B[interrupt 7]@2 B0x00000400@2 E0x00000400@3 "
          "E[interrupt 7]@3 E0x00000200@5 B0x00000300@6 E0x00000300@8 E0x00000100@8 E[reset]@8 ");
}

}  // namespace cimera
