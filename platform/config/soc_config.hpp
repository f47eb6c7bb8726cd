// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/common/period.hpp"

namespace cimera {

/// The SoC as configured: plain values in bytes, picoseconds and cycles. The member initialisers
/// are the defaults of the keys; ranges and meanings are in schema.cpp.

struct SocIdentity {
    std::string name = "sep";
    std::string doc;
    std::string technology = "fdsoi28";

    bool operator==(const SocIdentity&) const = default;
};

/// Periods, because simulated time counts whole picoseconds.
struct ClockConfig {
    std::uint64_t host_period_ps = 5'000;
    std::uint64_t fabric_period_ps = 5'000;
    std::uint64_t cim_period_ps = 5'000;
    std::uint64_t peripherals_period_ps = 10'000;

    bool operator==(const ClockConfig&) const = default;
};

enum class MisalignedAccess { handle, trap };
enum class BootTarget { entry, l2 };

struct HostConfig {
    std::string isa = "rv32imafc_zba_zbb_zbc_zbs";
    MisalignedAccess misaligned = MisalignedAccess::handle;
    bool user_mode = true;
    bool supervisor_mode = false;
    BootTarget boot = BootTarget::entry;
    std::uint64_t virtio_slots = 0;

    bool operator==(const HostConfig&) const = default;
};

enum class InterconnectKind { crossbar, mesh };

/// Where a device is in a mesh.
struct PlaceConfig {
    std::string device;
    std::uint64_t x = 0;
    std::uint64_t y = 0;
    std::uint64_t z = 0;

    bool operator==(const PlaceConfig&) const = default;
};

struct InterconnectConfig {
    InterconnectKind kind = InterconnectKind::crossbar;
    std::uint64_t width_bytes = 8;
    std::uint64_t latency_cycles = 1;
    /// 0: as many as the devices need.
    std::uint64_t columns = 0;
    std::uint64_t rows = 0;
    std::uint64_t layers = 1;
    std::uint64_t tsv_latency_cycles = 1;
    std::vector<PlaceConfig> places;

    bool operator==(const InterconnectConfig&) const = default;
};

struct L2Config {
    std::uint64_t size_bytes = 4U << 20U;
    std::uint64_t width_bytes = 8;
    std::uint64_t latency_cycles = 1;
    std::uint64_t banks = 4;
    std::uint64_t slices = 1;

    bool operator==(const L2Config&) const = default;
};

struct NvmConfig {
    /// 0: the SoC has none.
    std::uint64_t size_bytes = 1U << 20U;
    std::uint64_t width_bytes = 8;
    std::uint64_t read_latency_cycles = 4;
    std::uint64_t write_latency_cycles = 100;
    std::uint64_t page_bytes = 16;
    std::uint64_t endurance = 1'000'000;

    bool operator==(const NvmConfig&) const = default;
};

enum class DramKind { lpddr4_3200 };

struct DramConfig {
    /// 0: the SoC has none.
    std::uint64_t size_bytes = 0;
    DramKind part = DramKind::lpddr4_3200;

    bool operator==(const DramConfig&) const = default;
};

struct CsramConfig {
    /// 0: the SoC has none.
    std::uint64_t size_bytes = 0;

    bool operator==(const CsramConfig&) const = default;
};

struct DmaConfig {
    /// 0: the SoC has none.
    std::uint64_t channels = 4;
    std::uint64_t burst_bytes = 64;

    bool operator==(const DmaConfig&) const = default;
};

enum class ArrayKind { digital_sram, c3cim, crossbar };
enum class WeightEncoding { binary, fibbinary, relaxed };
enum class WeightSign { none, inside, beside };
enum class AdderKind { exact, lower_or };

enum class CellFidelity { fast, exact };
enum class SeriesCells { rram, pcm, stt_mram, fefet };
enum class ColumnSense { adc, comparator };
enum class TransposedReads { one_hot, second_array };

/// Columns in series, for array = "c3cim".
struct SeriesArrayConfig {
    SeriesCells cell = SeriesCells::rram;
    CellFidelity fidelity = CellFidelity::fast;
    std::uint64_t series = 64;
    std::uint64_t current_na = 10;
    std::uint64_t supply_mv = 1100;
    std::uint64_t saturation_mv = 100;
    std::uint64_t adc_bits = 7;
    ColumnSense sense = ColumnSense::adc;
    std::uint64_t columns_per_sense = 8;
    TransposedReads transposed = TransposedReads::one_hot;
    double device_spread = 1;
    double cycle_spread = 1;
    double read_noise = 1;
    double stuck_cells = 0;
    bool read_disturb = true;
    bool endurance = true;
    std::uint64_t temperature_k = 300;
    std::uint64_t age_s = 0;

    bool operator==(const SeriesArrayConfig&) const = default;
};

enum class LevelCells { pcm, rram };
enum class WeightPolarity { bipolar, unipolar };
enum class CurrentSubtraction { analog, digital };
enum class AdcRanges { filter, layer, shared };
enum class WriteNoise { none, relative, pcm, pcm_joshi, rram_milo, rram_wan };

/// Conductances between converters, for array = "crossbar".
struct LevelArrayConfig {
    LevelCells cell = LevelCells::pcm;
    CellFidelity fidelity = CellFidelity::fast;
    std::uint64_t levels = 16;
    std::uint64_t g_min_ns = 100;
    std::uint64_t g_max_ns = 25'000;
    bool weights_signed = true;
    WeightPolarity polarity = WeightPolarity::bipolar;
    CurrentSubtraction subtraction = CurrentSubtraction::analog;
    AdcRanges ranges = AdcRanges::layer;
    double clip = 0.25;
    std::uint64_t dac_bits = 8;
    std::uint64_t adc_bits = 8;
    std::uint64_t columns_per_adc = 8;
    std::uint64_t read_mv = 200;
    std::uint64_t read_ns = 10;
    std::uint64_t pulse_ns = 100;
    double verify_tolerance = 0.5;
    std::uint64_t verify_pulses = 10;
    double pulse_nonlinearity = 0.2;
    double pulse_variation = 0.1;
    WriteNoise write_noise = WriteNoise::pcm;
    double write_sigma = 0.03;
    bool drift = true;
    bool flicker = true;
    double read_noise = 0.01;
    double stuck_low = 0;
    double stuck_high = 0;
    std::uint64_t temperature_k = 300;
    std::uint64_t activation_mev = 0;
    double quadratic = 0;
    double cubic = 0;
    std::uint64_t wire_mohm = 0;
    bool endurance = true;
    std::uint64_t age_s = 0;

    bool operator==(const LevelArrayConfig&) const = default;
};

/// `count` equal tiles.
struct TileConfig {
    std::uint64_t count = 2;
    ArrayKind array = ArrayKind::digital_sram;
    std::uint64_t macros = 4;
    std::uint64_t rows = 64;
    std::uint64_t cols = 512;
    std::uint64_t weight_bits = 4;
    WeightEncoding encoding = WeightEncoding::binary;
    WeightSign sign = WeightSign::none;
    std::uint64_t input_slice = 1;
    AdderKind adder = AdderKind::exact;
    std::uint64_t adder_bits = 4;
    std::string adder_levels = "all";
    std::uint64_t l1_in_bytes = 4096;
    std::uint64_t l1_out_bytes = 4096;
    std::uint64_t queue = 8;
    SeriesArrayConfig c3cim;
    LevelArrayConfig crossbar;

    /// Bits of a weight, with the cell of its sign where that is beside them.
    [[nodiscard]] std::uint64_t code_bits() const {
        return weight_bits + (sign == WeightSign::beside ? 1 : 0);
    }
    /// Bytes of the cell arrays of all macros.
    [[nodiscard]] std::uint64_t array_bytes() const { return macros * rows * cols / 8; }

    bool operator==(const TileConfig&) const = default;
};

struct CimConfig {
    std::uint64_t stride_bytes = 1U << 20U;
    std::vector<TileConfig> tiles;

    [[nodiscard]] std::uint64_t tile_count() const;

    bool operator==(const CimConfig&) const = default;
};

struct DegradationConfig {
    /// Negative: never.
    std::int64_t from_frame = -1;
    std::uint64_t dead_columns = 0;
    std::uint64_t dead_first = 0;
    std::uint64_t dead_last = 65535;
    double gain_error = 0;

    bool operator==(const DegradationConfig&) const = default;
};

struct SensorConfig {
    std::string name = "camera";
    Period frame_period{500'000'000, 1};
    std::uint64_t fifo_bytes = 1024;
    DegradationConfig degradation;

    bool operator==(const SensorConfig&) const = default;
};

/// An operating point beside the nominal one, which has the clocks of ClockConfig. Its voltage is
/// the technology's.
struct PowerPointConfig {
    std::string name = "low";
    std::uint64_t host_period_ps = 10'000;
    std::uint64_t fabric_period_ps = 10'000;
    std::uint64_t cim_period_ps = 10'000;

    bool operator==(const PowerPointConfig&) const = default;
};

struct PowerConfig {
    std::uint64_t off_wakeup_ps = 20'000'000;
    std::uint64_t retention_wakeup_ps = 2'000'000;
    std::uint64_t point_change_ps = 10'000'000;
    std::vector<PowerPointConfig> points;

    bool operator==(const PowerConfig&) const = default;
};

struct SocConfig {
    SocIdentity soc;
    ClockConfig clock;
    PowerConfig power;
    HostConfig host;
    InterconnectConfig interconnect;
    L2Config l2;
    NvmConfig nvm;
    DramConfig dram;
    CsramConfig csram;
    DmaConfig dma;
    CimConfig cim;
    std::vector<SensorConfig> sensors;

    bool operator==(const SocConfig&) const = default;
};

inline std::uint64_t CimConfig::tile_count() const {
    std::uint64_t sum = 0;
    for (const TileConfig& tile : tiles) {
        sum += tile.count;
    }
    return sum;
}

/// Bases that the design fixes; sizes are configured.
namespace fixed_map {
inline constexpr std::uint64_t rom_base = 0x0000'1000;
inline constexpr std::uint64_t rom_bytes = 60U << 10U;
inline constexpr std::uint64_t nvm_base = 0x2000'0000;
inline constexpr std::uint64_t tcm_base = 0x3000'0000;
inline constexpr std::uint64_t csram_base = 0x3800'0000;
inline constexpr std::uint64_t cim_base = 0x4000'0000;
inline constexpr std::uint64_t snn_base = 0x6000'0000;
inline constexpr std::uint64_t l2_base = 0x8000'0000;
inline constexpr std::uint64_t dram_base = 0xa000'0000;
inline constexpr std::uint64_t tile_register_bytes = 4096;
inline constexpr std::uint64_t cim_window_bytes = 512U << 20U;
}  // namespace fixed_map

}  // namespace cimera
