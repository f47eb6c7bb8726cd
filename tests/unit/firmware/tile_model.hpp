// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "recorder.hpp"

extern "C" {
#include "drivers/cim.h"
#include "hal/field.h"
}

/// Tiles on the host, to run the engine's jobs: exact results, no time. Whatever descriptors point
/// to lies below 4 GiB (fake/low_memory.h).
class TileModel {
public:
    struct Geometry {
        std::uint32_t macros = 1;
        std::uint32_t rows = 64;
        std::uint32_t cols = 512;
        std::uint32_t weight_bits = 4;
        std::uint32_t l1_in = 1024;
        std::uint32_t l1_out = 1024;
    };
    static constexpr std::uintptr_t stride = 0x100000;
    static constexpr std::uintptr_t base = 0x40000000;

    TileModel(Recorder& recorder, std::size_t count, const Geometry& geometry);

    [[nodiscard]] cim_t* tiles() { return drivers_.data(); }
    /// What a tile's interrupt does; by default it reaches the drivers above.
    std::function<void(std::size_t)> interrupt;
    std::map<std::uint32_t, unsigned> jobs;  ///< jobs done, by operation
    unsigned fetched_bytes = 0;
    int fail_after = -1;  ///< jobs until one fails with a bus error

private:
    struct Tile {
        std::vector<std::int32_t> cells;  ///< weight codes
        std::vector<std::uint8_t> l1_in;
        std::vector<std::uint8_t> l1_out;
        std::uint32_t irq_status = 0;
    };

    std::uint32_t read(std::uintptr_t address);
    void write(std::uintptr_t address, std::uint32_t value);
    bool run(Tile& tile, const cim_job_t& job);
    void program(Tile& tile, const cim_job_t& job);
    void multiply(Tile& tile, const cim_job_t& job);
    std::int32_t& cell(Tile& tile, const cim_job_t& job, std::uint32_t r, std::uint32_t c);

    Recorder& recorder_;
    Geometry geometry_;
    std::vector<Tile> tiles_;
    std::vector<cim_t> drivers_;
};
