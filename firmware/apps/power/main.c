// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "drivers/socinfo.h"
#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/memory_map.h"
#include "measure.h"
#include "runtime/clock.h"
#include "runtime/console.h"
#include "runtime/phase.h"
#include "runtime/power.h"
#include "runtime/soc.h"

// Steps through the operating points and sleep states of the host and of a tile, with the same work
// at every point and the same time in every state, and prints what the chip's own counters say.

enum { FAILED = 60, NAP_TICKS = 10000, ROWS = 64, OUTPUTS = 128, WORDS = 512 };

static pmu_t pmu;
static energy_t energy;
static cim_t* tiles;
static uint32_t host_domain;
static uint32_t fabric_domain;
static uint32_t tile_domain;
static uint32_t expected_crc;

static uint8_t weights[ROWS * OUTPUTS / 2];  // 4 bits each
static int8_t inputs[ROWS];
static int32_t outputs[OUTPUTS];
static int32_t expected[OUTPUTS];

/// The host's work: a CRC over words that it makes itself.
static uint32_t work(void) {
    static uint32_t words[WORDS];
    uint32_t state = 1;
    for (uint32_t i = 0; i < WORDS; ++i) {
        state = state * 1664525U + 1013904223U;
        words[i] = state;
    }
    uint32_t crc = ~0U;
    for (uint32_t i = 0; i < WORDS; ++i) {
        crc ^= words[i];
        for (int bit = 0; bit < 32; ++bit) {
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
        }
    }
    return ~crc;
}

// Phases have literal names: one for each point that is looked at.
#define IN_PHASE(name, body) \
    do {                     \
        phase_begin(name);   \
        body;                \
        phase_end(name);     \
    } while (false)

static bool work_at(uint32_t point, measure_t* measure) {
    uint32_t crc = 0;
    const reading_t before = measure_read(&energy, host_domain);
    switch (point) {
        case 0:
            IN_PHASE("host0", crc = work());
            break;
        case 1:
            IN_PHASE("host1", crc = work());
            break;
        default:
            IN_PHASE("host2", crc = work());
            break;
    }
    const reading_t after = measure_read(&energy, host_domain);
    *measure = measure_between(&before, &after);
    expected_crc = point == 0 ? crc : expected_crc;
    return crc == expected_crc;
}

static bool host_points(void) {
    bool good = true;
    for (uint32_t point = 0; point < pmu.points && point < 3 && good; ++point) {
        char name[PMU_NAME_BYTES];
        measure_t measure = {0};
        pmu_point_name(&pmu, point, name);
        console_flush();
        good = pmu_set_point(&pmu, fabric_domain, point) == CIMERA_OK &&
               pmu_set_point(&pmu, host_domain, point) == CIMERA_OK && work_at(point, &measure);
        measure_print("host", name, &measure);
    }
    return good && pmu_set_point(&pmu, fabric_domain, 0) == CIMERA_OK &&
           pmu_set_point(&pmu, host_domain, 0) == CIMERA_OK;
}

/// Sleeps for a millisecond in a state of the host.
static bool nap(pmu_state_t state, const char* name) {
    console_flush();
    const reading_t before = measure_read(&energy, host_domain);
    clock_set_alarm(clock_time() + NAP_TICKS);
    const bool good = power_sleep(&pmu, state) == CIMERA_OK;
    const reading_t after = measure_read(&energy, host_domain);
    const measure_t measure = measure_between(&before, &after);
    measure_print("host", name, &measure);
    return good && clock_alarm_rang() && pmu_woken(&pmu) == state;
}

static bool host_states(void) {
    const uint32_t wake = CPU_MIE_TIMER | CPU_MIE_EXTERNAL;
    return nap(PMU_CLOCK_GATED, "wfi") && pmu_configure_sleep(&pmu, wake, PMU_ON) == CIMERA_OK &&
           nap(PMU_RETENTION, "retention") && nap(PMU_OFF, "off") &&
           pmu_configure_sleep(&pmu, wake, PMU_RETENTION) == CIMERA_OK &&
           nap(PMU_RETENTION, "retention+l2") && nap(PMU_OFF, "off+l2");
}

/// The tile's work: programs its cells and multiplies a vector.
static cimera_status_t run_tile(void) {
    const cim_job_t multiply = {
        .OPERATION = CIM_MVM | CIM_JOB_OPERATION_INPUT_SIGNED_MASK |
                     CIM_JOB_OPERATION_WEIGHT_SIGNED_MASK | CIM_JOB_OPERATION_OUTPUT_SIGNED_MASK |
                     CIM_JOB_OPERATION_FETCH_MASK | CIM_JOB_OPERATION_STORE_MASK |
                     CIM_JOB_OPERATION_FINISH_MASK | CIM_JOB_OPERATION_INTERRUPT_MASK,
        .PRECISION =
            FIELD_OF(8, CIM_JOB_PRECISION_INPUT_BITS) | FIELD_OF(32, CIM_JOB_PRECISION_OUTPUT_BITS),
        .ROWS = FIELD_OF(ROWS, CIM_JOB_ROWS_COUNT),
        .COLUMNS = FIELD_OF(OUTPUTS, CIM_JOB_COLUMNS_COUNT),
        .SOURCE = (uint32_t)(uintptr_t)inputs,
        .DESTINATION = (uint32_t)(uintptr_t)outputs,
        .SCALE = FIELD_OF(1, CIM_JOB_SCALE_FACTOR),
    };
    const cim_job_t program = {
        .OPERATION = CIM_PROGRAM | CIM_JOB_OPERATION_WEIGHT_SIGNED_MASK,
        .PRECISION =
            FIELD_OF(8, CIM_JOB_PRECISION_INPUT_BITS) | FIELD_OF(32, CIM_JOB_PRECISION_OUTPUT_BITS),
        .ROWS = FIELD_OF(ROWS, CIM_JOB_ROWS_COUNT),
        .COLUMNS = FIELD_OF(OUTPUTS, CIM_JOB_COLUMNS_COUNT),
        .SOURCE = (uint32_t)(uintptr_t)weights,
        .STRIDE = OUTPUTS / 2,
        .LINK = (uint32_t)(uintptr_t)&multiply,
    };
    memset(outputs, 0, sizeof outputs);
    const cimera_status_t status = cim_start(&tiles[0], &program);
    return status == CIMERA_OK ? cim_wait(&tiles[0]) : status;
}

static bool tile_work_at(uint32_t point, measure_t* measure) {
    cimera_status_t status = CIMERA_OK;
    const reading_t before = measure_read(&energy, tile_domain);
    switch (point) {
        case 0:
            IN_PHASE("tile0", status = run_tile());
            break;
        case 1:
            IN_PHASE("tile1", status = run_tile());
            break;
        default:
            IN_PHASE("tile2", status = run_tile());
            break;
    }
    const reading_t after = measure_read(&energy, tile_domain);
    *measure = measure_between(&before, &after);
    if (point == 0) {
        memcpy(expected, outputs, sizeof expected);
    }
    return status == CIMERA_OK && memcmp(outputs, expected, sizeof expected) == 0;
}

static bool tile_points(void) {
    for (uint32_t i = 0; i < sizeof weights; ++i) {
        weights[i] = (uint8_t)(i * 37 + i / 64);
    }
    for (int i = 0; i < ROWS; ++i) {
        inputs[i] = (int8_t)(i * 29 - 50);
    }
    bool good = true;
    for (uint32_t point = 0; point < pmu.points && point < 3 && good; ++point) {
        char name[PMU_NAME_BYTES];
        measure_t measure = {0};
        pmu_point_name(&pmu, point, name);
        console_flush();
        good =
            pmu_set_point(&pmu, tile_domain, point) == CIMERA_OK && tile_work_at(point, &measure);
        measure_print("tile", name, &measure);
    }
    return good && pmu_set_point(&pmu, tile_domain, 0) == CIMERA_OK;
}

/// A millisecond with the tile in a state.
static bool tile_state(pmu_state_t state, const char* name) {
    console_flush();
    const bool good = pmu_set_state(&pmu, tile_domain, state) == CIMERA_OK;
    const reading_t before = measure_read(&energy, tile_domain);
    clock_sleep_until(clock_time() + NAP_TICKS);
    const reading_t after = measure_read(&energy, tile_domain);
    const measure_t measure = measure_between(&before, &after);
    measure_print("tile", name, &measure);
    return good && pmu_set_state(&pmu, tile_domain, PMU_ON) == CIMERA_OK;
}

/// What was programmed survives all states but off.
static bool tile_states(void) {
    const bool good = tile_state(PMU_ON, "on") && tile_state(PMU_CLOCK_GATED, "clock-gated") &&
                      tile_state(PMU_RETENTION, "retention") && tile_state(PMU_OFF, "off");
    return good && cim_init(&tiles[0], (uintptr_t)tiles[0].regs) == CIMERA_OK;
}

static void print_domains(void) {
    for (uint32_t d = 0; d < pmu.domains; ++d) {
        pmu_domain_t domain;
        if (pmu_domain(&pmu, d, &domain) != CIMERA_OK) {
            return;
        }
        printf("%-10s", domain.name);
        for (uint32_t point = 0; point < domain.points; ++point) {
            const uint32_t kilohertz = pmu_hertz(&pmu, d, point) / 1000;
            if (kilohertz != 0) {
                char name[PMU_NAME_BYTES];
                pmu_point_name(&pmu, point, name);
                printf(" %s %lu kHz", name, (unsigned long)kilohertz);
            }
        }
        printf("\n");
    }
}

static bool open_all(void) {
    socinfo_t info;
    energy_init(&energy, CIMERA_ENERGY_BASE);
    return socinfo_read(&info, CIMERA_SOCINFO_BASE) == CIMERA_OK &&
           socinfo_has(&info, CIMERA_PMU_BASE) && power_open(&pmu) == CIMERA_OK &&
           soc_open_tiles(&info, &tiles) == CIMERA_OK &&
           pmu_find(&pmu, PMU_HOST, 0, &host_domain) == CIMERA_OK &&
           pmu_find(&pmu, PMU_FABRIC, 0, &fabric_domain) == CIMERA_OK &&
           pmu_find(&pmu, PMU_TILE, 0, &tile_domain) == CIMERA_OK;
}

int main(void) {
    if (!open_all()) {
        return FAILED;
    }
    print_domains();
    measure_print_head();
    const bool good = host_points() && host_states() && tile_points() && tile_states();
    printf("%s\n", good ? "ok" : "FAILED");
    return good ? 0 : FAILED;
}
