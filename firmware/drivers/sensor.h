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
    bool events;         ///< address events, of 8 bytes each, in place of frames
    uint64_t period_ns;  ///< from frame to frame; of a recorded microsecond with events
} sensor_source_t;

/// A part of the source's frames and how to play it.
typedef struct {
    uint32_t first;
    uint32_t count;
    bool shuffle;
    bool loop;
    bool stream;         ///< a frame drops when its last word is read: for a DMA, and for events
    bool tag;            ///< before each frame sensor_tag_t comes
    uint32_t watermark;  ///< frames in the FIFO that interrupt; 0 is as 1
    uint32_t request;    ///< bytes in the FIFO that a DMA is asked to take, its burst; 0 is as 4
} sensor_window_t;

/// What is before a frame of a tagged window.
typedef struct {
    uint32_t index;
    uint32_t label;  ///< or SENSOR_NO_LABEL
    uint32_t time_lo;
    uint32_t time_hi;
} sensor_tag_t;

/// An address event as it comes from the FIFO.
typedef struct {
    uint32_t address;
    uint32_t time;  ///< of its arrival, in ticks of mtime
} sensor_event_t;

static inline uint32_t sensor_event_x(const sensor_event_t* event) {
    return event->address & 0xFFFFU;
}
static inline uint32_t sensor_event_y(const sensor_event_t* event) {
    return event->address >> 16 & 0x7FFFU;
}
static inline bool sensor_event_brighter(const sensor_event_t* event) {
    return event->address >> 31 != 0;
}

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

/// Where a DMA reads frames, 32 bits at a time, and where events are read without one.
uintptr_t sensor_data(const sensor_t* sensor);

/// Takes the event at the head of the FIFO, of a window with `stream`.
sensor_event_t sensor_read_event(const sensor_t* sensor);

/// Drops the frame at the head.
void sensor_next(const sensor_t* sensor);

/// Frames lost since reset.
uint32_t sensor_lost(const sensor_t* sensor);

/// For the sensor's interrupt handler: clears what it reports.
void sensor_acknowledge(const sensor_t* sensor);

#endif
