// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

#include "models/cpu/jit/layout.hpp"

#include "models/cpu/hart.hpp"

namespace cimera::cpu::jit {

namespace {

template <typename Field>
std::int32_t offset(const Hart& hart, const Field& field) {
    return static_cast<std::int32_t>(reinterpret_cast<const char*>(&field) -
                                     reinterpret_cast<const char*>(&hart));
}

}  // namespace

Layout::Layout(const Hart& hart)
    : x(offset(hart, hart.x_)),
      cycles(offset(hart, hart.cycles_)),
      limit(offset(hart, hart.native_limit_)),
      work(offset(hart, hart.work_)),
      block(offset(hart, hart.block_)),
      run_region(offset(hart, hart.run_region_)),
      fetch_stamp(offset(hart, hart.fetch_stamp_)),
      home(offset(hart, hart.home_)),
      home_bias(offset(hart, hart.native_home_)),
      home_read_wait(offset(hart, hart.home_read_wait_)),
      home_write_wait(offset(hart, hart.home_write_wait_)),
      home_loads(offset(hart, hart.home_loads_)),
      home_stores(offset(hart, hart.home_stores_)),
      loads(offset(hart, hart.loads_)),
      stores(offset(hart, hart.stores_)),
      fs(offset(hart, hart.fs_)),
      fcsr(offset(hart, hart.fcsr_)),
      flags(offset(hart, hart.native_flags_)),
      mxcsr(offset(hart, hart.native_mxcsr_)),
      quick(hart.blocks_.guesses()) {}

}  // namespace cimera::cpu::jit
