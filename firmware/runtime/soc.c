// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "runtime/soc.h"

#include <stddef.h>
#include <stdlib.h>

#include "hal/memory_map.h"
#include "runtime/interrupt.h"

enum { SENSORS = 16 };  // interrupt sources 16 to 31

static cim_t* all_tiles;
static uint32_t tile_count;

/// Serves an interrupt source, which tiles that are CIMERA_IRQ_TILES apart share. `first` is the
/// first of them.
static void handle_tiles(void* first) {
    const size_t number = (size_t)((cim_t*)first - all_tiles);
    for (size_t t = number; t < tile_count; t += CIMERA_IRQ_TILES) {
        cim_interrupt(&all_tiles[t]);
    }
}

cimera_status_t soc_open_tiles(const socinfo_t* info, cim_t** tiles) {
    if (info->tiles.count == 0) {
        return CIMERA_NO_DEVICE;
    }
    all_tiles = calloc(info->tiles.count, sizeof all_tiles[0]);
    if (all_tiles == NULL) {
        return CIMERA_NO_MEMORY;
    }
    tile_count = info->tiles.count;
    cimera_status_t status = CIMERA_OK;
    for (uint32_t t = 0; t < tile_count && status == CIMERA_OK; ++t) {
        uintptr_t base = 0;
        status = socinfo_address(&info->tiles, t, &base);
        if (status == CIMERA_OK) {
            status = cim_init(&all_tiles[t], base);
        }
    }
    for (uint32_t t = 0; t < tile_count && t < CIMERA_IRQ_TILES && status == CIMERA_OK; ++t) {
        status = interrupt_attach(CIMERA_IRQ_TILE + t, handle_tiles, &all_tiles[t]);
    }
    *tiles = all_tiles;
    return status;
}

static void handle_sensor(void* sensor) {
    sensor_acknowledge(sensor);
}

cimera_status_t soc_open_sensor(const socinfo_t* info, uint32_t number, sensor_t* sensor) {
    if (number >= SENSORS) {
        return CIMERA_NO_DEVICE;
    }
    uintptr_t base = 0;
    cimera_status_t status = socinfo_address(&info->sensors, number, &base);
    if (status == CIMERA_OK) {
        status = sensor_init(sensor, base);
    }
    if (status == CIMERA_OK) {
        status = interrupt_attach(CIMERA_IRQ_SENSOR + number, handle_sensor, sensor);
    }
    return status;
}

static void handle_dma(void* dma) {
    dma_interrupt(dma);
}

cimera_status_t soc_open_dma(const socinfo_t* info, dma_t* dma) {
    if (!socinfo_has(info, CIMERA_DMA_BASE)) {
        return CIMERA_NO_DEVICE;
    }
    const cimera_status_t status = dma_init(dma, CIMERA_DMA_BASE);
    return status == CIMERA_OK ? interrupt_attach(CIMERA_IRQ_DMA, handle_dma, dma) : status;
}
