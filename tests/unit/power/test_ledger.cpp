// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <map>
#include <memory>
#include <random>
#include <utility>

#include <catch2/catch.hpp>

#include "models/power/ledger.hpp"

namespace cimera {
namespace {

class Prices final : public PriceList {
public:
    std::map<std::string, double> energies;
    std::map<std::string, double> leakages;
    [[nodiscard]] double energy(const std::string& entry) const override {
        return energies.at(entry);
    }
    [[nodiscard]] double leakage(const std::string& entry) const override {
        return leakages.at(entry);
    }
    std::map<std::string, double> voltages;
    [[nodiscard]] double relative_voltage(const std::string& point) const override {
        const auto found = voltages.find(point);
        return found == voltages.end() ? 1 : found->second;
    }
    [[nodiscard]] double leakage_share(const std::string& /*entry*/,
                                       PowerState state) const override {
        return state == PowerState::off ? 0.01 : state == PowerState::retention ? 0.25 : 1;
    }
};

Attojoules sum(const EnergyReport::Split& split) {
    Attojoules total = 0;
    for (const auto& [name, energy] : split) {
        total += energy;
    }
    return total;
}

}  // namespace

TEST_CASE("ledger: an owner is a bus master and a phase", "[ledger]") {
    const Prices prices;
    Ledger ledger(prices);
    CHECK(ledger.owner("none", "none") == 0);
    const OwnerId learn = ledger.owner("host", "learn");
    CHECK(learn != 0);
    CHECK(ledger.owner("host", "learn") == learn);
    CHECK(ledger.owner("host", "learn/inference") != learn);
    const OwnerId tile = ledger.with_initiator(learn, "cim0");
    CHECK(tile == ledger.owner("cim0", "learn"));
}

TEST_CASE("ledger: a price is rounded once, after its terms are added", "[ledger]") {
    Prices prices;
    prices.energies = {{"a", 0.4}, {"b", 0.3}, {"c", 2.5}, {"d", 0.2}};
    Ledger ledger(prices);
    Meter meter(ledger, "m", ledger.add_domain("d"),
                {{"both", {{"a"}, {"b"}}}, {"times", {{"c", 3}}}, {"nothing", {{"d"}}}}, {});
    meter.add(0, 0, 10);
    meter.add(0, 1, 10);
    meter.add(0, 2, 10);
    const EnergyReport report = ledger.report(0);
    CHECK(report.by_event.at("both") == 10);   // 0.7 becomes 1
    CHECK(report.by_event.at("times") == 80);  // 7.5 becomes 8
    CHECK(report.by_event.at("nothing") == 0);
}

TEST_CASE("ledger: energies beyond 64 bits are exact", "[ledger]") {
    Prices prices;
    prices.energies = {{"big", 1e15}};
    Ledger ledger(prices);
    Meter meter(ledger, "m", ledger.add_domain("d"), {{"big", {{"big"}}}}, {});
    meter.add(0, 0, 9'999'999'999'999'999);
    CHECK(to_decimal(ledger.report(0).total()) == "9999999999999999000000000000000");
    CHECK(to_decimal(0) == "0");
    CHECK(to_decimal(~Attojoules{0}) == "340282366920938463463374607431768211455");
}

TEST_CASE("ledger: every split sums to the total, over states and points too", "[ledger]") {
    Prices prices;
    prices.energies = {{"a", 17}, {"b", 1234.5}, {"clk", 3}};
    prices.leakages = {{"l", 987'654'321.0}};
    prices.voltages = {{"low", 0.7}};
    Ledger ledger(prices);
    const DomainId domains[] = {ledger.add_domain("one", {"nominal", "low"}),
                                ledger.add_domain("two")};
    std::vector<std::unique_ptr<Meter>> meters;
    for (int i = 0; i < 5; ++i) {
        meters.push_back(
            std::make_unique<Meter>(ledger, "m" + std::to_string(i), domains[i % 2],
                                    std::vector<EventKind>{{"a", {{"a"}}},
                                                           {"b", {{"b", 2}}},
                                                           {"clock", {{"clk"}}, CountKind::clock},
                                                           {"mac", {}, CountKind::operation}},
                                    std::vector<LeakageTerm>{{"l", 1.0 + i}}));
    }
    std::mt19937 generator(1);
    std::vector<OwnerId> owners = {0};
    for (const char* phase : {"none", "x", "x/y"}) {
        owners.push_back(ledger.owner("host", phase));
        owners.push_back(ledger.owner("cim0", phase));
    }
    std::uint64_t macs = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::size_t event = generator() % 4;
        const std::uint64_t count = generator();
        meters[generator() % 5]->add(owners[generator() % owners.size()], event, count);
        macs += event == 3 ? count : 0;
        if (i % 100 == 50) {
            const Picoseconds at = 100'000'000U * static_cast<Picoseconds>(i) + generator() % 1000;
            ledger.set_state(domains[i % 2], static_cast<PowerState>(generator() % 4), at);
            ledger.set_point(domains[0], generator() % 2, at);
        }
    }
    const EnergyReport report = ledger.report(123'456'789'012);
    CHECK(report.dynamic > 0);
    CHECK(report.clock > 0);
    CHECK(report.leakage > 0);
    CHECK(report.total() == report.dynamic + report.clock + report.leakage);
    for (const auto* split : {&report.by_component, &report.by_initiator, &report.by_event,
                              &report.by_domain, &report.by_phase}) {
        CHECK(sum(*split) == report.total());
    }
    CHECK(report.by_event.at("leakage") == report.leakage);
    CHECK(report.by_event.at("clock") == report.clock);
    CHECK(report.operations.at("mac") == macs);
    CHECK(report.by_event.count("mac") == 0);
    Attojoules by_component = 0;
    for (const ComponentEnergy& energy : ledger.by_component(123'456'789'012)) {
        by_component += energy.dynamic + energy.clock + energy.leakage;
    }
    CHECK(by_component == report.total());
}

TEST_CASE("ledger: energy belongs to who owned the count", "[ledger]") {
    Prices prices;
    prices.energies = {{"a", 10}};
    Ledger ledger(prices);
    Meter meter(ledger, "m", ledger.add_domain("d"), {{"a", {{"a"}}}}, {});
    const OwnerId host = ledger.owner("host", "infer");
    meter.add(host, 0, 3);
    meter.add(ledger.with_initiator(host, "cim0"), 0, 4);
    meter.add(0, 0, 5);
    const EnergyReport report = ledger.report(0);
    CHECK(report.by_initiator.at("host") == 30);
    CHECK(report.by_initiator.at("cim0") == 40);
    CHECK(report.by_initiator.at("none") == 50);
    CHECK(report.by_phase.at("infer") == 70);
    CHECK(meter.total(0) == 12);
}

TEST_CASE("ledger: a row stays where it is while others are made", "[ledger]") {
    Prices prices;
    prices.energies = {{"a", 1}};
    Ledger ledger(prices);
    Meter meter(ledger, "m", ledger.add_domain("d"), {{"a", {{"a"}}}}, {});
    std::uint64_t* const row = meter.row(0);
    for (int i = 0; i < 100; ++i) {
        meter.add(ledger.owner("host", std::to_string(i)), 0, 1);
    }
    row[0] += 7;
    CHECK(meter.row(0) == row);
    CHECK(meter.total(0) == 107);
}

TEST_CASE("ledger: held counts are booked before energy is read", "[ledger]") {
    Prices prices;
    prices.energies = {{"a", 1}};
    Ledger ledger(prices);
    Meter meter(ledger, "m", ledger.add_domain("d"), {{"a", {{"a"}}}}, {});
    std::uint64_t held = 41;
    ledger.before_reading([&](Picoseconds) { meter.add(0, 0, std::exchange(held, 0)); });
    CHECK(ledger.report(0).total() == 41);
    CHECK(ledger.report(0).total() == 41);
    held = 1;
    CHECK(ledger.by_component(0)[0].dynamic == 42);
}

TEST_CASE("ledger: counts are priced at the voltage of their point", "[ledger]") {
    Prices prices;
    prices.energies = {{"a", 1000}};
    prices.leakages = {{"l", 1e12}};  // an attojoule per picosecond
    prices.voltages = {{"low", 0.5}};
    Ledger ledger(prices);
    const DomainId domain = ledger.add_domain("d", {"nominal", "low"});
    Meter meter(ledger, "m", domain, {{"a", {{"a"}}}}, {{"l"}});
    Meter other(ledger, "o", ledger.add_domain("e", {"nominal", "low"}), {{"b", {{"a"}}}}, {});
    std::uint64_t held = 3;
    ledger.before_reading([&](Picoseconds) { meter.add(0, 0, std::exchange(held, 0)); });
    ledger.set_point(domain, 1, 1000);  // what was held until now is nominal
    meter.add(0, 0, 10);
    other.add(0, 0, 1);
    CHECK(ledger.report(1800).by_event.at("a") == 3 * 1000 + 10 * 250);
    ledger.set_point(domain, 0, 1800);
    meter.add(0, 0, 1);
    const EnergyReport report = ledger.report(2000);
    CHECK(report.by_event.at("a") == 3 * 1000 + 10 * 250 + 1000);
    CHECK(report.by_event.at("b") == 1000);
    CHECK(report.leakage == 1000 + 800 / 8 + 200);
    CHECK(meter.total(0) == 14);
    CHECK(meter.rows().size() == 2);  // back at a point, its row goes on
}

TEST_CASE("ledger: leakage depends on the state, not on the point where the supply does not",
          "[ledger]") {
    Prices prices;
    prices.leakages = {{"l", 1e12}};
    prices.voltages = {{"low", 0.5}};
    Ledger ledger(prices);
    const DomainId domain = ledger.add_domain("d", {"nominal", "low"});
    Meter meter(ledger, "m", domain, {}, {{"l"}});
    ledger.set_state(domain, PowerState::clock_gated, 1000);
    ledger.set_state(domain, PowerState::retention, 3000);
    ledger.set_point(domain, 1, 4000);
    ledger.set_state(domain, PowerState::off, 5000);
    ledger.set_state(domain, PowerState::on, 10'000);
    CHECK(ledger.report(11'000).leakage == 3000 + 2000 / 4 + 5000 / 100 + 1000 / 8);
    // Up to four changes back: a core is ahead of who reads.
    CHECK(ledger.report(4000).leakage == 3000 + 1000 / 4);
    const LedgerCounts counts = ledger.counts(11'000);
    Picoseconds time = 0;
    for (const PowerInterval& interval : counts.domains[domain].intervals) {
        time += interval.time;
    }
    CHECK(time == counts.now);
    CHECK(ledger.state(domain) == PowerState::on);
    CHECK(ledger.point(domain) == 1);
}

TEST_CASE("ledger: a snapshot is priced like the ledger, by another list too", "[ledger]") {
    Prices prices;
    Prices cheaper;
    prices.energies = {{"a", 10}};
    cheaper.energies = {{"a", 7}};
    prices.leakages = cheaper.leakages = {{"l", 5e12}};
    Ledger ledger(prices);
    Meter meter(ledger, "m", ledger.add_domain("d"), {{"a", {{"a"}}}}, {{"l"}});
    const OwnerId owner = ledger.owner("host", "p", 7);
    CHECK(owner != ledger.owner("host", "p"));
    CHECK(ledger.with_initiator(owner, "cim0") == ledger.owner("cim0", "p", 7));
    meter.add(owner, 0, 6);
    const LedgerCounts counts = ledger.counts(100);
    meter.add(owner, 0, 1);
    CHECK(price(counts, prices).total() == 60 + 500);
    CHECK(price(counts, cheaper).total() == 42 + 500);
    CHECK(counts.owners[counts.components[0].rows[0].owner].frame == 7);
    CHECK(ledger.report(100).total() == 70 + 500);
}

TEST_CASE("ledger: differences of leakage sum exactly over any division of time", "[ledger]") {
    const std::uint64_t power = GENERATE(1U, 3U, 999'999'937U, 123'456'789'012'345U);
    const Picoseconds end = 987'654'321'987;
    Attojoules sum_of_bins = 0;
    Picoseconds at = 0;
    for (Picoseconds step = 1; at < end; step = step * 5 / 4 + 7) {
        const Picoseconds next = std::min(at + step, end);
        sum_of_bins += energy_over(power, next) - energy_over(power, at);
        at = next;
    }
    CHECK(sum_of_bins == energy_over(power, end));
    CHECK(energy_over(power, 1'000'000'000'000) == power);
}

}  // namespace cimera
