// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <deque>

#include "models/interconnect/interconnect.hpp"

namespace cimera {

struct CrossbarConfig {
    unsigned width = 8;    ///< bytes per beat
    unsigned latency = 1;  ///< cycles of pipeline per transfer
};

/// Full crossbar: only the port of the target is shared.
class Crossbar final : public Interconnect {
public:
    Crossbar(const sc_core::sc_module_name& name, const CrossbarConfig& config,
             const Environment& env);

private:
    void find_way(Way& way) override;
};

}  // namespace cimera
