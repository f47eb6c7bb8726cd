// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/nvm.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include <fmt/format.h>

#include "models/common/error.hpp"

namespace cimera {

namespace {

/// Purposes of a cell's random numbers.
enum Stream : std::uint32_t { cell_endurance, stuck_value };

MemoryConfig with_pulses(MemoryConfig config) {
    config.volatile_contents = false;
    config.banks = 1;
    config.queues = true;
    config.more_events = {{"nvm.set", {{"nvm.set"}}}, {"nvm.reset", {{"nvm.reset"}}}};
    return config;
}

}  // namespace

Nvm::Nvm(const sc_core::sc_module_name& name, const MemoryConfig& config, const NvmWear& wear,
         std::uint64_t seed, const Environment& env)
    : Memory(name, with_pulses(config), env),
      wear_(wear),
      seed_(seed),
      cells_(seed, this->name()),
      cycles_((config.size + wear.page_bytes - 1) / wear.page_bytes) {}

void Nvm::restore(const NvmState& state) {
    CIMERA_ASSERT(state.bytes.size() == config().size && state.cycles.size() == cycles_.size() &&
                      state.page_bytes == wear_.page_bytes,
                  "a stored state fits its memory");
    std::copy(state.bytes.begin(), state.bytes.end(), bytes());
    seed_ = state.seed;
    cells_ = Random(seed_, name());
    cycles_ = state.cycles;
    most_cycles_ = *std::max_element(cycles_.begin(), cycles_.end());
    worn_pages_ = static_cast<std::uint64_t>(
        std::count_if(cycles_.begin(), cycles_.end(),
                      [this](std::uint32_t cycles) { return cycles > wear_.endurance; }));
}

NvmState Nvm::state() const {
    return {seed_, wear_.page_bytes, {bytes(), bytes() + config().size}, cycles_};
}

/// What the cells of a worn byte hold after pulses towards `wanted`.
std::uint8_t Nvm::worn_byte(std::uint64_t offset, std::uint8_t wanted) const {
    const std::uint32_t cycles = cycles_[offset / wear_.page_bytes];
    unsigned value = wanted;
    for (unsigned bit = 0; bit < 8; ++bit) {
        const auto cell = static_cast<std::uint32_t>(offset * 8 + bit);
        const std::uint64_t life =
            std::uint64_t{wear_.endurance} + cells_.below(wear_.endurance, cell_endurance, cell, 0);
        if (cycles > life) {
            const unsigned stuck = cells_.bits(stuck_value, cell, 0) & 1U;
            value = (value & ~(1U << bit)) | stuck << bit;
        }
    }
    return static_cast<std::uint8_t>(value);
}

void Nvm::count_cycle(std::uint64_t page) {
    std::uint32_t& cycles = cycles_[page];
    if (cycles != std::numeric_limits<std::uint32_t>::max()) {
        ++cycles;
        worn_pages_ += cycles == std::uint64_t{wear_.endurance} + 1 ? 1 : 0;
        most_cycles_ = std::max(most_cycles_, cycles);
    }
}

/// Bytes [first, end) of one page in one access.
void Nvm::program(std::uint64_t first, std::uint64_t end, const std::uint8_t* wanted,
                  Pulses& pulses) {
    Pulses needed;
    for (std::uint64_t i = first; i < end; ++i) {
        const unsigned old = bytes()[i];
        const unsigned changes = old ^ wanted[i - first];
        needed.sets += static_cast<unsigned>(std::popcount(changes & ~old));
        needed.resets += static_cast<unsigned>(std::popcount(changes & old));
    }
    if (needed.sets + needed.resets == 0) {
        return;
    }
    pulses.sets += needed.sets;
    pulses.resets += needed.resets;
    const std::uint64_t page = first / wear_.page_bytes;
    count_cycle(page);
    for (std::uint64_t i = first; i < end; ++i) {
        const std::uint8_t value = wanted[i - first];
        bytes()[i] = cycles_[page] > wear_.endurance ? worn_byte(i, value) : value;
        if (bytes()[i] != value && !failed_) {
            failed_ = i;
        }
    }
}

bool Nvm::store(tlm::tlm_generic_payload& payload) {
    const std::uint64_t begin = payload.get_address();
    const std::uint64_t end = begin + payload.get_data_length();
    std::vector<std::uint8_t> wanted(bytes() + begin, bytes() + end);
    if (!copy_enabled(wanted.data(), payload.get_data_ptr(), payload)) {
        return false;
    }
    Pulses pulses;
    failed_.reset();
    const std::uint64_t width = config().width;
    for (std::uint64_t first = begin; first < end;) {
        const std::uint64_t access = begin + ((first - begin) / width + 1) * width;
        const std::uint64_t page = (first / wear_.page_bytes + 1) * wear_.page_bytes;
        const std::uint64_t last = std::min({end, access, page});
        program(first, last, &wanted[first - begin], pulses);
        first = last;
    }
    TransactionTag::charge(payload, meter_, first_more_event, pulses.sets);
    TransactionTag::charge(payload, meter_, first_more_event + 1, pulses.resets);
    return true;
}

Picoseconds Nvm::serve(tlm::tlm_generic_payload& payload, Picoseconds at) {
    if (payload.is_write() && failed_) {
        ++failed_writes_;
        if (on_failure_) {
            on_failure_(*failed_);
        }
        const auto* tag = payload.get_extension<TransactionTag>();
        const std::uint64_t page = *failed_ / wear_.page_bytes;
        env_.diagnostics.firmware_error(
            {at, tag != nullptr ? tag->pc : 0, name(),
             fmt::format("page {} (offset 0x{:x})", page, page * wear_.page_bytes),
             fmt::format("a worn-out cell does not hold what is written to it; the page is made "
                         "for {} cycles",
                         wear_.endurance)});
    }
    return Memory::serve(payload, at);
}

}  // namespace cimera
