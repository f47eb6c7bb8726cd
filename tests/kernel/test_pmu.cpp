// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <array>
#include <cstring>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "models/memory/memory.hpp"
#include "models/peripherals/mailbox.hpp"
#include "models/peripherals/pmu.hpp"
#include "regs/mailbox.hpp"
#include "regs/pmu.hpp"
#include "tests/support/bus_probe.hpp"

namespace cimera {
namespace {

using namespace regs::pmu;

constexpr Picoseconds ns = 1000;

/// An event costs 1000 aJ, a unit leaks an attojoule per picosecond; point "low" is at half the
/// voltage; a quarter of the leakage is left in retention, a tenth in off.
class Prices final : public PriceList {
public:
    [[nodiscard]] double energy(const std::string& /*entry*/) const override { return 1000; }
    [[nodiscard]] double leakage(const std::string& entry) const override {
        return entry == "peripheral" ? 1e12 : 0;
    }
    [[nodiscard]] double relative_voltage(const std::string& point) const override {
        return point == "low" ? 0.5 : 1;
    }
    [[nodiscard]] double leakage_share(const std::string& /*entry*/,
                                       PowerState state) const override {
        return state == PowerState::off ? 0.1 : state == PowerState::retention ? 0.25 : 1;
    }
};

constexpr std::uint32_t always_on = 0;
constexpr std::uint32_t host = 1;
constexpr std::uint32_t fabric = 2;
constexpr std::uint32_t l2 = 3;
constexpr std::uint32_t tile = 4;

MemoryConfig memory_config() {
    return {.size = 4096,
            .family = "sram",
            .read_price = {"sram"},
            .write_price = {"sram"},
            .leakage = {}};
}

/// A PMU with a host and a fabric that are not there, a memory as L2 and a mailbox as tile.
struct Chip {
    Prices prices;
    Ledger ledger{prices};
    test::Complaints complaints;
    std::array<DomainId, 5> ids{
        ledger.add_domain("always_on"), ledger.add_domain("host", {"nominal", "low"}),
        ledger.add_domain("fabric", {"nominal", "low"}),
        ledger.add_domain("l2", {"nominal", "low"}), ledger.add_domain("tile", {"nominal", "low"})};
    Clock peripheral_clock{10 * ns};
    Clock host_clock{5 * ns};
    Clock fabric_clock{5 * ns};
    Clock tile_clock{5 * ns};
    PowerDomain host_power{ledger, ids[host], &host_clock, {5 * ns, 20 * ns}, 1};
    PowerDomain fabric_power{ledger, ids[fabric], &fabric_clock, {5 * ns, 10 * ns}, 1};
    PowerDomain l2_power{ledger, ids[l2], nullptr, {}, 1};
    PowerDomain tile_power{ledger, ids[tile], &tile_clock, {5 * ns, 20 * ns}, 1};
    bool busy = false;
    Memory memory{"l2", memory_config(), environment(l2, fabric_clock, &l2_power)};
    Mailbox block{"block", environment(tile, tile_clock, &tile_power)};
    Pmu pmu{"pmu", environment(always_on, peripheral_clock, nullptr), config()};
    test::BusProbe bus{pmu.bus.get_base_interface()};
    test::BusProbe tile_bus{block.bus.get_base_interface()};
    test::BusProbe l2_bus{memory.bus.get_base_interface()};
    test::Plug pmu_plug{"pmu_plug", pmu.bus};
    test::Plug tile_plug{"tile_plug", block.bus};
    test::Plug l2_plug{"l2_plug", memory.bus};
    test::IrqSpy irq;

    Chip() {
        pmu.irq.bind(irq);
        pmu.reset(ResetKind::cold);
        block.reset(ResetKind::cold);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
        bus.write(IRQ_ENABLE, 3);
        complaints.errors.clear();
    }
    Environment environment(std::uint32_t domain, const Clock& clock, PowerDomain* power) {
        return {ledger, complaints, ids[domain], clock, TimingStyle::loose, power};
    }
    PmuConfig config() {
        PmuConfig config;
        config.domains = {
            {.id = ids[always_on]},
            {.id = ids[host],
             .kind = DomainKind::host,
             .power = &host_power,
             .states = 0xF,
             .periods = host_power.periods()},
            {.id = ids[fabric],
             .kind = DomainKind::fabric,
             .power = &fabric_power,
             .periods = fabric_power.periods(),
             .busy = [this] { return busy; }},
            {.id = ids[l2], .kind = DomainKind::l2, .power = &l2_power, .states = 0xD},
            {.id = ids[tile],
             .kind = DomainKind::tile,
             .index = 7,
             .power = &tile_power,
             .states = 0xF,
             .periods = tile_power.periods(),
             .from_off = 0,
             .from_retention = 1,
             .busy = [this] { return busy; }}};
        config.points = {"nominal", "low"};
        config.off_latency = 1000 * ns;
        config.retention_latency = 100 * ns;
        config.point_latency = 200 * ns;
        config.inrush = {{"pmu.inrush", {{"inrush", 7}}}, {"pmu.inrush", {{"inrush", 3}}}};
        config.reset_pc = 0x1000;
        return config;
    }
    static void run_until(Picoseconds at) {
        sc_core::sc_start(sc_core::sc_time::from_value(at - kernel_now()));
    }
    void ask(std::uint32_t domain, std::uint32_t offset, std::uint32_t value) {
        bus.delay = sc_core::SC_ZERO_TIME;
        bus.write(SELECT, SELECT_DOMAIN::of(domain));
        bus.delay = sc_core::SC_ZERO_TIME;
        bus.write(offset, value);
        bus.delay = sc_core::SC_ZERO_TIME;
    }
    std::uint32_t error() {
        bus.write(IRQ_STATUS, 3);
        return bus.read(ERROR);
    }
    std::uint32_t status(std::uint32_t domain, Picoseconds ahead = 0) {
        bus.write(SELECT, SELECT_DOMAIN::of(domain));
        bus.delay = sc_core::sc_time::from_value(ahead);
        const std::uint32_t status = bus.read(STATUS);
        bus.delay = sc_core::SC_ZERO_TIME;
        return status;
    }
    /// What the tile answers `ahead` of the kernel; empty: it does.
    std::string touch(Picoseconds ahead = 0) {
        tile_bus.delay = sc_core::sc_time::from_value(ahead);
        complaints.errors.clear();
        tile_bus.read(regs::mailbox::VALUE_LO);
        CHECK(complaints.errors.empty() == (tile_bus.response == tlm::TLM_OK_RESPONSE));
        return complaints.errors.empty() ? "" : complaints.errors[0].reason;
    }
};

}  // namespace

TEST_CASE("pmu: states, points and their energy, by hand", "[kernel]") {
    Chip c;
    c.run_until(1000 * ns);
    c.ask(tile, STATE, 3);
    CHECK(c.status(tile) == STATUS_STATE::of(3));
    CHECK(c.irq.level);
    CHECK(c.touch() == "domain tile is off");
    CHECK(c.complaints.errors[0].device == "block");
    CHECK(c.complaints.errors[0].place == "VALUE_LO (offset 0x20)");
    c.bus.write(IRQ_STATUS, 3);

    c.run_until(2000 * ns);
    c.ask(tile, STATE, 0);
    CHECK(c.touch() == "domain tile is waking up");
    CHECK(c.status(tile) == STATUS_CHANGES::mask);
    CHECK_FALSE(c.irq.level);
    c.run_until(3001 * ns);
    CHECK(c.irq.level);
    CHECK(c.irq.changes.back().second == 3000 * ns);
    CHECK(c.touch().empty());  // 1 access, nominal

    c.run_until(4000 * ns);
    c.ask(tile, POINT, 1);
    CHECK(c.touch() == "domain tile changes its operating point");
    CHECK(c.tile_clock.period() == 5 * ns);
    c.run_until(4201 * ns);
    CHECK(c.tile_clock.period() == 20 * ns);
    CHECK(c.touch().empty());
    CHECK(c.tile_bus.delay.value() == 20 * ns);  // the new clock's cycle
    CHECK(c.touch().empty());                    // 2 accesses, low

    c.run_until(5000 * ns);
    c.ask(tile, STATE, 2);
    CHECK(c.touch() == "domain tile is in retention");
    c.run_until(6000 * ns);
    c.ask(tile, STATE, 0);
    c.run_until(6100 * ns);
    c.ask(tile, STATE, 1);
    CHECK(c.touch() == "domain tile is clock-gated");
    c.run_until(7000 * ns);

    const EnergyReport energy = c.ledger.report(kernel_now());
    const Attojoules on = 1'000'000 + 2'200'000;               // 0 to 1 us, 2 to 4.2 us
    const Attojoules low = (800'000 + 100'000 + 900'000) / 8;  // to 5 us, then from 6 us on
    const Attojoules rest = 1'000'000 / 10 + 1'000'000 / 4;    // off, retention
    const Attojoules accesses = 1 * 1000 + 2 * 250;
    CHECK(energy.by_domain.at("tile") == on + low + rest + accesses);
    CHECK(energy.by_event.at("pmu.inrush") == 7000 + 3000);
    const LedgerCounts counts = c.ledger.counts(kernel_now());
    Picoseconds time = 0;
    for (const PowerInterval& interval : counts.domains[tile].intervals) {
        time += interval.time;
    }
    CHECK(time == kernel_now());
}

TEST_CASE("pmu: an access ahead of the kernel meets what holds then", "[kernel]") {
    Chip c;
    c.run_until(1000 * ns);
    c.ask(tile, STATE, 2);
    c.ask(tile, STATE, 0);
    CHECK(c.touch(99 * ns) == "domain tile is waking up");
    CHECK(c.status(tile, 99 * ns) == STATUS_CHANGES::mask);
    c.bus.write(IRQ_STATUS, 3);
    CHECK(c.touch(100 * ns).empty());
    CHECK(c.status(tile, 100 * ns) == 0);
    c.bus.delay = sc_core::sc_time::from_value(100 * ns);
    CHECK(c.bus.read(IRQ_STATUS) == IRQ_STATUS_DONE::mask);
    c.run_until(1101 * ns);
    CHECK(c.irq.level);
    c.ask(tile, POINT, 1);
    CHECK(c.touch(200 * ns).empty());
    // The access at the new point, though the kernel has not reached the change.
    CHECK(c.ledger.counts(2000 * ns).components[1].rows.back().point == 1);
    CHECK(c.irq.changes.back().second == 1100 * ns);
}

TEST_CASE("pmu: refuses what is not allowed, and says why", "[kernel]") {
    Chip c;
    const auto refused = [&c](std::uint32_t domain, std::uint32_t offset, std::uint32_t value) {
        c.complaints.errors.clear();
        c.ask(domain, offset, value);
        const std::uint32_t code = c.error();
        CHECK((c.complaints.errors.empty() == (code == 0)));
        CHECK(ERROR_DOMAIN::get(code) == (code == 0 ? 0 : domain));
        CHECK(c.bus.read(ERROR) == 0);  // reading clears
        return ERROR_CODE::get(code);
    };
    CHECK(refused(5, STATE, 3) == 1);
    CHECK(refused(always_on, STATE, 3) == 2);
    CHECK(c.complaints.errors[0].reason == "domain always_on: it is always on");
    CHECK(refused(always_on, POINT, 0) == 2);
    CHECK(refused(fabric, STATE, 3) == 3);
    CHECK(refused(l2, STATE, 1) == 3);
    CHECK(refused(l2, POINT, 1) == 4);
    CHECK(refused(tile, POINT, 2) == 4);
    c.busy = true;
    CHECK(refused(tile, STATE, 1) == 5);
    CHECK(refused(tile, STATE, 2) == 5);
    CHECK(refused(tile, POINT, 1) == 5);
    CHECK(refused(tile, STATE, 3) == 0);  // off takes no notice
    CHECK(refused(tile, STATE, 2) == 7);
    c.busy = false;
    CHECK(refused(tile, POINT, 1) == 7);
    CHECK(refused(tile, STATE, 0) == 0);
    CHECK(refused(tile, STATE, 3) == 5);  // it wakes up
    CHECK(refused(host, STATE, 3) == 6);
    c.bus.write(WAKE, WAKE_TIMER::mask);
    CHECK(refused(host, STATE, 3) == 0);
    CHECK(c.status(host) == STATUS_WAITS::mask);
    CHECK(c.bus.write(SLEEP, 1) == tlm::TLM_COMMAND_ERROR_RESPONSE);
}

TEST_CASE("pmu: tells what there is", "[kernel]") {
    Chip c;
    CHECK(c.bus.read(COUNTS) == (COUNTS_DOMAINS::of(5) | COUNTS_POINTS::of(2)));
    c.bus.write(SELECT, SELECT_DOMAIN::of(tile) | SELECT_POINT::of(1));
    CHECK(c.bus.read(DOMAIN) == (DOMAIN_KIND::of(4) | DOMAIN_STATES::of(15) | DOMAIN_POINTS::of(2) |
                                 DOMAIN_INDEX::of(7)));
    CHECK(c.bus.read(HERTZ) == 50'000'000);
    CHECK(c.bus.read(NAME) == 0x656c6974);        // "tile"
    CHECK(c.bus.read(POINT_NAME) == 0x00776f6c);  // "low"
    c.bus.write(SELECT, SELECT_DOMAIN::of(9));
    CHECK(c.bus.read(DOMAIN) == 0);
    CHECK(c.bus.read(STATUS) == 0);
    CHECK(c.bus.read(HERTZ) == 0);
    CHECK(c.bus.read(NAME) == 0);
}

TEST_CASE("pmu: the host's sleep", "[kernel]") {
    Chip c;
    constexpr std::uint32_t timer = 1U << 7;
    constexpr std::uint32_t external = 1U << 11;
    c.bus.write(WAKE, WAKE_TIMER::mask);
    c.bus.write(SLEEP, SLEEP_L2::of(2));
    c.bus.write(RESUME, 0x8000'0100);

    // wfi: the clock stands; whatever is enabled wakes.
    c.run_until(1000 * ns);
    c.pmu.falls_asleep(0, kernel_now());
    CHECK(c.ledger.state(c.ids[host]) == PowerState::clock_gated);
    CHECK(c.ledger.state(c.ids[l2]) == PowerState::on);
    CHECK(c.pmu.can_wake(external));
    CHECK_FALSE(c.pmu.can_wake(0));
    CHECK(c.pmu.wakes(external, external));
    CHECK_FALSE(c.pmu.wakes(external, timer));
    CHECK(c.pmu.awakens(kernel_now()) == kernel_now());
    CHECK(c.ledger.state(c.ids[host]) == PowerState::on);
    CHECK_FALSE(c.pmu.restart());

    // Retention, once: what WAKE selects and mie enables.
    c.ask(host, STATE, 2);
    c.pmu.falls_asleep(0, kernel_now());
    CHECK(c.ledger.state(c.ids[host]) == PowerState::retention);
    CHECK(c.ledger.state(c.ids[l2]) == PowerState::retention);
    CHECK_FALSE(c.pmu.wakes(external, external));
    CHECK_FALSE(c.pmu.wakes(timer, external));
    CHECK(c.pmu.wakes(timer, timer));
    c.run_until(2000 * ns);
    CHECK(c.pmu.awakens(kernel_now()) == 2100 * ns);
    c.run_until(2101 * ns);
    CHECK(c.l2_power.answers(kernel_now()));
    CHECK_FALSE(c.pmu.restart());
    CHECK(c.bus.read(WOKEN) == 2);
    c.pmu.falls_asleep(0, kernel_now());
    CHECK(c.ledger.state(c.ids[host]) == PowerState::clock_gated);
    CHECK(c.pmu.awakens(kernel_now()) == kernel_now());

    // Off: mie is lost with the core.
    c.ask(host, STATE, 3);
    c.pmu.falls_asleep(0, kernel_now());
    CHECK_FALSE(c.pmu.wakes(external, 0));
    CHECK(c.pmu.wakes(timer, 0));
    c.run_until(3000 * ns);
    CHECK(c.pmu.awakens(kernel_now()) == 4000 * ns);
    CHECK(c.pmu.restart() == 0x8000'0100);
    CHECK_FALSE(c.pmu.restart());
    c.run_until(4001 * ns);
    c.bus.write(RESUME, 0);
    c.ask(host, STATE, 3);
    c.pmu.falls_asleep(0, kernel_now());
    CHECK(c.pmu.awakens(kernel_now()) == 5001 * ns);
    CHECK(c.pmu.restart() == 0x1000);
}

TEST_CASE("pmu: points of host and fabric change while the host sleeps", "[kernel]") {
    Chip c;
    constexpr std::uint32_t external = 1U << 11;
    c.run_until(1000 * ns);
    c.ask(host, POINT, 1);
    c.ask(fabric, POINT, 1);
    CHECK(c.status(host) == STATUS_WAITS::mask);
    CHECK(c.status(fabric) == STATUS_WAITS::mask);
    CHECK(c.host_clock.period() == 5 * ns);
    c.pmu.falls_asleep(0, kernel_now());
    c.run_until(1199 * ns);
    CHECK(c.host_clock.period() == 5 * ns);
    CHECK_FALSE(c.irq.level);
    c.run_until(1201 * ns);
    CHECK(c.irq.level);
    CHECK(c.host_clock.period() == 20 * ns);
    CHECK(c.fabric_clock.period() == 10 * ns);
    CHECK(c.ledger.point(c.ids[l2]) == 1);
    CHECK(c.ledger.state(c.ids[host]) == PowerState::clock_gated);  // it still sleeps
    CHECK(c.ledger.state(c.ids[l2]) == PowerState::on);
    CHECK(c.pmu.wakes(external, external));
    CHECK(c.pmu.awakens(kernel_now()) == kernel_now());
    CHECK(c.status(host) == STATUS_POINT::of(1));

    // Somebody wakes it before the change has ended: it waits for that.
    c.bus.write(IRQ_STATUS, 3);
    c.ask(host, POINT, 0);
    const Picoseconds begin = kernel_now();
    c.pmu.falls_asleep(0, begin);
    c.run_until(begin + 50 * ns);
    CHECK(c.pmu.awakens(kernel_now()) == begin + 200 * ns);
    c.run_until(begin + 200 * ns + 1);
    CHECK(c.ledger.state(c.ids[host]) == PowerState::on);
    CHECK(c.ledger.point(c.ids[host]) == 0);

    // Work that began meanwhile keeps the fabric's clock.
    c.bus.write(IRQ_STATUS, 3);
    c.ask(fabric, POINT, 0);
    c.busy = true;
    c.pmu.falls_asleep(0, kernel_now());
    CHECK(ERROR_CODE::get(c.error()) == 5);
    CHECK(c.fabric_clock.period() == 10 * ns);
    CHECK(c.pmu.awakens(kernel_now()) == kernel_now());
    CHECK(c.status(fabric) == STATUS_POINT::of(1));
}

TEST_CASE("pmu: a memory keeps its contents in retention and loses them in off", "[kernel]") {
    Chip c;
    const auto word = [&c] {
        c.l2_bus.delay = sc_core::SC_ZERO_TIME;
        return c.l2_bus.read(64);
    };
    c.l2_bus.write(64, 0x1234'5678);
    tlm::tlm_generic_payload payload;
    payload.set_command(tlm::TLM_READ_COMMAND);
    payload.set_address(64);
    tlm::tlm_dmi dmi;
    CHECK(c.l2_plug.bus->get_direct_mem_ptr(payload, dmi));
    c.ask(l2, STATE, 2);
    CHECK_FALSE(c.l2_plug.bus->get_direct_mem_ptr(payload, dmi));
    c.complaints.errors.clear();
    static_cast<void>(word());
    CHECK(c.l2_bus.response == tlm::TLM_COMMAND_ERROR_RESPONSE);
    REQUIRE(c.complaints.errors.size() == 1);
    CHECK(c.complaints.errors[0].reason == "domain l2 is in retention");
    CHECK(c.complaints.errors[0].place == "offset 0x40");
    c.ask(l2, STATE, 0);
    c.run_until(kernel_now() + 100 * ns);
    CHECK(word() == 0x1234'5678);
    CHECK(c.l2_plug.bus->get_direct_mem_ptr(payload, dmi));

    std::set<std::uint32_t> noise;
    for (int i = 0; i < 3; ++i) {
        c.ask(l2, STATE, 3);
        c.ask(l2, STATE, 0);
        c.run_until(kernel_now() + 1000 * ns);
        noise.insert(word());
    }
    CHECK(noise.size() == 3);  // another one every time
    CHECK(noise.count(0x1234'5678) == 0);
    CHECK(noise.count(0) == 0);
    // With somebody who listens, it is told.
    std::uint64_t unwritten = 0;
    c.memory.watch_unwritten([&](const UnwrittenRead& read) { unwritten += read.bytes; });
    c.l2_bus.write(64, 1);
    static_cast<void>(word());
    CHECK(unwritten == 0);
    c.ask(l2, STATE, 3);
    c.ask(l2, STATE, 0);
    c.run_until(kernel_now() + 1000 * ns);
    static_cast<void>(word());
    CHECK(unwritten == 4);
}

TEST_CASE("pmu: a reset brings everything back", "[kernel]") {
    Chip c;
    c.ask(tile, STATE, 3);
    c.ask(host, POINT, 1);
    c.pmu.falls_asleep(0, kernel_now());
    c.run_until(100 * ns);
    c.pmu.reset(ResetKind::cold);
    CHECK(c.touch().empty());
    CHECK(c.ledger.state(c.ids[host]) == PowerState::on);
    CHECK_FALSE(sc_core::sc_pending_activity());
    CHECK(c.host_clock.period() == 5 * ns);
    CHECK(c.bus.read(WOKEN) == 0);
    CHECK_FALSE(c.irq.level);
}

}  // namespace cimera
