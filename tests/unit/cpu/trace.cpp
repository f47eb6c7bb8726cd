// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/trace.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "platform/trace/commit_log.hpp"
#include "platform/trace/traces.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera;
using namespace cimera::cpu;
using namespace cimera::test;
namespace op = cimera::test::assemble;

namespace {

struct TemporaryFile {
    std::string path = "/tmp/trace-XXXXXX";
    TemporaryFile() {
        const int descriptor = mkstemp(path.data());
        REQUIRE(descriptor >= 0);
        close(descriptor);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() { unlink(path.c_str()); }
    [[nodiscard]] std::string text() const {
        std::ifstream file(path);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
};

/// The log of the first `count` instructions. x10 is data_base.
std::string log_of(std::initializer_list<std::uint32_t> program, TraceFormat format,
                   std::uint64_t count) {
    TemporaryFile file;
    {
        TraceFile out("--trace", file.path, TraceFile::Place::straight,
                      [](const std::string&) { FAIL(); });
        CommitLog log(out, format, 0);
        Machine m(program);
        m.hart.set_trace(&log);
        m.steps(count);
    }
    return file.text();
}

}  // namespace

TEST_CASE("trace: registers, memory and CSRs in Spike's form", "[trace]") {
    CHECK(log_of({op::i("addi", 5, 0, -2), op::i("addi", 0, 0, 7), op::s("sb", 5, 10, 1),
                  op::s("sh", 5, 10, 2), op::s("sw", 5, 10, 4), op::i("lw", 31, 10, 4)},
                 TraceFormat::spike, 6) ==
          "core   0: 3 0x80000000 (0xffe00293) x5  0xfffffffe\n"
          "core   0: 3 0x80000004 (0x00700013)\n"
          "core   0: 3 0x80000008 (0x005500a3) mem 0x80010001 0xfe\n"
          "core   0: 3 0x8000000c (0x00551123) mem 0x80010002 0xfffe\n"
          "core   0: 3 0x80000010 (0x00552223) mem 0x80010004 0xfffffffe\n"
          "core   0: 3 0x80000014 (0x00452f83) x31 0xfffffffe mem 0x80010004\n");
    CHECK(log_of({op::csr("csrrw", 6, csr::mscratch, 10), op::csr("csrrs", 6, csr::mscratch, 0),
                  op::csr("csrrw", 0, csr::mhpmcounter3, 10), op::csr("csrrwi", 0, csr::mtvec, 2)},
                 TraceFormat::spike, 3) ==
          "core   0: 3 0x80000000 (0x34051373) x6  0x00000000 c832_mscratch 0x80010000\n"
          "core   0: 3 0x80000004 (0x34002373) x6  0x80010000\n"
          "core   0: 3 0x80000008 (0xb0351073) c2819_mhpmcounter3 0x80010000\n");
}

TEST_CASE("trace: a load into its own base register shows the address used", "[trace]") {
    CHECK(log_of({op::i("lw", 10, 10, 8)}, TraceFormat::compact, 1) ==
          "80000000 00852503 x10=00000000 r80010008\n");
}

TEST_CASE("trace: compressed instructions have four digits", "[trace]") {
    CHECK(log_of({0x0001'4315}, TraceFormat::spike, 2) ==  // c.li x6, 5; c.nop
          "core   0: 3 0x80000000 (0x4315) x6  0x00000005\n"
          "core   0: 3 0x80000002 (0x0001)\n");
}

TEST_CASE("trace: atomics", "[trace]") {
    CHECK(log_of({op::i("addi", 5, 0, 9), op::r("amoadd.w", 6, 10, 5), op::r("lr.w", 7, 10, 0),
                  op::r("sc.w", 8, 10, 0), op::r("sc.w", 0, 10, 5)},
                 TraceFormat::compact, 5) ==
          "80000000 00900293 x5=00000009\n"
          "80000004 0055232f x6=00000000 r80010000 w80010000=00000009\n"
          "80000008 100523af x7=00000009 r80010000\n"
          "8000000c 1805242f x8=00000000 w80010000=00000000\n"
          "80000010 1855202f\n");
}

TEST_CASE("trace: what traps does not appear, mret shows mstatus", "[trace]") {
    TemporaryFile file;
    {
        TraceFile out("--trace", file.path, TraceFile::Place::straight,
                      [](const std::string&) { FAIL(); });
        CommitLog log(out, TraceFormat::spike, 0);
        Machine m({op::bare("ecall")});
        m.load({op::bare("mret")}, vector_base);
        m.hart.set_trace(&log);
        m.steps(2);
    }
    const std::string line = "core   0: 3 0x80008000 (0x30200073) c768_mstatus 0x00000080\n";
    CHECK(file.text() == line + line);
}

TEST_CASE("trace: an error is told once, and nothing hangs", "[trace]") {
    int errors = 0;
    TraceFile out(
        "--trace", "/dev/full", TraceFile::Place::straight, [&errors](const std::string& text) {
            CHECK(text == "--trace: /dev/full cannot be written: No space left on device");
            ++errors;
        });
    for (int n = 0; n < 100000; ++n) {
        out.line("a line of some length, so that the buffer fills more than once\n");
    }
    out.flush();
    CHECK(errors == 1);
}

TEST_CASE("trace: REGEX[:FILE]", "[trace]") {
    const auto parts = [](const char* text) {
        const TraceRequest request = parse_trace(text);
        return request.pattern + "|" + request.file;
    };
    CHECK(parts("cpu") == "cpu|");
    CHECK(parts("cpu:a:b") == "cpu|a:b");
    CHECK(parts("(?:cim0|uart):log") == "(?:cim0|uart)|log");
    CHECK(parts("cim[[:digit:]]+:log") == "cim[[:digit:]]+|log");
}
