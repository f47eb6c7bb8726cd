// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdio.h>

#include "apps/twotask/kernel.h"
#include "apps/twotask/tasks.h"

// Two tasks under a kernel that preempts them; then one task after the other that does what it
// must not. Output and verdict do not depend on how fast the machine is.

static uint32_t failures;

static void check(const char* what, bool passed) {
    printf("%s: %s\n", what, passed ? "yes" : "NO");
    failures += !passed;
}

int main(void) {
    kernel_init();
    const bool protects_itself = kernel_protects_itself();

    const task_entry_t pair[TASKS] = {task_steady, task_intruder};
    task_end_t ends[TASKS];
    kernel_run(pair, ends);

    bool all_killed = true;
    for (uint32_t i = 0; i < offence_count; ++i) {
        const task_entry_t alone[TASKS] = {NULL, offences[i]};
        task_end_t end[TASKS];
        kernel_run(alone, end);
        all_killed = all_killed && end[1].killed;
    }
    kernel_exit();

    const nesting_t* nesting = kernel_nesting();
    check("task 0 was preempted at least 40 times", ends[0].preemptions >= 40);
    check("task 1 was preempted at least 40 times", ends[1].preemptions >= 40);
    check("task 0 ended well", !ends[0].killed && ends[0].code == 0);
    check("task 1 was killed for touching task 0", ends[1].killed);
    check("each offender was killed", all_killed);
    check("the kernel cannot write its own code and stack guard", protects_itself);
    check("an external interrupt preempted a software interrupt", nesting->external_in_software);
    check("the timer preempted an external interrupt", nesting->timer_in_external);
    check("the timer preempted a software interrupt", nesting->timer_in_software);
    check("a software interrupt waited for an external one", nesting->lower_level_waits);
    check("a source at the threshold waited", nesting->threshold_holds_back);
    check("the code is unchanged", nesting->code_unchanged);
    return failures == 0 ? 0 : 60;
}
