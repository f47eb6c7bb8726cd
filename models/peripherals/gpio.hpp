// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"

namespace cimera {

/// What a pin does at an instant.
struct PinChange {
    enum class Level : std::uint8_t { low, high, released };
    Picoseconds at;
    std::uint32_t pin;
    Level level;  ///< released: the chip drives it no more
};

/// 32 general-purpose pins with interrupts on edges and levels.
class Gpio final : public Peripheral {
public:
    static constexpr std::uint32_t pins = 32;
    static constexpr std::size_t most_changes = 1000;

    IrqPort irq{"irq"};

    /// `inputs`: what the world outside does, by time; a reset of the chip leaves it alone.
    Gpio(const sc_core::sc_module_name& name, const Environment& env,
         std::vector<PinChange> inputs);

    /// The first changes of outputs, `most_changes` of them at most, and how many there were.
    [[nodiscard]] const std::vector<PinChange>& outputs() const { return outputs_; }
    [[nodiscard]] std::uint64_t output_changes() const { return output_changes_; }

private:
    void reset_device(ResetKind kind) override;
    void update();
    void note_outputs();
    void play();
    void schedule();

    std::vector<PinChange> inputs_;
    std::size_t next_input_ = 0;
    std::uint32_t connected_ = 0;  // levels from outside
    std::uint32_t levels_ = 0;     // of all pins
    std::uint32_t driven_ = 0;     // the last DIR and its levels
    std::uint32_t driven_levels_ = 0;
    std::vector<PinChange> outputs_;
    std::uint64_t output_changes_ = 0;
    sc_core::sc_event due_;
};

}  // namespace cimera
