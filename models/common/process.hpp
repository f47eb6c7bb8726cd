// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#pragma once

#include <functional>
#include <initializer_list>

#include <systemc>

namespace cimera {

/// Runs `work` in a method process of its own at each of `events`, not before the first. To be
/// called while the module is built.
void spawn_method(const char* name, std::initializer_list<const sc_core::sc_event*> events,
                  std::function<void()> work);

}  // namespace cimera
