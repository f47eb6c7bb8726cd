// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/soc/device_table.hpp"

#include <map>

#include "models/peripherals/clint.hpp"
#include "models/peripherals/energy_counters.hpp"
#include "models/peripherals/finisher.hpp"
#include "models/peripherals/gpio.hpp"
#include "models/peripherals/mailbox.hpp"
#include "models/peripherals/rng.hpp"
#include "models/peripherals/soc_info.hpp"
#include "models/peripherals/timer.hpp"
#include "models/peripherals/watchdog.hpp"
#include "platform/soc/soc.hpp"
#include "regs/energy.hpp"
#include "regs/finisher.hpp"
#include "regs/gpio.hpp"
#include "regs/mailbox.hpp"
#include "regs/rng.hpp"
#include "regs/socinfo.hpp"
#include "regs/timer.hpp"
#include "regs/watchdog.hpp"

namespace cimera {

namespace {

/// Builds a device and connects its interrupt, if it has one. `more` are the further arguments of
/// its constructor.
template <class Device, class... More>
std::unique_ptr<Peripheral> make(const DeviceSite& site, More&&... more) {
    auto device = std::make_unique<Device>(site.name, site.env, std::forward<More>(more)...);
    if constexpr (requires { device->irq; }) {
        device->irq.bind(site.irq);
    }
    return device;
}

/// Bit k: device k of the control bus is there.
std::uint32_t small_devices(const std::vector<MapEntry>& map) {
    constexpr std::uint64_t base = 0x1001'0000;
    constexpr std::uint64_t stride = 0x1000;
    std::uint32_t bits = 0;
    for (unsigned k = 0; k < 16; ++k) {
        bits |= (find_entry(map, base + k * stride) != nullptr ? 1U : 0U) << k;
    }
    return bits;
}

std::map<std::uint32_t, std::uint32_t> information(const SocConfig& config,
                                                   const std::vector<MapEntry>& map) {
    using namespace regs::socinfo;
    const auto word = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    return {{TILE_COUNT, word(config.cim.tile_count())},
            {TILE_BASE, word(fixed_map::cim_base)},
            {TILE_STRIDE, word(config.cim.stride_bytes)},
            {CLUSTER_COUNT, 0},
            {CLUSTER_BASE, word(fixed_map::snn_base)},
            {CLUSTER_STRIDE, 0},
            {SENSOR_COUNT, word(config.sensors.size())},
            {SENSOR_BASE, 0x1002'0000},
            {SENSOR_STRIDE, 0x1000},
            {HOST_HZ, hertz(config.clock.host_period_ps)},
            {FABRIC_HZ, hertz(config.clock.fabric_period_ps)},
            {CIM_HZ, hertz(config.clock.cim_period_ps)},
            {PERIPHERAL_HZ, hertz(config.clock.peripherals_period_ps)},
            {TIMEBASE_HZ, hertz(Clint::tick)},
            {DEVICES, small_devices(map)},
            {L2_BASE, word(fixed_map::l2_base)},
            {L2_SIZE, word(config.l2.size_bytes)},
            {NVM_BASE, word(fixed_map::nvm_base)},
            {NVM_SIZE, word(config.nvm.size_bytes)},
            {DRAM_BASE, word(fixed_map::dram_base)},
            {DRAM_SIZE, word(config.dram.size_bytes)}};
}

const std::vector<DeviceRow>& all_devices() {
    using Site = const DeviceSite&;
    static const std::vector<DeviceRow> rows{
        {"finisher", 0x0010'0000, regs::finisher::block, 0,
         [](Site s) { return make<Finisher>(s, s.hooks.control); }},
        {"mailbox", 0x1001'2000, regs::mailbox::block, 0, make<Mailbox>},
        {"timer", 0x1001'3000, regs::timer::block, 4, make<Timer>},
        {"watchdog", 0x1001'4000, regs::watchdog::block, 5,
         [](Site s) { return make<Watchdog>(s, s.hooks.control); }},
        {"gpio", 0x1001'5000, regs::gpio::block, 6,
         [](Site s) { return make<Gpio>(s, s.inputs.pins); }},
        {"rng", 0x1001'6000, regs::rng::block, 7,
         [](Site s) { return make<Rng>(s, s.inputs.seed); }},
        {"info", 0x1001'9000, regs::socinfo::block, 0,
         [](Site s) { return make<SocInfo>(s, information(s.config, s.map)); }},
        // Last: its zero is what all others have spent until their reset.
        {"energy", 0x1001'1000, regs::energy::block, 0, make<EnergyCounters>},
    };
    return rows;
}

}  // namespace

std::vector<DeviceRow> device_table(const SocConfig& config) {
    std::vector<DeviceRow> rows;
    for (const DeviceRow& row : all_devices()) {
        if (row.irq == 0 || row.irq > config.host.virtio_slots) {
            rows.push_back(row);
        }
    }
    return rows;
}

}  // namespace cimera
