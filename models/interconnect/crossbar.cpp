// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/interconnect/crossbar.hpp"

namespace cimera {

Crossbar::Crossbar(const sc_core::sc_module_name& name, const CrossbarConfig& config,
                   const Environment& env)
    : Interconnect(name, config.width, 0, config.latency, env,
                   {{"crossbar.beat", {{"crossbar.byte", static_cast<double>(config.width)}}}},
                   {{"crossbar", 1}}) {}

void Crossbar::find_way(Way& way) {
    constexpr std::size_t beat_event = 0;
    way.hops = {{beat_event, 1}};
}

}  // namespace cimera
