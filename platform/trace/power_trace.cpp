// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/trace/power_trace.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace cimera {

namespace {

constexpr const char* top = "soc";

}  // namespace

PowerTrace::PowerTrace(std::unique_ptr<WaveWriter> wave, const Ledger& ledger)
    : wave_(std::move(wave)),
      ledger_(ledger),
      components_(ledger.components().size()),
      energy_(ledger.components().size()) {
    wave_->open_scope(top);
    total_ = add_meter();
    dynamic_.power = wave_->add_real("dynamic_W");
    clock_.power = wave_->add_real("clock_W");
    leakage_.power = wave_->add_real("leakage_W");
    phase_ = wave_->add_text("phase");
    for (DomainId d = 0; d < ledger_.domains().size(); ++d) {
        add_domain(d);
    }
    wave_->close_scope();
    texts_.push_back({0, phase_, "none"});
    for (DomainId d = 0; d < domains_.size(); ++d) {
        domain_changed(d, 0);
    }
}

PowerTrace::Meter PowerTrace::add_meter() {
    Meter meter;
    meter.power = wave_->add_real("power_W");
    meter.energy = wave_->add_number("energy_aJ");
    return meter;
}

void PowerTrace::add_domain(DomainId domain) {
    wave_->open_scope(ledger_.domains()[domain]);
    const Meter meter = add_meter();
    const WaveWriter::Signal state = wave_->add_text("state");
    domains_.push_back({meter, state, wave_->add_text("point")});
    for (std::size_t c = 0; c < components_.size(); ++c) {
        if (ledger_.components()[c]->domain() == domain) {
            wave_->open_scope(ledger_.components()[c]->component());
            components_[c] = add_meter();
            wave_->close_scope();
        }
    }
    wave_->close_scope();
}

void PowerTrace::tell(Meter& meter, Attojoules before, Attojoules after, Picoseconds time) {
    const double watts = mean_watts(after - before, time);
    if (meter.watts != watts) {
        meter.watts = watts;
        wave_->set(meter.power, watts);
    }
}

void PowerTrace::tell_energy(Meter& meter, Attojoules energy) {
    const auto low = static_cast<std::uint64_t>(energy);
    if (meter.joules != low) {
        meter.joules = low;
        wave_->set(meter.energy, low);
    }
}

void PowerTrace::bin(const PowerBin& bin) {
    const Picoseconds time = bin.end - bin.begin;
    wave_->at(bin.begin);
    ComponentEnergy before;
    ComponentEnergy after;
    std::vector<Attojoules> domain_before(domains_.size(), 0);
    std::vector<Attojoules> domain_after(domains_.size(), 0);
    const auto add = [](ComponentEnergy& sum, const ComponentEnergy& energy) {
        sum.dynamic += energy.dynamic;
        sum.clock += energy.clock;
        sum.leakage += energy.leakage;
    };
    for (std::size_t c = 0; c < components_.size(); ++c) {
        const Attojoules begin = total_of(bin.before[c]);
        const Attojoules end = total_of(bin.after[c]);
        const DomainId domain = ledger_.components()[c]->domain();
        domain_before[domain] += begin;
        domain_after[domain] += end;
        add(before, bin.before[c]);
        add(after, bin.after[c]);
        tell(components_[c], begin, end, time);
        tell_energy(components_[c], begin);
    }
    for (std::size_t d = 0; d < domains_.size(); ++d) {
        tell(domains_[d].meter, domain_before[d], domain_after[d], time);
        tell_energy(domains_[d].meter, domain_before[d]);
    }
    tell(total_, total_of(before), total_of(after), time);
    tell_energy(total_, total_of(before));
    tell(dynamic_, before.dynamic, after.dynamic, time);
    tell(clock_, before.clock, after.clock, time);
    tell(leakage_, before.leakage, after.leakage, time);
    tell_texts(bin.end);
    end_ = bin.end;
    energy_ = bin.after;
}

/// What changed before `end`, each at its instant.
void PowerTrace::tell_texts(Picoseconds end) {
    std::stable_sort(texts_.begin(), texts_.end(),
                     [](const Text& a, const Text& b) { return a.at < b.at; });
    auto text = texts_.begin();
    for (; text != texts_.end() && text->at < end; ++text) {
        wave_->at(std::max(text->at, end_));
        wave_->set(text->signal, text->text);
    }
    texts_.erase(texts_.begin(), text);
}

void PowerTrace::finish() {
    constexpr Picoseconds all = ~Picoseconds{0};
    wave_->at(end_);
    for (Text& text : texts_) {
        text.at = std::min(text.at, end_);
    }
    tell_texts(all);
    std::vector<Attojoules> domains(domains_.size(), 0);
    Attojoules total = 0;
    for (std::size_t c = 0; c < components_.size(); ++c) {
        const Attojoules energy = total_of(energy_[c]);
        domains[ledger_.components()[c]->domain()] += energy;
        total += energy;
        tell_energy(components_[c], energy);
    }
    for (std::size_t d = 0; d < domains_.size(); ++d) {
        tell_energy(domains_[d].meter, domains[d]);
    }
    tell_energy(total_, total);
    wave_->finish();
}

void PowerTrace::phase_changed(Picoseconds at, const std::string& path, bool /*end*/) {
    texts_.push_back({at, phase_, path});
}

void PowerTrace::was_reset(Picoseconds at, const std::string& /*reason*/) {
    texts_.push_back({at, phase_, "none"});
}

void PowerTrace::domain_changed(DomainId domain, Picoseconds at) {
    texts_.push_back({at, domains_[domain].state,
                      power_state_names[static_cast<std::size_t>(ledger_.state(domain))]});
    texts_.push_back({at, domains_[domain].point, ledger_.points(domain)[ledger_.point(domain)]});
}

// --- GTKWave -------------------------------------------------------------------------------

namespace {

// Flags of a trace in a save file (TraceEntFlagBits of GTKWave).
constexpr unsigned right = 0x20;
constexpr unsigned decimal = 0x4;
constexpr unsigned blank = 0x200;
constexpr unsigned is_signed = 0x400;
constexpr unsigned ascii = 0x800;
constexpr unsigned analog_step = 0x8000;
constexpr unsigned stretch = 0x20000;
constexpr unsigned full_scale = 0x80000;
constexpr unsigned closed = 0x400000;
constexpr unsigned group_begin = 0x800000;
constexpr unsigned group_end = 0x1000000;

std::string line(unsigned flags, const std::string& name) {
    return fmt::format("@{:x}\n{}\n", flags, name);
}

/// A curve, three lines high.
std::string curve(const std::string& name) {
    return line(analog_step | full_scale | is_signed | right, name) +
           fmt::format("@{:x}\n-\n-\n", stretch);
}

}  // namespace

std::string gtkwave_save(const std::string& dump, const Ledger& ledger, Picoseconds end) {
    const std::string scope = std::string(top) + ".";
    // At zoom 0 a picosecond is 200 pixels wide, at zoom -1 half of that.
    constexpr double pixels = 900;
    const double zoom =
        -std::log2(static_cast<double>(std::max<Picoseconds>(end, 1)) * 200 / pixels);
    std::string text = fmt::format(
        "[*] Cimera power trace\n[dumpfile] \"{}\"\n[timestart] 0\n[size] 1400 900\n[pos] -1 "
        "-1\n*{:.6f} -1 -1\n"
        "[sst_width] 220\n[signals_width] 260\n[sst_expanded] 1\n[sst_vpaned_height] 300\n",
        dump, zoom);
    text += line(ascii | right, scope + "phase") + curve(scope + "power_W");
    text += line(group_begin | blank, "-sums");
    for (const char* part : {"dynamic_W", "clock_W", "leakage_W"}) {
        text += curve(scope + part);
    }
    text += line(decimal | right, scope + "energy_aJ") + line(group_end | blank, "-sums");
    for (DomainId d = 0; d < ledger.domains().size(); ++d) {
        const std::string& domain = ledger.domains()[d];
        text += line(group_begin | blank, "-" + domain);
        text += line(ascii | right, scope + domain + ".state") +
                line(ascii | right, scope + domain + ".point") + curve(scope + domain + ".power_W");
        text += line(group_begin | closed | blank, "-components of " + domain);
        for (const auto* meter : ledger.components()) {
            if (meter->domain() == d) {
                text += curve(scope + domain + "." + meter->component() + ".power_W");
            }
        }
        text += line(group_end | closed | blank, "-components of " + domain);
        text += line(group_end | blank, "-" + domain);
    }
    return text;
}

}  // namespace cimera
