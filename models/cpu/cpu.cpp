// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/cpu/cpu.hpp"

#include <algorithm>

#include "models/common/error.hpp"

namespace cimera::cpu {

namespace {

constexpr std::array<const char*, energy_classes> energy_class_names = {
    "alu",  "mul", "div",    "load",   "store", "branch",
    "jump", "csr", "atomic", "system", "fp",    "fdiv"};

// Counts of the meter: the hart's energy classes in their order, then active cycles.
std::vector<EventKind> core_events() {
    std::vector<EventKind> events;
    for (const char* name : energy_class_names) {
        const std::string entry = std::string("cpu.") + name;
        events.push_back({entry, {{entry}}});
    }
    events.push_back({"clock", {{"cpu.clock"}}, CountKind::clock});
    return events;
}

constexpr std::size_t clock_event = energy_class_names.size();
constexpr std::size_t stack_bytes = 1U << 20;
/// The host's input and its Ctrl-C are looked for at least so often.
constexpr Picoseconds longest_lead = 1'000'000'000;

}  // namespace

Cpu::Cpu(const sc_core::sc_module_name& name, const Environment& env, const CpuConfig& config,
         BoundaryHandler on_boundary, TrapListener on_trap, TimeSource mtime)
    : sc_module(name),
      bus("bus", env.timing),
      env_(env),
      config_(config),
      on_boundary_(std::move(on_boundary)),
      on_trap_(std::move(on_trap)),
      mtime_(std::move(mtime)),
      hart_(config.hart, *this),
      meter_(env.ledger, this->name(), env.domain, core_events(), {{"cpu", 1}}),
      period_(env.clock.period()) {
    constexpr std::array<unsigned, 4> numbers = {3, 7, 9, 11};
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        lines_[i].cpu = this;
        lines_[i].number = numbers[i];
    }
    bus.on_invalidate([this](std::uint64_t, std::uint64_t) { forget_regions(); });
    env_.ledger.before_reading([this](Picoseconds) { flush(); });
    env_.clock.on_change([this] { change_clock(); });
    hart_.reset(config_.reset_pc);
    sc_core::sc_spawn_options options;
    options.set_stack_size(static_cast<int>(stack_bytes));
    sc_core::sc_spawn([this] { run(); }, "run", &options);
}

IrqIf& Cpu::line(unsigned number) {
    auto* const found = std::find_if(lines_.begin(), lines_.end(),
                                     [number](const Line& line) { return line.number == number; });
    CIMERA_ASSERT(found != lines_.end(), "a hart has interrupt inputs 3, 7, 9 and 11");
    return *found;
}

void Cpu::Line::set(bool high, Picoseconds /*at*/) {
    level = high;
    cpu->hart_.set_interrupt(number, level);
    if (cpu->asleep_ && cpu->may_wake()) {
        cpu->wake_.notify(sc_core::SC_ZERO_TIME);
    }
}

void Cpu::written(bool own, std::uint64_t first, std::uint64_t last) {
    if (!own) {
        const auto begin = static_cast<std::uint32_t>(first);
        const auto end = static_cast<std::uint32_t>(last);
        hart_.clear_reservation(begin, end);
        hart_.invalidate_code(begin, end);
    }
}

void Cpu::reset(ResetKind /*kind*/) {
    for (Line& line : lines_) {
        line.level = false;
    }
    restart(config_.reset_pc);
}

/// As after power-on, at `pc`; interrupt lines keep their levels.
void Cpu::restart(std::uint32_t pc) {
    flush();
    cycles_before_reset_ += hart_.cycles();
    instructions_before_reset_ += hart_.instret();
    const Picoseconds now = std::max(local_now(), kernel_now());
    hart_.reset(pc);
    for (const Line& line : lines_) {
        hart_.set_interrupt(line.number, line.level);
    }
    billed_cycles_ = 0;
    epoch_ = env_.clock.edge_at_or_after(now);
    epoch_cycle_ = 0;
}

void Cpu::request_attention() {
    attention_ = true;
    hart_.request_leave();
    if (asleep_ || locked_up_) {
        wake_.notify(sc_core::SC_ZERO_TIME);
    }
}

void Cpu::set_owner(OwnerId owner) {
    flush();
    owner_ = owner;
    place_owners_.clear();
    transaction_.tag.owner = owner;
}

void Cpu::set_attribution(Attribution& attribution) {
    attribution_ = &attribution;
    hart_.set_attribution(attribution);
}

// --- time ----------------------------------------------------------------------------------

void Cpu::run() {
    settle();
    for (;;) {
        if (halted_) {
            sc_core::wait(wake_);
        } else {
            run_slice();
        }
    }
}

/// Runs the hart up to its horizon; again, as long as nobody can see the kernel's time in between.
Exit Cpu::run_ahead() {
    const Picoseconds begin = kernel_now();
    Picoseconds now = begin;
    event_ = next_event();
    for (;;) {
        retired_.clear();
        horizon_ = std::min(event_, now + config_.quantum);
        slice_begin_ = now;
        const std::uint64_t ahead =
            horizon_ <= epoch_ ? 0 : (horizon_ - epoch_ + period_ - 1) / period_;
        const std::uint64_t limit = config_.max_instructions -
                                    std::min(config_.max_instructions, instructions_before_reset_);
        const Exit exit = stepping_ ? hart_.run_step(epoch_cycle_ + ahead, limit)
                                    : hart_.run(epoch_cycle_ + ahead, limit, horizon_ < event_);
        book_direct();
        now = local_now();
        if (exit != Exit::horizon || attention_ || event_ <= now || now - begin >= longest_lead) {
            return exit;
        }
    }
}

void Cpu::run_slice() {
    const Exit exit = run_ahead();
    synchronise();
    bool debug = exit == Exit::debug;
    switch (exit) {
        case Exit::horizon:
        case Exit::leave:
        case Exit::debug:
            break;
        case Exit::wfi:
            debug = sleep() && stepping_;
            break;
        case Exit::semihosting:
            on_boundary_(Boundary::semihosting);
            debug = stepping_;
            break;
        case Exit::instruction_limit:
            on_boundary_(Boundary::instruction_limit);
            return;
        case Exit::stopped:
            on_boundary_(Boundary::stopped);
            return;
        case Exit::dead:
            on_boundary_(Boundary::dead);
            wait_locked_up();
            break;
        case Exit::storm:
            on_boundary_(Boundary::storm);
            return;
    }
    if (debug && !halted_) {
        stepping_ = false;
        attention_ = false;
        on_boundary_(Boundary::debug);
    } else if (attention_) {
        attention_ = false;
        on_boundary_(Boundary::attention);
    }
}

void Cpu::settle() {
    // Everything that happens at this instant comes before the next instruction, in whatever
    // order the kernel runs its processes.
    while (sc_core::sc_pending_activity_at_current_time()) {
        sc_core::wait(sc_core::SC_ZERO_TIME);
    }
}

void Cpu::synchronise() {
    const Picoseconds local = local_now();
    if (local > kernel_now()) {
        sc_core::wait(sc_core::sc_time::from_value(local - kernel_now()));
    }
    settle();
}

/// False where the owner was asked what to do meanwhile.
bool Cpu::sleep() {
    bool undisturbed = true;
    const std::uint32_t pc = hart_.pc();
    if (sleep_control_ != nullptr) {
        sleep_control_->falls_asleep(owner_, kernel_now());
    }
    // A reset or a debugger that moves the program counter ends it as well.
    while (!may_wake() && !halted_ && hart_.pc() == pc) {
        if (attention_ || !can_wake()) {
            const Boundary boundary = attention_ ? Boundary::attention : Boundary::asleep;
            attention_ = false;
            stepping_ = false;
            undisturbed = false;
            on_boundary_(boundary);
            if (!locked_up_) {
                continue;
            }
            locked_up_ = false;
        }
        asleep_since_ = kernel_now();
        asleep_ = true;
        on_boundary_(Boundary::sleeping);
        if (!halted_ && !attention_ && hart_.pc() == pc && !may_wake()) {
            sc_core::wait(wake_);
        }
        asleep_ = false;
        settle();
        asleep_time_ += kernel_now() - asleep_since_;
        if (on_sleep_) {
            on_sleep_(asleep_since_, kernel_now());
        }
        if (halted_) {
            return undisturbed;
        }
    }
    wake_up();
    restart_clock();
    return undisturbed;
}

bool Cpu::may_wake() const {
    if (sleep_control_ == nullptr) {
        return hart_.interrupt_pending();
    }
    return sleep_control_->wakes(hart_.read_csr(csr::mip).value_or(0),
                                 hart_.read_csr(csr::mie).value_or(0));
}

bool Cpu::can_wake() const {
    const std::uint32_t enabled = hart_.read_csr(csr::mie).value_or(0);
    return sleep_control_ == nullptr ? enabled != 0 : sleep_control_->can_wake(enabled);
}

/// Waits until the supply is there again; goes on elsewhere where it was off.
void Cpu::wake_up() {
    if (sleep_control_ == nullptr) {
        return;
    }
    const Picoseconds ready = sleep_control_->awakens(kernel_now());
    if (ready > kernel_now()) {
        const Picoseconds began = kernel_now();
        sc_core::wait(sc_core::sc_time::from_value(ready - began));
        settle();
        asleep_time_ += kernel_now() - began;
    }
    if (const auto pc = sleep_control_->restart()) {
        restart(*pc);
    }
}

void Cpu::wait_locked_up() {
    if (locked_up_) {
        if (!halted_ && !attention_) {
            sc_core::wait(wake_);
        }
        locked_up_ = false;
        settle();
        restart_clock();
    }
}

/// The core's clock was stopped: its cycles go on at the next edge.
void Cpu::restart_clock() {
    epoch_ = std::max(env_.clock.edge_at_or_after(kernel_now()), local_now());
    epoch_cycle_ = hart_.cycles();
}

Picoseconds Cpu::next_event() const {
    const Picoseconds pending =
        sc_core::sc_time_to_pending_activity(sc_core::sc_get_curr_simcontext()).value();
    return kernel_now() + pending;
}

/// What the core runs into is new only where one of its own accesses has caused it.
void Cpu::check_horizon() {
    event_ = next_event();
    if (attention_ || event_ < horizon_) {
        hart_.request_leave();
    }
}

void Cpu::change_clock() {
    epoch_ = local_now();
    epoch_cycle_ = hart_.cycles();
    period_ = env_.clock.period();
    recent_delay_ = 0;
    recent_cycles_ = 0;
    forget_regions();
    hart_.request_leave();  // the horizon's cycles were those of the old clock
}

// --- energy --------------------------------------------------------------------------------

void Cpu::flush() {
    const EnergyCounts counts = hart_.take_counts();
    if (attribution_ != nullptr) {
        flush_places();
    } else {
        std::uint64_t* row = meter_.row(owner_);
        for (std::size_t i = 0; i < counts.size(); ++i) {
            row[i] += counts[i];
        }
        row[clock_event] += hart_.cycles() - billed_cycles_;
        billed_cycles_ = hart_.cycles();
    }
    for (const auto* list : {&regions_, &retired_}) {
        for (const auto& direct : *list) {
            charge(*direct);
        }
    }
}

void Cpu::charge(DirectRegion& direct) const {
    const Region& region = direct.region;
    const std::uint64_t reads = region.fetches + region.reads - direct.reads;
    const std::uint64_t writes = region.writes - direct.writes;
    if (reads + writes == 0) {
        return;
    }
    if (attribution_ == nullptr) {
        charge_stages(direct, owner_, reads, writes);
    }
    if (direct.count) {
        direct.count(reads, writes);
    }
    direct.reads += reads;
    direct.writes += writes;
}

void Cpu::charge_stages(const DirectRegion& direct, OwnerId owner, std::uint64_t reads,
                        std::uint64_t writes) const {
    for (const DmiTag::Stage& stage : direct.stages) {
        stage.meter->add(owner, stage.read_event, stage.count * reads);
        stage.meter->add(owner, stage.write_event, stage.count * writes);
    }
}

/// As flush(), by place. The hart has told all that it held.
void Cpu::flush_places() {
    attribution_->pass(hart_.cycles());
    std::map<const Region*, const DirectRegion*> known;
    for (const auto* list : {&regions_, &retired_}) {
        for (const auto& direct : *list) {
            known[&direct->region] = direct.get();
        }
    }
    attribution_->drain([&](PlaceId place, const PlaceUse& use) {
        const OwnerId owner = owner_of(place);
        std::uint64_t* row = meter_.row(owner);
        for (std::size_t i = 0; i < use.counts.size(); ++i) {
            row[i] += use.counts[i];
        }
        row[clock_event] += use.cycles;
        for (const PlaceUse::Direct& direct : use.direct) {
            if ((direct.reads | direct.writes) != 0) {
                charge_stages(*known.at(direct.region), owner, direct.reads, direct.writes);
            }
        }
    });
}

OwnerId Cpu::owner_of(PlaceId place) {
    if (place >= place_owners_.size()) {
        place_owners_.resize(attribution_->places().size(), 0);
    }
    OwnerId& owner = place_owners_[place];
    if (owner == 0) {
        owner = env_.ledger.with_frame(owner_, place);
    }
    return owner;
}

/// Tells shared resources of the direct accesses since the slice began. Counts of energy wait for
/// who reads them.
void Cpu::book_direct() {
    Picoseconds wait = 0;
    for (const auto* list : {&regions_, &retired_}) {
        for (const auto& direct : *list) {
            std::uint64_t& accesses = direct->region.accesses;
            if (accesses != 0 && direct->book) {
                wait += direct->book(slice_begin_, local_now(), accesses);
            }
            accesses = 0;
        }
    }
    if (wait != 0) {
        hart_.stall((wait + period_ - 1) / period_);
    }
}

}  // namespace cimera::cpu
