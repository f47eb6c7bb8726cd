// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "measure.h"

#include <stdio.h>

reading_t measure_read(const energy_t* energy, uint32_t domain) {
    energy_latch(energy);
    return (reading_t){
        .time = energy_time(energy),
        .chip = energy_value(energy, ENERGY_CHIP, 0, ENERGY_ALL),
        .domain = energy_value(energy, ENERGY_DOMAIN, domain, ENERGY_ALL),
        .dynamic = energy_value(energy, ENERGY_CHIP, 0, ENERGY_DYNAMIC),
        .leakage = energy_value(energy, ENERGY_CHIP, 0, ENERGY_LEAKAGE),
    };
}

static uint32_t picojoules(uint64_t before, uint64_t after) {
    return (uint32_t)((after - before + 500000) / 1000000);
}

measure_t measure_between(const reading_t* before, const reading_t* after) {
    return (measure_t){
        .microseconds = (uint32_t)((after->time - before->time + 5) / 10),
        .chip = picojoules(before->chip, after->chip),
        .domain = picojoules(before->domain, after->domain),
        .dynamic = picojoules(before->dynamic, after->dynamic),
        .leakage = picojoules(before->leakage, after->leakage),
    };
}

void measure_print_head(void) {
    printf("%-8s %-12s %8s %12s %12s %12s %12s\n", "domain", "at", "us", "chip pJ", "domain pJ",
           "dynamic pJ", "leakage pJ");
}

void measure_print(const char* what, const char* how, const measure_t* measure) {
    printf("%-8s %-12s %8lu %12lu %12lu %12lu %12lu\n", what, how,
           (unsigned long)measure->microseconds, (unsigned long)measure->chip,
           (unsigned long)measure->domain, (unsigned long)measure->dynamic,
           (unsigned long)measure->leakage);
}
