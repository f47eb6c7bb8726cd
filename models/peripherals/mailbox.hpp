// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/common/peripheral.hpp"

namespace cimera {

/// Results mailbox: firmware reports named numbers, mantissa · 10^exponent.
class Mailbox final : public Peripheral {
public:
    struct Result {
        std::string name;
        std::int64_t mantissa;
        int exponent;  ///< −18 to 0
    };

    Mailbox(const sc_core::sc_module_name& name, const Environment& env);

    /// In the order of their first commit.
    [[nodiscard]] const std::vector<Result>& results() const { return results_; }

private:
    void reset_device(ResetKind kind) override;
    void commit(std::uint32_t value);

    std::vector<Result> results_;
};

/// Characters of a name register array, four a word, up to the first zero.
[[nodiscard]] std::string unpack_name(const RegisterBank& regs, std::uint32_t first,
                                      unsigned words);
/// Word `index` of a name packed that way.
[[nodiscard]] std::uint32_t pack_name(const std::string& name, std::uint32_t index);

}  // namespace cimera
