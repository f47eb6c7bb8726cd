// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/config/schema.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace cimera::schema {

namespace {

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};

/// Follows a chain of member pointers; a vector on the way is indexed with `element`.
template <typename Object, typename First, typename... Rest>
auto& follow(Object& object, std::size_t element, First first, Rest... rest) {
    auto& next = object.*first;
    if constexpr (IsVector<std::remove_cvref_t<decltype(next)>>::value) {
        return follow(next[element], element, rest...);
    } else if constexpr (sizeof...(rest) == 0) {
        return next;
    } else {
        return follow(next, element, rest...);
    }
}

template <auto... Path>
Value read(const SocConfig& config, std::size_t element) {
    const auto& member = follow(config, element, Path...);
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::is_enum_v<Member> || std::is_same_v<Member, bool>) {
        return static_cast<std::uint64_t>(member);
    } else {
        return member;
    }
}

template <auto... Path>
void write(SocConfig& config, std::size_t element, const Value& value) {
    auto& member = follow(config, element, Path...);
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::is_enum_v<Member> || std::is_same_v<Member, bool>) {
        member = static_cast<Member>(std::get<std::uint64_t>(value));
    } else {
        member = std::get<Member>(value);
    }
}

template <auto... Path>
constexpr Access at{&read<Path...>, &write<Path...>};

constexpr auto tiles = std::pair(&SocConfig::cim, &CimConfig::tiles);

template <auto Member>
constexpr Access in_tile = at<tiles.first, tiles.second, Member>;

template <auto Member>
constexpr Access in_c3cim = at<tiles.first, tiles.second, &TileConfig::c3cim, Member>;

template <auto Member>
constexpr Access in_crossbar = at<tiles.first, tiles.second, &TileConfig::crossbar, Member>;

template <auto Member>
constexpr Access in_place = at<&SocConfig::interconnect, &InterconnectConfig::places, Member>;

constexpr double kib = 1024;
constexpr double mib = 1024 * kib;
constexpr double hour_ps = 3.6e15;

Limits power_of_two(double min, double max) {
    return {min, max, true};
}

/// The one description of every key. Defaults are the initialisers in soc_config.hpp.
// clang-format off
const std::vector<Key> key_table = {
    {"soc.name", Type::text, at<&SocConfig::soc, &SocIdentity::name>, {}, {}, "",
     "Name of the SoC in reports."},
    {"soc.doc", Type::text, at<&SocConfig::soc, &SocIdentity::doc>, {}, {}, "",
     "One sentence about the SoC."},
    {"soc.technology", Type::text, at<&SocConfig::soc, &SocIdentity::technology>, {}, {}, "",
     "Technology that prices energy, leakage and area: a name of `cimera list technologies` or "
     "a file."},

    {"clock.host", Type::period, at<&SocConfig::clock, &ClockConfig::host_period_ps>,
     {100, 1e9}, {}, "frequency or period",
     "Clock of the host core."},
    {"clock.fabric", Type::period, at<&SocConfig::clock, &ClockConfig::fabric_period_ps>,
     {100, 1e9}, {}, "frequency or period",
     "Clock of the interconnect, the L2 and the NVM."},
    {"clock.cim", Type::period, at<&SocConfig::clock, &ClockConfig::cim_period_ps>, {100, 1e9},
     {}, "frequency or period",
     "Clock of the CIM tiles."},
    {"clock.peripherals", Type::period,
     at<&SocConfig::clock, &ClockConfig::peripherals_period_ps>, {100, 1e9}, {},
     "frequency or period",
     "Clock of the small devices. The real-time counter `mtime` always runs at 10 MHz."},

    {"host.isa", Type::text, at<&SocConfig::host, &HostConfig::isa>, {}, {}, "",
     "Instruction set of the core: `rv32i`, then any of m, a, f, c, zba, zbb, zbc and zbs; the "
     "instructions of those left out trap. Zicsr, Zifencei and Zicntr are always there."},
    {"host.misaligned", Type::choice, at<&SocConfig::host, &HostConfig::misaligned>, {},
     {"handle", "trap"}, "",
     "Unaligned loads and stores to memory: done by the core, or an exception. To devices they "
     "always trap."},
    {"host.user_mode", Type::flag, at<&SocConfig::host, &HostConfig::user_mode>, {}, {}, "",
     "Whether the core has U mode."},
    {"host.supervisor_mode", Type::flag, at<&SocConfig::host, &HostConfig::supervisor_mode>, {},
     {}, "",
     "Whether the core has S mode, without paging, and with it U mode."},
    {"host.boot", Type::choice, at<&SocConfig::host, &HostConfig::boot>, {},
     {"entry", "l2"}, "",
     "Where the boot ROM jumps to: the entry of the ELF file, or the base of the L2 whatever the "
     "entry, as QEMU's `virt` board does."},
    {"host.virtio_slots", Type::count, at<&SocConfig::host, &HostConfig::virtio_slots>, {0, 8}, {},
     "",
     "Empty virtio transports from 0x10001000 on, for firmware of QEMU's `virt` board that looks "
     "for devices there."},

    {"interconnect.kind", Type::choice,
     at<&SocConfig::interconnect, &InterconnectConfig::kind>, {},
     {"crossbar", "mesh"}, "",
     "Structure of the system interconnect: all to all, or routers in a 2D or 3D grid."},
    {"interconnect.width", Type::bytes,
     at<&SocConfig::interconnect, &InterconnectConfig::width_bytes>, power_of_two(4, 64), {},
     "bytes",
     "Bytes that a target's port and a channel of a mesh move per fabric cycle."},
    {"interconnect.latency", Type::count,
     at<&SocConfig::interconnect, &InterconnectConfig::latency_cycles>, {0, 64}, {},
     "fabric cycles",
     "Pipeline latency: of each transaction in a crossbar, from router to router in a mesh."},
    {"interconnect.columns", Type::count,
     at<&SocConfig::interconnect, &InterconnectConfig::columns>, {0, 64}, {}, "nodes",
     "Nodes of a mesh in X; 0: as many as the devices need."},
    {"interconnect.rows", Type::count, at<&SocConfig::interconnect, &InterconnectConfig::rows>,
     {0, 64}, {}, "nodes",
     "Nodes of a mesh in Y; 0: as many as the devices need."},
    {"interconnect.layers", Type::count,
     at<&SocConfig::interconnect, &InterconnectConfig::layers>, {1, 16}, {}, "layers",
     "Layers of a mesh, stacked in Z. Of several, the top one has the memories."},
    {"interconnect.tsv_latency", Type::count,
     at<&SocConfig::interconnect, &InterconnectConfig::tsv_latency_cycles>, {0, 64}, {},
     "fabric cycles",
     "Latency from layer to layer through silicon vias."},
    {"interconnect.place.device", Type::text, in_place<&PlaceConfig::device>, {}, {}, "",
     "A device of the address map, `host` or `dma`; all others have places by default."},
    {"interconnect.place.x", Type::count, in_place<&PlaceConfig::x>, {0, 63}, {}, "column",
     "Its column."},
    {"interconnect.place.y", Type::count, in_place<&PlaceConfig::y>, {0, 63}, {}, "row",
     "Its row."},
    {"interconnect.place.z", Type::count, in_place<&PlaceConfig::z>, {0, 15}, {}, "layer",
     "Its layer."},

    {"l2.size", Type::bytes, at<&SocConfig::l2, &L2Config::size_bytes>,
     {64 * kib, 2048 * mib, false, 4096}, {}, "bytes",
     "Size of the L2 SRAM at 0x80000000; 512 MiB fit below the window of external DRAM."},
    {"l2.width", Type::bytes, at<&SocConfig::l2, &L2Config::width_bytes>, power_of_two(4, 64),
     {}, "bytes",
     "Bytes of one bank access."},
    {"l2.latency", Type::count, at<&SocConfig::l2, &L2Config::latency_cycles>, {0, 64}, {},
     "fabric cycles",
     "Latency of an access."},
    {"l2.banks", Type::count, at<&SocConfig::l2, &L2Config::banks>, {1, 64}, {}, "banks",
     "Banks, each with an access per cycle; consecutive words of `width` lie in consecutive banks."},
    {"l2.slices", Type::count, at<&SocConfig::l2, &L2Config::slices>, power_of_two(1, 64), {},
     "memories",
     "Equal parts, one after the other in the address map, each with its own place and ports."},

    {"nvm.size", Type::bytes, at<&SocConfig::nvm, &NvmConfig::size_bytes>,
     {0, 512 * mib, false, 4096}, {}, "bytes",
     "Size of the embedded RRAM at 0x20000000, which holds the model image; `\"0 B\"` leaves "
     "it out."},
    {"nvm.width", Type::bytes, at<&SocConfig::nvm, &NvmConfig::width_bytes>,
     power_of_two(4, 64), {}, "bytes",
     "Bytes of one array access."},
    {"nvm.read_latency", Type::count, at<&SocConfig::nvm, &NvmConfig::read_latency_cycles>,
     {0, 100'000}, {}, "fabric cycles",
     "Latency of a read."},
    {"nvm.write_latency", Type::count, at<&SocConfig::nvm, &NvmConfig::write_latency_cycles>,
     {0, 10'000'000}, {}, "fabric cycles",
     "Time of a write: reads the word, pulses the cells that change (SET, then RESET), checks. The "
     "array serves no other access meanwhile."},
    {"nvm.page", Type::bytes, at<&SocConfig::nvm, &NvmConfig::page_bytes>,
     power_of_two(4, 4 * kib), {}, "bytes",
     "Unit in which write cycles are counted."},
    {"nvm.endurance", Type::count, at<&SocConfig::nvm, &NvmConfig::endurance>,
     {1, 2e9}, {}, "write cycles",
     "Cycles that all cells of a page bear; they fail one by one until twice that."},

    {"dram.size", Type::bytes, at<&SocConfig::dram, &DramConfig::size_bytes>,
     {0, 768 * mib, false, 4096}, {}, "bytes",
     "Size of the external DRAM at 0xa0000000; `\"0 B\"` leaves it out."},
    {"dram.part", Type::choice, at<&SocConfig::dram, &DramConfig::part>, {},
     {"lpddr4-3200"}, "",
     "Timing and energy of the part: one channel of 16 bits of Micron's 6 Gb LPDDR4-3200."},

    {"csram.size", Type::bytes, at<&SocConfig::csram, &CsramConfig::size_bytes>,
     {0, 4 * mib, false, 64}, {}, "bytes",
     "Size of the computing SRAM at 0x38000000, rows of 64 bytes; `\"0 B\"` leaves it out."},

    {"dma.channels", Type::count, at<&SocConfig::dma, &DmaConfig::channels>, {0, 8}, {},
     "channels",
     "Channels of the DMA at 0x10017000; 0 leaves it out. Virtio slot 7 would have its interrupt: "
     "not with 8 slots."},
    {"dma.burst", Type::bytes, at<&SocConfig::dma, &DmaConfig::burst_bytes>, power_of_two(4, 256),
     {}, "bytes",
     "Longest burst."},

    {"cim.stride", Type::bytes, at<&SocConfig::cim, &CimConfig::stride_bytes>,
     power_of_two(16 * kib, 512 * mib), {}, "bytes",
     "Distance between the windows of two tiles; tile n stands at 0x40000000 + n · stride."},

    {"cim.tile.count", Type::count, in_tile<&TileConfig::count>, {1, 1024}, {}, "tiles",
     "How many such tiles; numbers go on from the list's element before."},
    {"cim.tile.array", Type::choice, in_tile<&TileConfig::array>, {},
     {"digital-sram", "c3cim", "crossbar"}, "",
     "Kind of the cell array."},
    {"cim.tile.macros", Type::count, in_tile<&TileConfig::macros>, {1, 64}, {}, "macros",
     "Cell arrays in a tile; they share its sequencer."},
    {"cim.tile.rows", Type::count, in_tile<&TileConfig::rows>, {1, 1024}, {}, "rows",
     "Rows of a macro: inputs of one product."},
    {"cim.tile.cols", Type::count, in_tile<&TileConfig::cols>, {8, 8192, false, 8}, {}, "bits",
     "Bits of a row; a multiple of the weight's bits, and of its sign where that is beside them."},
    {"cim.tile.weight_bits", Type::count, in_tile<&TileConfig::weight_bits>,
     {1, 16, false, 1, {1, 2, 4, 8, 16}}, {}, "bits",
     "Bits of a weight."},
    {"cim.tile.encoding", Type::choice, in_tile<&TileConfig::encoding>, {},
     {"binary", "fibbinary", "relaxed"}, "",
     "How a weight's bits count: binary; magnitudes with no two adjacent ones; magnitudes with no "
     "two adjacent ones in a group of two bits."},
    {"cim.tile.sign", Type::choice, in_tile<&TileConfig::sign>, {},
     {"none", "inside", "beside"}, "",
     "Sign of a fibbinary or relaxed weight: none, its highest bit, or a cell beside its bits."},
    {"cim.tile.input_slice", Type::count, in_tile<&TileConfig::input_slice>,
     {1, 8, false, 1, {1, 2, 4, 8}}, {}, "bits",
     "Bits of an input that enter in a cycle; from 2 on, multipliers take groups of two bits of a "
     "weight."},
    {"cim.tile.adder", Type::choice, in_tile<&TileConfig::adder>, {},
     {"exact", "lower-or"}, "",
     "Adder tree of a column: exact, or with adders that OR their lower bits."},
    {"cim.tile.adder_bits", Type::count, in_tile<&TileConfig::adder_bits>, {1, 16}, {}, "bits",
     "Lower bits that a `lower-or` adder ORs."},
    {"cim.tile.adder_levels", Type::text, in_tile<&TileConfig::adder_levels>, {}, {}, "",
     "Levels of the tree with `lower-or` adders, such as `\"1-3,5\"` or `\"all\"`; level 1 adds the "
     "products."},
    {"cim.tile.l1_in", Type::bytes, in_tile<&TileConfig::l1_in_bytes>,
     power_of_two(64, 16 * mib), {}, "bytes",
     "Buffer for inputs."},
    {"cim.tile.l1_out", Type::bytes, in_tile<&TileConfig::l1_out_bytes>,
     power_of_two(64, 16 * mib), {}, "bytes",
     "Buffer for outputs."},
    {"cim.tile.queue", Type::count, in_tile<&TileConfig::queue>, {1, 255}, {}, "descriptors",
     "Job descriptors that can wait in a tile."},

    {"cim.tile.c3cim.cell", Type::choice, in_c3cim<&SeriesArrayConfig::cell>,
     {}, {"rram", "pcm", "stt-mram", "fefet"}, "",
     "Preset of resistances, spreads, write energy and endurance."},
    {"cim.tile.c3cim.fidelity", Type::choice, in_c3cim<&SeriesArrayConfig::fidelity>,
     {}, {"fast", "exact"}, "",
     "Read noise: one number a column, or one a cell, of the same distribution."},
    {"cim.tile.c3cim.series", Type::count, in_c3cim<&SeriesArrayConfig::series>,
     {1, 256}, {}, "cells",
     "Cells of a column in series; columns of more rows are in segments."},
    {"cim.tile.c3cim.current", Type::count, in_c3cim<&SeriesArrayConfig::current_na>,
     {1, 1000}, {}, "nA",
     "Constant current of a column; sets the read time."},
    {"cim.tile.c3cim.supply", Type::count, in_c3cim<&SeriesArrayConfig::supply_mv>,
     {100, 5000}, {}, "mV",
     "Supply of the columns."},
    {"cim.tile.c3cim.saturation", Type::count, in_c3cim<&SeriesArrayConfig::saturation_mv>,
     {0, 1000}, {}, "mV",
     "What the current source needs; the rest is headroom for the cells."},
    {"cim.tile.c3cim.adc_bits", Type::count, in_c3cim<&SeriesArrayConfig::adc_bits>,
     {1, 12}, {}, "bits",
     "Resolution of a count, of comparators as well."},
    {"cim.tile.c3cim.sense", Type::choice, in_c3cim<&SeriesArrayConfig::sense>,
     {}, {"adc", "comparator"}, "",
     "What turns a voltage into a count; a comparator takes a tile cycle for each bit."},
    {"cim.tile.c3cim.columns_per_sense", Type::count, in_c3cim<&SeriesArrayConfig::columns_per_sense>,
     {1, 8192}, {}, "columns",
     "Columns that share a converter."},
    {"cim.tile.c3cim.transposed", Type::choice, in_c3cim<&SeriesArrayConfig::transposed>,
     {}, {"one-hot", "second-array"}, "",
     "Transposed products: row by row, or by a second array with the transpose."},
    {"cim.tile.c3cim.device_spread", Type::fraction, in_c3cim<&SeriesArrayConfig::device_spread>,
     {0, 10}, {}, "",
     "Factor on the preset's spread from device to device; 0: off."},
    {"cim.tile.c3cim.cycle_spread", Type::fraction, in_c3cim<&SeriesArrayConfig::cycle_spread>,
     {0, 10}, {}, "",
     "Factor on the preset's spread from write to write; 0: off."},
    {"cim.tile.c3cim.read_noise", Type::fraction, in_c3cim<&SeriesArrayConfig::read_noise>,
     {0, 10}, {}, "",
     "Factor on the preset's read noise; 0: off."},
    {"cim.tile.c3cim.stuck_cells", Type::fraction, in_c3cim<&SeriesArrayConfig::stuck_cells>,
     {0, 10}, {}, "",
     "Factor on the preset's fractions of stuck cells; 0: none."},
    {"cim.tile.c3cim.read_disturb", Type::flag, in_c3cim<&SeriesArrayConfig::read_disturb>,
     {}, {}, "",
     "Whether long stress by reads changes cells, where the preset has it."},
    {"cim.tile.c3cim.endurance", Type::flag, in_c3cim<&SeriesArrayConfig::endurance>,
     {}, {}, "",
     "Whether cells wear out."},
    {"cim.tile.c3cim.temperature", Type::count, in_c3cim<&SeriesArrayConfig::temperature_k>,
     {200, 500}, {}, "K",
     "Temperature of the cells, for read disturb."},
    {"cim.tile.c3cim.age", Type::count, in_c3cim<&SeriesArrayConfig::age_s>,
     {0, 1e10}, {}, "s",
     "Age of the array when the simulation begins."},

    {"cim.tile.crossbar.cell", Type::choice, in_crossbar<&LevelArrayConfig::cell>,
     {}, {"pcm", "rram"}, "",
     "Energy of a pulse and endurance; conductances have keys of their own."},
    {"cim.tile.crossbar.fidelity", Type::choice, in_crossbar<&LevelArrayConfig::fidelity>,
     {}, {"fast", "exact"}, "",
     "Read noise: one number a column, or one a cell, of the same distribution."},
    {"cim.tile.crossbar.levels", Type::count, in_crossbar<&LevelArrayConfig::levels>,
     {2, 1024}, {}, "levels",
     "Conductances that a cell can hold apart."},
    {"cim.tile.crossbar.g_min", Type::count, in_crossbar<&LevelArrayConfig::g_min_ns>,
     {0, 1000000}, {}, "nS",
     "Smallest conductance."},
    {"cim.tile.crossbar.g_max", Type::count, in_crossbar<&LevelArrayConfig::g_max_ns>,
     {1, 1000000}, {}, "nS",
     "Largest conductance."},
    {"cim.tile.crossbar.weights_signed", Type::flag, in_crossbar<&LevelArrayConfig::weights_signed>,
     {}, {}, "",
     "What jobs must say of their weights."},
    {"cim.tile.crossbar.polarity", Type::choice, in_crossbar<&LevelArrayConfig::polarity>,
     {}, {"bipolar", "unipolar"}, "",
     "A weight is a pair of cells, or one cell and a digital offset."},
    {"cim.tile.crossbar.subtraction", Type::choice, in_crossbar<&LevelArrayConfig::subtraction>,
     {}, {"analog", "digital"}, "",
     "Pairs of columns are subtracted before one conversion or after two."},
    {"cim.tile.crossbar.ranges", Type::choice, in_crossbar<&LevelArrayConfig::ranges>,
     {}, {"filter", "layer", "shared"}, "",
     "What an ADC's full scale follows: its column's weights, the largest of the window, or the largest possible."},
    {"cim.tile.crossbar.clip", Type::fraction, in_crossbar<&LevelArrayConfig::clip>,
     {0.001, 1}, {}, "",
     "Full scale of an ADC over the largest sum in its range."},
    {"cim.tile.crossbar.dac_bits", Type::count, in_crossbar<&LevelArrayConfig::dac_bits>,
     {1, 8}, {}, "bits",
     "Inputs of more bits take several reads."},
    {"cim.tile.crossbar.adc_bits", Type::count, in_crossbar<&LevelArrayConfig::adc_bits>,
     {1, 16}, {}, "bits",
     "Resolution of a column's ADC."},
    {"cim.tile.crossbar.columns_per_adc", Type::count, in_crossbar<&LevelArrayConfig::columns_per_adc>,
     {1, 8192}, {}, "columns",
     "Columns that share a converter."},
    {"cim.tile.crossbar.read_voltage", Type::count, in_crossbar<&LevelArrayConfig::read_mv>,
     {1, 2000}, {}, "mV",
     "Voltage of the largest input."},
    {"cim.tile.crossbar.read_time", Type::count, in_crossbar<&LevelArrayConfig::read_ns>,
     {1, 100000}, {}, "ns",
     "Time that inputs are applied."},
    {"cim.tile.crossbar.pulse_time", Type::count, in_crossbar<&LevelArrayConfig::pulse_ns>,
     {1, 100000}, {}, "ns",
     "Time of a write pulse."},
    {"cim.tile.crossbar.verify_tolerance", Type::fraction, in_crossbar<&LevelArrayConfig::verify_tolerance>,
     {0.001, 100}, {}, "levels",
     "How near a verified cell must be."},
    {"cim.tile.crossbar.verify_pulses", Type::count, in_crossbar<&LevelArrayConfig::verify_pulses>,
     {1, 1000}, {}, "pulses",
     "Tries of a verified cell."},
    {"cim.tile.crossbar.pulse_nonlinearity", Type::fraction, in_crossbar<&LevelArrayConfig::pulse_nonlinearity>,
     {0, 1}, {}, "",
     "Updates: how much of a step is lost on the way to the bound."},
    {"cim.tile.crossbar.pulse_variation", Type::fraction, in_crossbar<&LevelArrayConfig::pulse_variation>,
     {0, 10}, {}, "",
     "Updates: relative spread of a step."},
    {"cim.tile.crossbar.write_noise", Type::choice, in_crossbar<&LevelArrayConfig::write_noise>,
     {}, {"none", "relative", "pcm", "pcm-joshi", "rram-milo", "rram-wan"}, "",
     "Programming error as a function of the conductance."},
    {"cim.tile.crossbar.write_sigma", Type::fraction, in_crossbar<&LevelArrayConfig::write_sigma>,
     {0, 1}, {}, "",
     "Programming error over g_max, for `relative`."},
    {"cim.tile.crossbar.drift", Type::flag, in_crossbar<&LevelArrayConfig::drift>,
     {}, {}, "",
     "Drift of phase-change cells."},
    {"cim.tile.crossbar.flicker", Type::flag, in_crossbar<&LevelArrayConfig::flicker>,
     {}, {}, "",
     "1/f read noise of phase-change cells."},
    {"cim.tile.crossbar.read_noise", Type::fraction, in_crossbar<&LevelArrayConfig::read_noise>,
     {0, 1}, {}, "",
     "White read noise over the conductance; 0: off."},
    {"cim.tile.crossbar.stuck_low", Type::fraction, in_crossbar<&LevelArrayConfig::stuck_low>,
     {0, 1}, {}, "",
     "Fraction of cells stuck at g_min."},
    {"cim.tile.crossbar.stuck_high", Type::fraction, in_crossbar<&LevelArrayConfig::stuck_high>,
     {0, 1}, {}, "",
     "Fraction of cells stuck at g_max."},
    {"cim.tile.crossbar.temperature", Type::count, in_crossbar<&LevelArrayConfig::temperature_k>,
     {200, 500}, {}, "K",
     "Temperature of the cells."},
    {"cim.tile.crossbar.activation", Type::count, in_crossbar<&LevelArrayConfig::activation_mev>,
     {0, 2000}, {}, "meV",
     "Activation energy of conduction; 0: no dependence on temperature."},
    {"cim.tile.crossbar.quadratic", Type::fraction, in_crossbar<&LevelArrayConfig::quadratic>,
     {0, 100}, {}, "1/V",
     "Nonlinear conduction: I = G·V·(1 + quadratic·|V| + cubic·V²)."},
    {"cim.tile.crossbar.cubic", Type::fraction, in_crossbar<&LevelArrayConfig::cubic>,
     {0, 100}, {}, "1/V²",
     "See quadratic."},
    {"cim.tile.crossbar.wire", Type::count, in_crossbar<&LevelArrayConfig::wire_mohm>,
     {0, 1000000}, {}, "mOhm",
     "Resistance of a wire segment between cells; 0: no IR drop."},
    {"cim.tile.crossbar.endurance", Type::flag, in_crossbar<&LevelArrayConfig::endurance>,
     {}, {}, "",
     "Whether cells wear out."},
    {"cim.tile.crossbar.age", Type::count, in_crossbar<&LevelArrayConfig::age_s>,
     {0, 1e10}, {}, "s",
     "Age of the array when the simulation begins."},

    {"sensor.name", Type::text, at<&SocConfig::sensors, &SensorConfig::name>, {}, {}, "",
     "Name of the front-end, as `--sensor NAME=FILE` and `--set sensor.NAME.rate=...` call "
     "it."},
    {"sensor.rate", Type::rate, at<&SocConfig::sensors, &SensorConfig::frame_period>,
     {1000, hour_ps}, {}, "frames per second, or period",
     "Frames per second; any, such as `\"30 Hz\"`: no rounding adds up. Address events have their "
     "own times, a sound file its own rate."},
    {"sensor.fifo", Type::bytes, at<&SocConfig::sensors, &SensorConfig::fifo_bytes>,
     power_of_two(16, 16 * mib), {}, "bytes",
     "Buffer for samples; what does not fit is lost and counted."},

    {"sensor.degradation.from_frame", Type::integer,
     at<&SocConfig::sensors, &SensorConfig::degradation, &DegradationConfig::from_frame>,
     {-1, 9e15}, {}, "frame",
     "First frame that is degraded; -1: never."},
    {"sensor.degradation.dead_columns", Type::count,
     at<&SocConfig::sensors, &SensorConfig::degradation, &DegradationConfig::dead_columns>,
     {0, 65536}, {}, "columns",
     "Columns of the image that read zero."},
    {"sensor.degradation.dead_first", Type::count,
     at<&SocConfig::sensors, &SensorConfig::degradation, &DegradationConfig::dead_first>,
     {0, 65535}, {}, "column",
     "First column that may die."},
    {"sensor.degradation.dead_last", Type::count,
     at<&SocConfig::sensors, &SensorConfig::degradation, &DegradationConfig::dead_last>,
     {0, 65535}, {}, "column",
     "Last column that may die; beyond the image: its last column."},
    {"sensor.degradation.gain_error", Type::fraction,
     at<&SocConfig::sensors, &SensorConfig::degradation, &DegradationConfig::gain_error>,
     {0, 0.99}, {}, "",
     "Greatest relative error of a pixel's gain."},
};
// clang-format on

std::vector<Section> make_sections() {
    return {
        {"soc", "What the SoC is."},
        {"clock",
         "Clocks. A period is a whole number of picoseconds: write a frequency such as "
         "`\"200 MHz\"` or a period such as `\"3003 ps\"`."},
        {"host", "The RISC-V host."},
        {"interconnect", "The system interconnect."},
        {"interconnect.place", "Where a device is in a mesh.", 4096, "device",
         [](const SocConfig& config) { return config.interconnect.places.size(); },
         [](SocConfig& config, std::size_t size) { config.interconnect.places.resize(size); }},
        {"l2", "The L2 memory."},
        {"nvm", "The non-volatile memory."},
        {"dram", "The external DRAM."},
        {"csram", "A memory whose rows compute."},
        {"dma", "The DMA."},
        {"cim", "Compute-in-memory tiles."},
        {"cim.tile", "A group of equal tiles.", 64, "",
         [](const SocConfig& config) { return config.cim.tiles.size(); },
         [](SocConfig& config, std::size_t size) { config.cim.tiles.resize(size); }},
        {"cim.tile.c3cim", "Cells in series read by a constant current, for `array = \"c3cim\"`."},
        {"cim.tile.crossbar", "Conductances between converters, for `array = \"crossbar\"`."},
        {"sensor", "A sensor front-end.", 16, "name",
         [](const SocConfig& config) { return config.sensors.size(); },
         [](SocConfig& config, std::size_t size) { config.sensors.resize(size); }},
        {"sensor.degradation", "How a sensor ages in the field, to study learning on the device."},
    };
}

}  // namespace

std::string_view Key::section() const {
    return path.substr(0, path.rfind('.'));
}

std::string_view Key::name() const {
    return path.substr(path.rfind('.') + 1);
}

std::span<const Section> sections() {
    static const std::vector<Section> table = make_sections();
    return table;
}

std::span<const Key> keys() {
    return key_table;
}

const Key* find_key(std::string_view path) {
    const auto all = keys();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Key& key) { return key.path == path; });
    return found == all.end() ? nullptr : &*found;
}

const Section* find_section(std::string_view path) {
    const auto all = sections();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Section& section) { return section.path == path; });
    return found == all.end() ? nullptr : &*found;
}

const Section* list_of(std::string_view path) {
    for (;; path = path.substr(0, path.rfind('.'))) {
        const Section* found = find_section(path);
        if (found != nullptr && found->is_list()) {
            return found;
        }
        if (path.find('.') == std::string_view::npos) {
            return nullptr;
        }
    }
}

std::vector<std::string> names_in(std::string_view section) {
    std::vector<std::string> names;
    for (const Key& key : keys()) {
        if (key.section() == section) {
            names.emplace_back(key.name());
        }
    }
    for (const Section& candidate : sections()) {
        const std::size_t dot = candidate.path.rfind('.');
        const bool top = dot == std::string_view::npos;
        if ((top ? std::string_view{} : candidate.path.substr(0, dot)) == section) {
            names.emplace_back(top ? candidate.path : candidate.path.substr(dot + 1));
        }
    }
    return names;
}

std::string heading(std::string_view section) {
    const Section* found = find_section(section);
    const bool list = found != nullptr && found->is_list();
    return (list ? "[[" : "[") + std::string(section) + (list ? "]]" : "]");
}

}  // namespace cimera::schema
