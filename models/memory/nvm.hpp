// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "models/common/random.hpp"
#include "models/memory/memory.hpp"

namespace cimera {

/// How cells of a resistive memory wear out.
struct NvmWear {
    std::uint32_t page_bytes = 16;        ///< unit in which write cycles are counted
    std::uint32_t endurance = 1'000'000;  ///< cycles that every cell of a page bears
};

/// What survives power-off.
struct NvmState {
    std::uint64_t seed = 0;  ///< of the cells: which ones fail early
    std::uint32_t page_bytes = 0;
    std::vector<std::uint8_t> bytes;
    std::vector<std::uint32_t> cycles;  ///< of each page

    bool operator==(const NvmState&) const = default;
};

/// Embedded RRAM. A write reads its word first and pulses the cells that have to change: SET makes
/// a 1, RESET a 0. It occupies the array. Each access that changes a page is one of its cycles. A
/// cell bears between one and two times the page's endurance; then it is stuck at a value of its
/// own. Every access is a transaction: it may have to wait for a write.
class Nvm final : public Memory {
public:
    /// `config` as for any memory, without the events of pulses; `name` and `seed` tell the cells.
    Nvm(const sc_core::sc_module_name& name, const MemoryConfig& config, const NvmWear& wear,
        std::uint64_t seed, const Environment& env);

    /// Contents and wear as after an earlier power-off. It has the size and page of this memory.
    void restore(const NvmState& state);
    [[nodiscard]] NvmState state() const;

    [[nodiscard]] const NvmWear& wear() const { return wear_; }
    [[nodiscard]] std::uint64_t pages() const { return cycles_.size(); }
    [[nodiscard]] std::uint32_t cycles(std::uint64_t page) const { return cycles_[page]; }
    [[nodiscard]] std::uint32_t most_cycles() const { return most_cycles_; }
    /// Pages that have had more cycles than they are made for.
    [[nodiscard]] std::uint64_t worn_pages() const { return worn_pages_; }
    /// Writes that did not store what they should, over all resets.
    [[nodiscard]] std::uint64_t failed_writes() const { return failed_writes_; }
    /// Calls `listener` for each of them, with the offset of the first such byte.
    void on_failure(std::function<void(std::uint64_t)> listener) {
        on_failure_ = std::move(listener);
    }

private:
    struct Pulses {
        std::uint64_t sets = 0;
        std::uint64_t resets = 0;
    };

    bool store(tlm::tlm_generic_payload& payload) override;
    [[nodiscard]] bool grants_direct() const override { return false; }
    [[nodiscard]] Picoseconds serve(tlm::tlm_generic_payload& payload, Picoseconds at) override;
    void program(std::uint64_t first, std::uint64_t end, const std::uint8_t* wanted,
                 Pulses& pulses);
    [[nodiscard]] std::uint8_t worn_byte(std::uint64_t offset, std::uint8_t wanted) const;
    void count_cycle(std::uint64_t page);

    NvmWear wear_;
    std::uint64_t seed_;
    Random cells_;
    std::vector<std::uint32_t> cycles_;
    std::uint32_t most_cycles_ = 0;
    std::uint64_t worn_pages_ = 0;
    std::uint64_t failed_writes_ = 0;
    std::function<void(std::uint64_t)> on_failure_;
    std::optional<std::uint64_t> failed_;  // by the present write
};

}  // namespace cimera
