// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_SENSOR_H
#define CIMERA_DRIVERS_SENSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/sensor_regs.h"

#define SENSOR_NO_LABEL UINT32_MAX

typedef struct {
    sensor_regs_t* regs;
} sensor_t;

/// What is connected to a sensor front-end.
typedef struct {
    bool connected;
    bool labels;
    uint32_t sample_bytes;
    uint32_t rows;
    uint32_t cols;
    uint32_t frame_bytes;
    uint32_t frames;
    uint32_t period_ns;
} sensor_source_t;

/// A part of the source's frames and how to play it.
typedef struct {
    uint32_t first;
    uint32_t count;
    bool shuffle;
    bool loop;
} sensor_window_t;

CIMERA_CHECKED cimera_status_t sensor_init(sensor_t* sensor, uintptr_t base);

sensor_source_t sensor_source(const sensor_t* sensor);

/// Empties the FIFO and starts a window: its first frame comes one period later.
CIMERA_CHECKED cimera_status_t sensor_start(const sensor_t* sensor, const sensor_window_t* window);

/// Stops the window and empties the FIFO.
void sensor_stop(const sensor_t* sensor);

/// Sleeps until a frame is at the head of the FIFO; CIMERA_END after the window's last one.
/// The sensor's interrupt must reach sensor_acknowledge().
CIMERA_CHECKED cimera_status_t sensor_wait(const sensor_t* sensor);

/// Reads the frame at the head (`bytes` of it, a multiple of 4 or the frame's size), then its
/// label.
void sensor_read(const sensor_t* sensor, uint8_t* frame, uint32_t bytes, uint32_t* label);

/// Drops the frame at the head.
void sensor_next(const sensor_t* sensor);

/// Frames lost since reset.
uint32_t sensor_lost(const sensor_t* sensor);

/// For the sensor's interrupt handler: clears what it reports.
void sensor_acknowledge(const sensor_t* sensor);

#endif
