// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <string>

#include "models/cim/array.hpp"
#include "models/cim/crossbar_core.hpp"

namespace cimera::cim {

/// Family of the cells: which prices their pulses have.
enum class CrossbarCell : std::uint8_t { pcm, rram };

struct CrossbarArrayConfig {
    CrossbarConfig core;  ///< rows, columns and weight bits come from the geometry
    CrossbarCell cell = CrossbarCell::pcm;
    unsigned columns_per_adc = 8;   ///< that share a converter, one after the other
    unsigned read_time = 10'000;    ///< ps that inputs are applied
    unsigned pulse_time = 100'000;  ///< ps of a write pulse
};

/// The crossbar as an array of a tile: one `CrossbarCore` a macro, with its events and times.
/// Writes go row by row, updates by coincident pulses on all cells at once.
class CrossbarArray final : public Array {
public:
    /// Kinds of event, in the order of `events()`.
    enum Event : std::size_t { cell_read, dac, adc, pulse, verify, shift_add, event_count };

    CrossbarArray(const Geometry& geometry, const CrossbarArrayConfig& config, std::uint64_t seed,
                  const std::string& name);

    /// What the configuration of a geometry asks of the cores.
    [[nodiscard]] static CrossbarConfig core_config(const Geometry& geometry,
                                                    const CrossbarArrayConfig& config);

    [[nodiscard]] const std::vector<EventKind>& events() const override { return events_; }
    [[nodiscard]] std::vector<LeakageTerm> leakage() const override;
    [[nodiscard]] ArrayType type() const override { return ArrayType::crossbar; }
    [[nodiscard]] bool supports(const Formats& formats) const override;
    void set_time(Picoseconds now) override { now_ = static_cast<double>(now) * 1e-12; }
    void power_off() override {}  // cells hold without supply
    [[nodiscard]] CellStatus program(const Window& window, std::span<const std::uint32_t> codes,
                                     bool verify, Cost& cost) override;
    void read_back(const Window& window, std::span<std::uint32_t> codes, Cost& cost) override;
    void multiply(const Window& window, const Formats& formats,
                  std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                  Cost& cost) override;
    void multiply_transposed(const Window& window, const Formats& formats,
                             std::span<const std::int32_t> inputs, std::span<std::int64_t> sums,
                             Cost& cost) override;
    [[nodiscard]] CellStatus update(const Window& window, const Formats& formats,
                                    std::span<const std::int32_t> x,
                                    std::span<const std::int32_t> delta, unsigned shift,
                                    Cost& cost) override;
    [[nodiscard]] std::uint8_t peek(std::uint64_t offset) const override;
    void poke(std::uint64_t offset, std::uint8_t byte) override;
    void charge_access(bool write, std::uint64_t bytes, Cost& cost) const override;
    [[nodiscard]] std::vector<std::uint8_t> save_state() const override;
    [[nodiscard]] bool load_state(std::span<const std::uint8_t> state) override;

private:
    [[nodiscard]] Picoseconds conversion_time(std::uint64_t reads, unsigned lines,
                                              unsigned driven) const;
    void book(const CrossbarCounts& counts, Cost& cost) const;

    CrossbarArrayConfig config_;
    std::vector<EventKind> events_;
    std::vector<CrossbarCore> cores_;
    double now_ = 0;  // s
};

}  // namespace cimera::cim
