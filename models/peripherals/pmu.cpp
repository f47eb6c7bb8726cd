// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/peripherals/pmu.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "models/common/error.hpp"
#include "models/peripherals/mailbox.hpp"
#include "regs/pmu.hpp"

namespace cimera {

using namespace regs::pmu;

namespace {

constexpr std::array<const char*, 8> reasons = {"",
                                                "there is no such domain",
                                                "it is always on",
                                                "it has no such state",
                                                "it has no such operating point",
                                                "work or a change is going on",
                                                "WAKE selects nothing that could end the sleep",
                                                "it is not on"};

constexpr std::uint32_t code_of(PowerState state) {
    return static_cast<std::uint32_t>(state);
}

constexpr bool deep(PowerState state) {
    return state == PowerState::retention || state == PowerState::off;
}

}  // namespace

Pmu::Pmu(const sc_core::sc_module_name& name, const Environment& environment, PmuConfig config)
    : Peripheral(name, block, environment, config.inrush), config_(std::move(config)) {
    for (PmuDomain& domain : config_.domains) {
        host_ = domain.kind == DomainKind::host ? &domain : host_;
        fabric_ = domain.kind == DomainKind::fabric ? &domain : fabric_;
        l2_ = domain.kind == DomainKind::l2 ? &domain : l2_;
    }
    CIMERA_ASSERT(host_ != nullptr && fabric_ != nullptr && l2_ != nullptr,
                  "a chip has a host, a fabric and an L2");
    define_registers();
    spawn_method("due", {&due_}, [this] {
        catch_up(kernel_now());
        schedule();
    });
}

void Pmu::define_registers() {
    regs.on_read(COUNTS, [this] {
        return COUNTS_DOMAINS::of(static_cast<std::uint32_t>(config_.domains.size())) |
               COUNTS_POINTS::of(static_cast<std::uint32_t>(config_.points.size()));
    });
    regs.on_read(DOMAIN, [this] { return description(); });
    regs.on_read(STATUS, [this] { return status(); });
    regs.on_read(HERTZ, [this] { return hertz(); });
    regs.on_read(NAME, [this](std::uint32_t word) {
        const PmuDomain* domain = selected();
        return domain == nullptr ? 0 : pack_name(env.ledger.domains()[domain->id], word);
    });
    regs.on_read(POINT_NAME, [this](std::uint32_t word) {
        const std::uint32_t point = SELECT_POINT::get(regs[SELECT]);
        return point < config_.points.size() ? pack_name(config_.points[point], word) : 0;
    });
    regs.on_write(STATE, [this](std::uint32_t value) {
        request_state(static_cast<PowerState>(STATE_STATE::get(value)));
    });
    regs.on_write(POINT, [this](std::uint32_t value) { request_point(POINT_POINT::get(value)); });
    regs.on_read(ERROR, [this] { return std::exchange(regs[ERROR], 0U); });
    regs.on_write(IRQ_ENABLE, [this](std::uint32_t) { update_irq(now()); });
    regs.on_read(IRQ_STATUS, [this] {
        const bool ended = std::any_of(
            pending_.begin(), pending_.end(),
            [this](const Pending& change) { return change.tell && change.due <= now(); });
        return regs[IRQ_STATUS] | IRQ_STATUS_DONE::of(ended ? 1 : 0);
    });
    regs.on_write(IRQ_STATUS, [this](std::uint32_t) { update_irq(now()); });
    regs.on_write(SLEEP, [this](std::uint32_t value) {
        if (SLEEP_L2::get(value) == code_of(PowerState::clock_gated)) {
            regs.refuse("the L2 has no clock gate of its own");
        }
    });
    regs.on_read(WOKEN, [this] { return WOKEN_STATE::of(code_of(woken_)); });
}

void Pmu::reset_device(ResetKind /*kind*/) {
    pending_.clear();
    due_.cancel();
    sleep_state_ = PowerState::clock_gated;
    host_point_.reset();
    fabric_point_.reset();
    asleep_ = lost_ = l2_sleeps_ = false;
    woken_ = PowerState::on;
    for (const PmuDomain& domain : config_.domains) {
        if (domain.power != nullptr) {
            domain.power->reset(now());
        }
    }
    update_irq(now());
}

// --- what firmware reads -------------------------------------------------------------------

const PmuDomain* Pmu::selected() const {
    const std::uint32_t number = SELECT_DOMAIN::get(regs[SELECT]);
    return number < config_.domains.size() ? &config_.domains[number] : nullptr;
}

std::uint32_t Pmu::description() const {
    const PmuDomain* domain = selected();
    if (domain == nullptr) {
        return 0;
    }
    const std::size_t points = std::max<std::size_t>(domain->periods.size(), 1);
    return DOMAIN_KIND::of(static_cast<std::uint32_t>(domain->kind)) |
           DOMAIN_STATES::of(domain->states) |
           DOMAIN_POINTS::of(static_cast<std::uint32_t>(points)) | DOMAIN_INDEX::of(domain->index);
}

std::uint32_t Pmu::status() const {
    const PmuDomain* domain = selected();
    if (domain == nullptr || domain->power == nullptr) {
        return 0;
    }
    // A change may have ended between the kernel's time and the access.
    const bool answers = domain->power->answers(now());
    const bool waits =
        (domain == host_ && (host_point_ || sleep_state_ != PowerState::clock_gated)) ||
        (domain == fabric_ && fabric_point_);
    return STATUS_STATE::of(code_of(domain->power->state())) |
           STATUS_CHANGES::of(!answers && domain->power->due() != Clock::never ? 1 : 0) |
           STATUS_WAITS::of(waits ? 1 : 0) | STATUS_POINT::of(domain->power->point());
}

std::uint32_t Pmu::hertz() const {
    const PmuDomain* domain = selected();
    const std::uint32_t point = SELECT_POINT::get(regs[SELECT]);
    return domain == nullptr || point >= domain->periods.size()
               ? 0
               : cimera::hertz(domain->periods[point]);
}

// --- what firmware asks for ----------------------------------------------------------------

void Pmu::refuse(Error error, std::uint32_t domain, const char* place, std::uint32_t pc) {
    regs[ERROR] =
        ERROR_CODE::of(static_cast<std::uint32_t>(error)) | ERROR_DOMAIN::of(domain & 0xFFFFU);
    regs[IRQ_STATUS] |= IRQ_STATUS_ERROR::mask;
    const std::string who = domain < config_.domains.size()
                                ? "domain " + env.ledger.domains()[config_.domains[domain].id]
                                : fmt::format("domain {}", domain);
    report_error(place, fmt::format("{}: {}", who, reasons[static_cast<std::size_t>(error)]), pc);
    update_irq(now());
}

Pmu::Error Pmu::judge_state(const PmuDomain& domain, PowerState state) const {
    if (domain.power == nullptr) {
        return Error::always_on;
    }
    if ((domain.states >> code_of(state) & 1U) == 0) {
        return Error::no_state;
    }
    if (&domain == host_) {
        return deep(state) && regs[WAKE] == 0 ? Error::no_wake : Error::none;
    }
    if (domain.power->due() != Clock::never) {
        return Error::busy;
    }
    const PowerState present = domain.power->state();
    if (present == PowerState::off && state != PowerState::on && state != present) {
        return Error::not_on;
    }
    const bool stops = state == PowerState::clock_gated || state == PowerState::retention;
    return stops && domain.busy && domain.busy() ? Error::busy : Error::none;
}

void Pmu::request_state(PowerState state) {
    catch_up(now());
    const PmuDomain* domain = selected();
    const Error error = domain == nullptr ? Error::no_domain : judge_state(*domain, state);
    if (error != Error::none) {
        refuse(error, SELECT_DOMAIN::get(regs[SELECT]), "STATE (offset 0x14)", caller_pc());
    } else if (domain == host_) {
        sleep_state_ = state == PowerState::on ? PowerState::clock_gated : state;
    } else if (state == domain->power->state()) {
        done(now());
    } else if (state == PowerState::on) {
        wake(*domain, caller(), now(), true);
    } else {
        domain->power->lower(state, now());
        done(now());
    }
}

Pmu::Error Pmu::judge_point(const PmuDomain& domain, std::uint32_t point) const {
    if (domain.power == nullptr) {
        return Error::always_on;
    }
    if (point >= domain.periods.size()) {
        return Error::no_point;
    }
    if (domain.power->due() != Clock::never || (domain.busy && domain.busy())) {
        return Error::busy;
    }
    const bool on = domain.power->state() == PowerState::on &&
                    (&domain != fabric_ || l2_->power->state() == PowerState::on);
    return on ? Error::none : Error::not_on;
}

void Pmu::request_point(std::uint32_t point) {
    catch_up(now());
    const PmuDomain* domain = selected();
    const Error error = domain == nullptr ? Error::no_domain : judge_point(*domain, point);
    if (error != Error::none) {
        refuse(error, SELECT_DOMAIN::get(regs[SELECT]), "POINT (offset 0x18)", caller_pc());
        return;
    }
    std::optional<std::uint32_t>* waiting = domain == host_     ? &host_point_
                                            : domain == fabric_ ? &fabric_point_
                                                                : nullptr;
    if (waiting != nullptr) {
        waiting->reset();
    }
    if (point == domain->power->point()) {
        done(now());
    } else if (waiting != nullptr) {
        *waiting = point;
    } else {
        move(*domain, point, now());
    }
}

// --- changes -------------------------------------------------------------------------------

void Pmu::wake(const PmuDomain& domain, OwnerId owner, Picoseconds at, bool tell) {
    Picoseconds latency = 0;
    switch (domain.power->state()) {
        case PowerState::on:
        case PowerState::clock_gated:
            break;
        case PowerState::retention:
            latency = config_.retention_latency;
            meter.add(owner, own_event(domain.from_retention), 1);
            break;
        case PowerState::off:
            latency = config_.off_latency;
            meter.add(owner, own_event(domain.from_off), 1);
            break;
    }
    domain.power->wake(at, latency);
    if (latency != 0) {
        pending_.push_back({&domain, at + latency, tell});
        schedule();
    } else if (tell) {
        done(at);
    }
}

void Pmu::move(const PmuDomain& domain, std::uint32_t point, Picoseconds at) {
    domain.power->move(point, at, config_.point_latency);
    pending_.push_back({&domain, at + config_.point_latency, true});
    schedule();
}

/// Brings about all that has ended at `at`, in the order of time.
void Pmu::catch_up(Picoseconds at) {
    std::stable_sort(pending_.begin(), pending_.end(),
                     [](const Pending& a, const Pending& b) { return a.due < b.due; });
    while (!pending_.empty() && pending_.front().due <= at) {
        const Pending change = pending_.front();
        pending_.erase(pending_.begin());
        CIMERA_ASSERT(change.domain->power->answers(change.due), "a change ends when it is due");
        if (change.domain == host_ && asleep_) {
            host_->power->lower(PowerState::clock_gated, change.due);
        }
        if (change.tell) {
            done(change.due);
        }
    }
}

void Pmu::schedule() {
    due_.cancel();
    const auto next =
        std::min_element(pending_.begin(), pending_.end(),
                         [](const Pending& a, const Pending& b) { return a.due < b.due; });
    if (next != pending_.end()) {
        due_.notify(sc_core::sc_time::from_value(std::max(next->due, kernel_now()) - kernel_now()));
    }
}

void Pmu::done(Picoseconds at) {
    regs[IRQ_STATUS] |= IRQ_STATUS_DONE::mask;
    update_irq(at);
}

void Pmu::update_irq(Picoseconds at) {
    irq.drive((regs[IRQ_STATUS] & regs[IRQ_ENABLE]) != 0, at);
}

// --- the host's sleep ----------------------------------------------------------------------

/// Host, interconnect and L2 stand while their points change.
void Pmu::change_points(Picoseconds at) {
    const std::optional<std::uint32_t> of_host = std::exchange(host_point_, std::nullopt);
    const std::optional<std::uint32_t> of_fabric = std::exchange(fabric_point_, std::nullopt);
    const Error error = of_fabric ? judge_point(*fabric_, *of_fabric) : Error::none;
    if (error != Error::none) {
        refuse(error, fabric_->id, "POINT (offset 0x18)", 0);
    } else if (of_fabric) {
        move(*fabric_, *of_fabric, at);
        move(*l2_, *of_fabric, at);
    }
    if (of_host) {
        move(*host_, *of_host, at);
    } else {
        host_->power->lower(PowerState::clock_gated, at);
    }
}

void Pmu::falls_asleep(OwnerId owner, Picoseconds at) {
    catch_up(at);
    sleeper_ = owner;
    asleep_ = true;
    if (host_point_ || fabric_point_) {
        woken_ = PowerState::clock_gated;
        change_points(at);
        return;
    }
    woken_ = std::exchange(sleep_state_, PowerState::clock_gated);
    host_->power->lower(woken_, at);
    const auto of_l2 = static_cast<PowerState>(SLEEP_L2::get(regs[SLEEP]));
    if (deep(woken_) && of_l2 != PowerState::on && l2_->power->answers(at)) {
        l2_->power->lower(of_l2, at);
        l2_sleeps_ = true;
    }
}

bool Pmu::wakes(std::uint32_t pending, std::uint32_t enabled) const {
    return asleep_ && host_->power->state() == PowerState::off ? (pending & regs[WAKE]) != 0
                                                               : can_wake(pending & enabled);
}

bool Pmu::can_wake(std::uint32_t enabled) const {
    if (!asleep_ || !deep(host_->power->state())) {
        return enabled != 0;
    }
    return host_->power->state() == PowerState::off || (enabled & regs[WAKE]) != 0;
}

Picoseconds Pmu::awakens(Picoseconds at) {
    asleep_ = false;
    catch_up(at);
    lost_ = host_->power->state() == PowerState::off;
    if (host_->power->due() == Clock::never) {
        wake(*host_, sleeper_, at, false);
    }
    if (std::exchange(l2_sleeps_, false) && l2_->power->due() == Clock::never) {
        wake(*l2_, sleeper_, at, false);
    }
    Picoseconds ready = at;
    for (const PmuDomain* domain : {host_, fabric_, l2_}) {
        if (const Picoseconds due = domain->power->due(); due != Clock::never) {
            ready = std::max(ready, due);
        }
    }
    return ready;
}

std::optional<std::uint32_t> Pmu::restart() {
    if (!std::exchange(lost_, false)) {
        return std::nullopt;
    }
    return regs[RESUME] != 0 ? regs[RESUME] : config_.reset_pc;
}

}  // namespace cimera
