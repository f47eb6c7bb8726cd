// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "models/common/process.hpp"

#include <sysc/kernel/sc_dynamic_processes.h>
#include <utility>

namespace cimera {

void spawn_method(const char* name, std::initializer_list<const sc_core::sc_event*> events,
                  std::function<void()> work) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.dont_initialize();
    for (const sc_core::sc_event* event : events) {
        options.set_sensitivity(event);
    }
    sc_core::sc_spawn(std::move(work), name, &options);
}

}  // namespace cimera
