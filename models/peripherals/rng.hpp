// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <optional>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"
#include "models/common/random.hpp"

namespace cimera {

/// Random source with a health test. Its words are a function of seed, instance name and number,
/// so that a run can be repeated.
class Rng final : public Peripheral {
public:
    static constexpr std::uint64_t period = 512;  ///< cycles per word

    IrqPort irq{"irq"};

    Rng(const sc_core::sc_module_name& name, const Environment& env, std::uint64_t seed);

private:
    void reset_device(ResetKind kind) override;
    void begin_word();
    void end_word();
    std::uint32_t take();
    void schedule();
    void update_irq();

    Random random_;
    std::uint64_t words_ = 0;             // that the noise source has made since reset
    std::optional<std::uint32_t> last_;   // what the health test saw last
    std::optional<std::uint64_t> ready_;  // cycle at which the present word is made
    OwnerId owner_ = 0;                   // who asked for it
    sc_core::sc_event due_;
};

}  // namespace cimera
