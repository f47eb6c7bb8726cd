// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/analog_arrays.hpp"

namespace cimera {

namespace {

unsigned narrow(std::uint64_t value) {
    return static_cast<unsigned>(value);
}

cim::Fidelity fidelity(CellFidelity chosen) {
    return chosen == CellFidelity::exact ? cim::Fidelity::exact : cim::Fidelity::fast;
}

// Pulses that a multi-level cell bears: phase change as NVM presets have it, RRAM as CEA-Leti's
// 28 nm OxRAM.
constexpr std::uint64_t pcm_endurance = 100'000'000;
constexpr std::uint64_t rram_endurance = 1'000'000;

}  // namespace

cim::Geometry tile_geometry(const TileConfig& tile) {
    return {narrow(tile.macros), narrow(tile.rows), narrow(tile.cols), narrow(tile.weight_bits)};
}

cim::C3cimArrayConfig series_array(const TileConfig& tile) {
    const SeriesArrayConfig& c = tile.c3cim;
    cim::C3cimArrayConfig array;
    array.cell = static_cast<cim::SeriesCellKind>(c.cell);
    array.sense = static_cast<cim::Sense>(c.sense);
    array.transposed = static_cast<cim::Transposed>(c.transposed);
    array.columns_per_sense = narrow(c.columns_per_sense);
    cim::C3cimConfig& core = array.core;
    core.series = narrow(c.series);
    core.current = static_cast<double>(c.current_na) * 1e-9;
    core.supply = static_cast<double>(c.supply_mv) * 1e-3;
    core.saturation = static_cast<double>(c.saturation_mv) * 1e-3;
    core.adc_bits = narrow(c.adc_bits);
    core.age = static_cast<double>(c.age_s);
    core.fidelity = fidelity(c.fidelity);
    core.cell = cim::series_cell(array.cell);
    core.cell.sigma_low *= c.device_spread;
    core.cell.sigma_high *= c.device_spread;
    core.cell.sigma_cycle *= c.cycle_spread;
    core.cell.read_noise *= c.read_noise;
    core.cell.stuck_low *= c.stuck_cells;
    core.cell.stuck_high *= c.stuck_cells;
    core.cell.read_disturb = core.cell.read_disturb && c.read_disturb;
    core.cell.endurance = c.endurance ? core.cell.endurance : 0;
    core.cell.temperature = static_cast<double>(c.temperature_k);
    array.core = cim::C3cimArray::core_config(tile_geometry(tile), array);
    return array;
}

cim::CrossbarArrayConfig level_array(const TileConfig& tile) {
    const LevelArrayConfig& c = tile.crossbar;
    cim::CrossbarArrayConfig array;
    array.cell = c.cell == LevelCells::pcm ? cim::CrossbarCell::pcm : cim::CrossbarCell::rram;
    array.columns_per_adc = narrow(c.columns_per_adc);
    array.read_time = narrow(c.read_ns) * 1000;
    array.pulse_time = narrow(c.pulse_ns) * 1000;
    cim::CrossbarConfig& core = array.core;
    core.levels = narrow(c.levels);
    core.weights_signed = c.weights_signed;
    core.polarity = static_cast<cim::Polarity>(c.polarity);
    core.subtraction = static_cast<cim::Subtraction>(c.subtraction);
    core.ranges = static_cast<cim::Ranges>(c.ranges);
    core.clip = c.clip;
    core.dac_bits = narrow(c.dac_bits);
    core.adc_bits = narrow(c.adc_bits);
    core.read_voltage = static_cast<double>(c.read_mv) * 1e-3;
    core.wire_ohms = static_cast<double>(c.wire_mohm) * 1e-3;
    core.age = static_cast<double>(c.age_s);
    core.fidelity = fidelity(c.fidelity);
    core.cell = {.g_min = static_cast<double>(c.g_min_ns) * 1e-3,
                 .g_max = static_cast<double>(c.g_max_ns) * 1e-3,
                 .programming = static_cast<cim::ProgrammingNoise>(c.write_noise),
                 .programming_sigma = c.write_sigma,
                 .drift = c.drift,
                 .flicker = c.flicker,
                 .read_noise = c.read_noise,
                 .stuck_low = c.stuck_low,
                 .stuck_high = c.stuck_high,
                 .temperature = static_cast<double>(c.temperature_k),
                 .activation = static_cast<double>(c.activation_mev) * 1e-3,
                 .quadratic = c.quadratic,
                 .cubic = c.cubic,
                 .endurance = !c.endurance                ? 0
                              : c.cell == LevelCells::pcm ? pcm_endurance
                                                          : rram_endurance};
    core = cim::CrossbarArray::core_config(tile_geometry(tile), array);
    core.write = {c.verify_tolerance * core.step() / core.cell.g_max, narrow(c.verify_pulses)};
    core.update = {0, c.pulse_nonlinearity, c.pulse_variation};
    return array;
}

std::string analog_refusal(const TileConfig& tile) {
    if (tile.array != ArrayKind::digital_sram && tile.encoding != WeightEncoding::binary) {
        return "encodings other than binary are for digital-sram";
    }
    switch (tile.array) {
        case ArrayKind::digital_sram:
            return {};
        case ArrayKind::c3cim:
            return cim::refusal(series_array(tile).core);
        case ArrayKind::crossbar:
            return cim::refusal(level_array(tile).core);
    }
    return {};
}

}  // namespace cimera
