// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <array>
#include <cstdint>

#include "models/common/irq.hpp"
#include "models/common/peripheral.hpp"

namespace cimera {

/// Platform-level interrupt controller with level-triggered gateways. Several devices may share a
/// source: it is raised while any of them asserts its line.
class Plic final : public Peripheral {
public:
    static constexpr unsigned source_count = 192;  ///< source 0 does not exist

    IrqPort external{"external"};                        ///< context 0: machine mode
    IrqPort supervisor_external{"supervisor_external"};  ///< context 1: supervisor mode

    Plic(const sc_core::sc_module_name& name, const Environment& env);

    /// The line that a device with interrupt `number` binds to.
    [[nodiscard]] IrqIf& source(unsigned number) { return lines_[number]; }
    /// The source that a claim in machine mode would answer; 0: none.
    [[nodiscard]] unsigned claimable() const { return best(contexts_[0]); }

private:
    struct Line final : IrqIf {
        Plic* plic = nullptr;
        unsigned number = 0;
        unsigned asserted = 0;  // devices that drive the line
        bool pending = false;
        bool claimed = false;      // between claim and completion the gateway holds back
        std::uint32_t claims = 0;  // since the line rose
        void set(bool level, Picoseconds at) override;
    };

    /// Who takes interrupts: its registers and its line.
    struct Context {
        std::uint32_t enable;
        std::uint32_t threshold;
        std::uint32_t claim;
        IrqPort* line;
    };

    void reset_device(ResetKind kind) override;
    void add_registers(const Context& context);
    std::uint32_t claim(const Context& context);
    void complete(const Context& context, std::uint32_t number);
    [[nodiscard]] unsigned best(const Context& context) const;
    [[nodiscard]] std::uint32_t pending_word(std::uint32_t index) const;
    void update(Picoseconds at);

    std::array<Line, source_count> lines_;
    std::array<Context, 2> contexts_;
};

}  // namespace cimera
