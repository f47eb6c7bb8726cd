// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/support/world.hpp"

namespace cimera {
namespace {

struct Ending {
    int status;
    std::string messages;
};

/// What a simulation with checked transactions says where `mistake` is made after its elaboration.
Ending end_of(const std::function<void(Simulation&)>& mistake) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        const SocConfig config = load_soc("sep", {}, {{test::source_path("platform/presets")}});
        const Technology technology =
            load_technology(config.soc.technology, {{test::source_path("platform/technology")}});
        const Image image = Image::parse("program", test::Code().nops(4).pass().elf());
        SocInputs inputs;
        inputs.check_tlm = true;
        Simulation simulation(config, technology, image, std::move(inputs), {}, {});
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
        mistake(simulation);
        _exit(0);
    }
    close(ends[1]);
    Ending ending{};
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        ending.messages.append(buffer.data(), static_cast<std::size_t>(n));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    ending.status = WEXITSTATUS(status);
    return ending;
}

}  // namespace

TEST_CASE("check-tlm: a broken rule ends the run and says all about it", "[protocol]") {
    const Ending ending = end_of([](Simulation& simulation) {
        TransactionTag tag;
        tag.pc = 0x80000004;
        std::array<std::uint8_t, 4> data{};
        tlm::tlm_generic_payload payload;
        payload.set_extension(&tag);
        payload.set_read();
        payload.set_address(0x8000'0000);
        payload.set_data_ptr(data.data());
        payload.set_data_length(4);
        payload.set_dmi_allowed(true);
        payload.set_streaming_width(4);
        sc_core::sc_time delay = sc_core::sc_time::from_value(2000);
        simulation.soc().host().bus->b_transport(payload, delay);
    });
    CHECK(ending.status == exit_status::internal_error);
    // The address sanitizer may add a note of its own where a call does not return.
    CHECK_THAT(ending.messages,
               Catch::Matchers::StartsWith(
                   "internal error: TLM protocol broken between host and crossbar\n"
                   "  in        b_transport at 2000 ps: read, 4 bytes at 0x80000000\n"
                   "  found     the DMI hint of an earlier response\n"
                   "  expected  a request without DMI hint (IEEE 1666-2011, 14.16)\n"
                   "  for       the instruction at 0x80000004\n"));
}

TEST_CASE("check-tlm: every pair of sockets has a checker", "[protocol]") {
    const Ending ending = end_of([](Simulation& simulation) {
        // Host, tiles and DMA at the crossbar, the crossbar at every entry of the map.
        const std::size_t tiles = 2;
        _exit(simulation.soc().checkers().size() == 2 + tiles + simulation.soc().map().size()
                  ? 0
                  : static_cast<int>(simulation.soc().checkers().size()));
    });
    CHECK(ending.status == 0);
}

}  // namespace cimera
