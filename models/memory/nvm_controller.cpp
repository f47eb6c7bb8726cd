// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/memory/nvm_controller.hpp"

#include <fmt/format.h>

#include "regs/nvmctl.hpp"

namespace cimera {

using namespace regs::nvmctl;

namespace {

constexpr std::uint32_t word(std::uint64_t value) {
    return static_cast<std::uint32_t>(value);
}

}  // namespace

NvmController::NvmController(const sc_core::sc_module_name& name, const Environment& environment,
                             Nvm& nvm)
    : Peripheral(name, block, environment) {
    regs.on_write(STATUS, [this](std::uint32_t status) {
        if (STATUS_FAILED::get(status) == 0) {
            regs[FAIL_OFFSET] = 0;
        }
    });
    regs.on_read(PAGE_BYTES, [&nvm] { return nvm.wear().page_bytes; });
    regs.on_read(PAGE_COUNT, [&nvm] { return word(nvm.pages()); });
    regs.on_read(ENDURANCE, [&nvm] { return nvm.wear().endurance; });
    regs.on_read(CYCLES, [this, &nvm] { return nvm.cycles(regs[PAGE]); });
    regs.on_read(MAX_CYCLES, [&nvm] { return nvm.most_cycles(); });
    regs.on_read(WORN_PAGES, [&nvm] { return word(nvm.worn_pages()); });
    regs.on_write(PAGE, [this, &nvm](std::uint32_t page) {
        if (page >= nvm.pages()) {
            regs.refuse(fmt::format("the NVM has {} pages", nvm.pages()));
        }
    });
    nvm.on_failure([this](std::uint64_t offset) { note_failure(offset); });
}

/// The first failure counts until firmware has taken note of it.
void NvmController::note_failure(std::uint64_t offset) {
    if (STATUS_FAILED::get(regs[STATUS]) == 0) {
        regs[STATUS] = STATUS_FAILED::of(1);
        regs[FAIL_OFFSET] = word(offset);
    }
}

}  // namespace cimera
