// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

// Runs a list of job descriptors on a real tile: memory image in, memory image out, event counts
// on standard output. tests/differential/test_tile.py makes the lists and compares with NumPy.
//   tile_driver MACROS ROWS COLS WEIGHT_BITS FIRST_DESCRIPTOR IMAGE_IN IMAGE_OUT [ARRAY]
// ARRAY: digital-sram, or c3cim with ideal cells and one-hot reads, c3cim-second with a second
// array, c3cim-worn whose cells bear one write, or crossbar with signed weights.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include <systemc>
#include <tlm_utils/simple_initiator_socket.h>

#include "models/cim/c3cim_array.hpp"
#include "models/cim/crossbar_array.hpp"
#include "models/cim/digital_sram.hpp"
#include "models/cim/tile.hpp"
#include "models/interconnect/crossbar.hpp"
#include "models/memory/memory.hpp"
#include "regs/cim.hpp"

namespace {

class OnePrice final : public cimera::PriceList {
    [[nodiscard]] double energy(const std::string& /*entry*/) const override { return 1; }
    [[nodiscard]] double leakage(const std::string& /*entry*/) const override { return 0; }
};

class Complaints final : public cimera::Diagnostics {
    void firmware_error(const cimera::FirmwareError& error) override {
        std::cerr << error.device << ' ' << error.place << ": " << error.reason << '\n';
    }
};

std::unique_ptr<cimera::cim::Array> make_array(const cimera::cim::Geometry& geometry,
                                               const std::string& kind) {
    if (kind == "digital-sram") {
        return std::make_unique<cimera::cim::DigitalSram>(geometry);
    }
    if (kind == "crossbar") {
        return std::make_unique<cimera::cim::CrossbarArray>(
            geometry, cimera::cim::CrossbarArrayConfig{}, 1, "tile");
    }
    cimera::cim::C3cimArrayConfig config;
    if (kind == "c3cim-second") {
        config.transposed = cimera::cim::Transposed::second_array;
    }
    config.core.cell.endurance = kind == "c3cim-worn" ? 1 : 0;
    return std::make_unique<cimera::cim::C3cimArray>(geometry, config, 1, "tile");
}

constexpr std::uint64_t tile_base = 0x4000'0000;

SC_MODULE(Driver) {
    tlm_utils::simple_initiator_socket<Driver> bus{"bus"};
    std::uint32_t first = 0;

    SC_CTOR(Driver) {
        SC_THREAD(run);
    }

    std::uint32_t access(tlm::tlm_command command, std::uint32_t offset, std::uint32_t value) {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_address(tile_base + offset);
        payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
        payload.set_data_length(4);
        payload.set_streaming_width(4);
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        bus->b_transport(payload, delay);
        if (!payload.is_response_ok()) {
            std::cerr << "register access failed at offset " << offset << '\n';
            std::exit(2);
        }
        return value;
    }

    void run() {
        access(tlm::TLM_WRITE_COMMAND, cimera::regs::cim::JOB, first);
        do {
            wait(sc_core::sc_time(1, sc_core::SC_US));
        } while ((access(tlm::TLM_READ_COMMAND, cimera::regs::cim::STATUS, 0) & 1U) != 0);
        std::cout << "error " << access(tlm::TLM_READ_COMMAND, cimera::regs::cim::ERROR_CODE, 0)
                  << '\n';
        std::cout << "jobs " << access(tlm::TLM_READ_COMMAND, cimera::regs::cim::JOBS_DONE, 0)
                  << '\n';
        std::cout << "saturations "
                  << access(tlm::TLM_READ_COMMAND, cimera::regs::cim::SATURATIONS, 0) << '\n';
        sc_core::sc_stop();
    }
};

}  // namespace

int sc_main(int argc, char** argv) {
    if (argc != 8 && argc != 9) {
        return 1;
    }
    const auto number = [argv](int i) {
        return static_cast<unsigned>(std::strtoul(argv[i], nullptr, 0));
    };
    std::ifstream input(argv[6], std::ios::binary);
    const std::vector<std::uint8_t> image((std::istreambuf_iterator<char>(input)), {});

    const OnePrice prices;
    cimera::Ledger ledger(prices);
    Complaints complaints;
    const cimera::Clock clock(5000);
    const cimera::Environment env{ledger, complaints, ledger.add_domain("all"), clock};
    cimera::MemoryConfig config;
    config.size = image.size();
    config.family = "sram";
    config.read_price = {"any"};
    config.write_price = {"any"};
    cimera::Memory memory("memory", config, env);
    memory.preload(0, image);
    const cimera::cim::Geometry geometry{number(1), number(2), number(3), number(4)};
    cimera::cim::TileConfig buffers;
    buffers.l1_in = 4096;
    buffers.l1_out = 16384;
    cimera::cim::Tile tile("tile", env, buffers,
                           make_array(geometry, argc == 9 ? argv[8] : "digital-sram"));
    cimera::Crossbar crossbar("crossbar", {}, env);
    Driver driver("driver");
    driver.first = number(5);
    driver.bus.bind(crossbar.masters);
    tile.master.bind(crossbar.masters);
    crossbar.add_target("memory", 0, image.size(), 1);
    crossbar.targets.bind(memory.bus);
    crossbar.add_target("tile", tile_base, 1U << 24, 1);
    crossbar.targets.bind(tile.bus);

    sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_INFO,
                                            sc_core::SC_DO_NOTHING);
    sc_core::sc_start();

    for (const cimera::Meter* meter : ledger.components()) {
        for (std::size_t e = 0; e < meter->events().size(); ++e) {
            if (meter->component() == "tile") {
                std::cout << meter->events()[e].name << ' ' << meter->total(e) << '\n';
            }
        }
    }
    std::vector<std::uint8_t> result(image.size());
    tlm::tlm_generic_payload payload;
    payload.set_read();
    payload.set_address(0);
    payload.set_data_ptr(result.data());
    payload.set_data_length(static_cast<unsigned>(result.size()));
    driver.bus->transport_dbg(payload);
    std::ofstream(argv[7], std::ios::binary)
        .write(reinterpret_cast<const char*>(result.data()),
               static_cast<std::streamsize>(result.size()));
    return 0;
}
