// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/debug/gdb_stub.hpp"
#include "platform/debug/rsp_packet.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/cpu/machine.hpp"

using namespace cimera;
using fuzz::require;

namespace {

constexpr std::uint64_t instructions = 2000;
constexpr std::uint64_t cycles = 20'000;

/// A hart with a small program under a debugger.
struct Session {
    test::Machine machine;
    std::vector<MapEntry> map;
    debug::GdbStub stub;

    Session()
        : stub({machine.hart,
                [this](std::uint32_t at, std::span<std::uint8_t> bytes) {
                    return machine.bus.peek(at, bytes.data(), static_cast<unsigned>(bytes.size()));
                },
                [this](std::uint32_t at, std::span<const std::uint8_t> bytes) {
                    return write(at, bytes);
                },
                map, [this] { machine.start(); },
                [](const std::string& command) { return command + "\n"; }}) {
        using namespace test::assemble;
        // A word that counts up, and a handler that goes on behind the call.
        machine.load({i("lw", 11, 10, 0), i("addi", 11, 11, 1), s("sw", 11, 10, 0), bare("ecall"),
                      b("bne", 11, 0, -16)});
        machine.load({csr("csrrs", 12, cpu::csr::mepc, 0), i("addi", 12, 12, 4),
                      csr("csrrw", 0, cpu::csr::mepc, 12), bare("mret")},
                     test::vector_base);
    }

    bool write(std::uint32_t at, std::span<const std::uint8_t> bytes) {
        std::vector<std::uint8_t> present(bytes.size());
        const auto size = static_cast<unsigned>(bytes.size());
        if (!machine.bus.peek(at, present.data(), size)) {
            return false;
        }
        machine.bus.poke(at, bytes.data(), size);
        machine.hart.invalidate_code(at, at + (size - 1));
        return true;
    }

    /// Any answer gets through, whatever bytes it has.
    void serve(const std::string& packet) {
        const debug::GdbStub::Answer answer = stub.handle(packet);
        if (answer.reply) {
            const auto again = debug::RspParser().feed(debug::encode_packet(*answer.reply));
            require(again.size() == 1 && again[0].payload == *answer.reply);
        }
        cpu::Hart& hart = machine.hart;
        const std::uint64_t horizon = hart.cycles() + cycles;
        const std::uint64_t limit = hart.instret() + instructions;
        if (answer.resume == debug::Resume::run) {
            hart.run(horizon, limit);
        } else if (answer.resume == debug::Resume::step) {
            hart.run_step(horizon, limit);
        }
        stub.stopped(debug::stop_reply(debug::Signal::trap, hart.take_watch_hit()));
    }
};

}  // namespace

/// A debugger that sends anything: each packet has an answer that fits, and the hart lives on. A
/// line of the input is a packet.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Session session;
    std::string_view rest = fuzz::text_of(data, size);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        session.serve(std::string(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    // Without the debugger nothing stops it but a call.
    session.stub.restart();
    cpu::Hart& hart = session.machine.hart;
    const std::uint64_t before = hart.instret();
    require(hart.run(hart.cycles() + cycles, before + instructions) != cpu::Exit::debug);
    return 0;
}
