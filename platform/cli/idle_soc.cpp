// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "platform/cli/idle_soc.hpp"

namespace cimera::cli {

namespace {

SocInputs inputs_with(const Image* firmware) {
    SocInputs inputs;
    inputs.firmware = firmware;
    return inputs;
}

}  // namespace

IdleSoc::IdleSoc(const SocConfig& config, const Technology& technology, const Image* firmware)
    : prices_(technology),
      soc_(config, prices_, inputs_with(firmware),
           {[](std::uint8_t) {}, [](cpu::Boundary) {}, [](const cpu::Trap&) { return false; },
            *this, *this}) {}

}  // namespace cimera::cli
