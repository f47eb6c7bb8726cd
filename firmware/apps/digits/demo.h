// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_APPS_DIGITS_DEMO_H
#define CIMERA_APPS_DIGITS_DEMO_H

#include <stdint.h>

#include "drivers/energy.h"
#include "drivers/mailbox.h"
#include "drivers/sensor.h"
#include "drivers/socinfo.h"
#include "drivers/status.h"
#include "learning/delta.h"
#include "nn/engine.h"
#include "nn/image.h"

/// Everything the demonstration works with.
typedef struct {
    socinfo_t info;
    energy_t energy;
    mailbox_t mailbox;
    sensor_t sensor;
    sensor_source_t source;
    nn_image_t image;
    nn_engine_t engine;
    uint32_t classes;
} demo_t;

/// What came out of a window of frames.
typedef struct {
    uint32_t frames;
    uint32_t correct;
    uint8_t* predictions;  ///< class of each frame
    uint32_t* confusion;   ///< frames by label (row) and prediction (column)
    uint64_t energy;       ///< of the whole chip, attojoules
    uint64_t ticks;        ///< of mtime
} result_t;

/// Finds the devices, checks the model, programs the tiles.
CIMERA_CHECKED cimera_status_t demo_open(demo_t* demo);

/// Classifies a window of labelled frames, each in phase `inference`.
CIMERA_CHECKED cimera_status_t demo_test(demo_t* demo, uint32_t first, uint32_t count,
                                         result_t* result);

/// Learns from shuffled passes over a window until there is no more to gain, each sample in phase
/// `learn`. `result` counts what was right before each step.
CIMERA_CHECKED cimera_status_t demo_learn(demo_t* demo, delta_t* delta, uint32_t first,
                                          uint32_t count, result_t* result);

#endif
