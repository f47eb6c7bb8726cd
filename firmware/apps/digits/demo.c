// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "apps/digits/demo.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "hal/memory_map.h"
#include "runtime/clock.h"
#include "runtime/phase.h"
#include "runtime/soc.h"

enum { LARGEST_CLASSES = 256 };

static cimera_status_t open_model(demo_t* demo) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    const void* nvm = (const void*)(uintptr_t)demo->info.nvm_base;
    cimera_status_t status = nn_image_open(&demo->image, nvm, demo->info.nvm_size);
    if (status != CIMERA_OK) {
        return status;
    }
    demo->classes = nn_image_layer(&demo->image, demo->image.layers - 1).outputs;
    if (demo->classes > LARGEST_CLASSES) {
        return CIMERA_UNSUPPORTED;
    }
    cim_t* tiles = NULL;
    status = soc_open_tiles(&demo->info, &tiles);
    if (status == CIMERA_OK) {
        status = nn_engine_init(&demo->engine, tiles, demo->info.tiles.count, &demo->image);
    }
    return status;
}

/// The sensor delivers what the model takes in.
static bool frames_fit(const demo_t* demo) {
    const sensor_source_t* source = &demo->source;
    return source->connected && source->labels && source->sample_bytes == 1 &&
           source->rows == demo->image.frame_rows && source->cols == demo->image.frame_cols &&
           source->frame_bytes == demo->engine.input_size;
}

cimera_status_t demo_open(demo_t* demo) {
    cimera_status_t status = socinfo_read(&demo->info, CIMERA_SOCINFO_BASE);
    if (status != CIMERA_OK) {
        return status;
    }
    energy_init(&demo->energy, CIMERA_ENERGY_BASE);
    mailbox_init(&demo->mailbox, CIMERA_MAILBOX_BASE);
    status = open_model(demo);
    if (status == CIMERA_OK) {
        status = soc_open_sensor(&demo->info, 0, &demo->sensor);
    }
    if (status != CIMERA_OK) {
        return status;
    }
    demo->source = sensor_source(&demo->sensor);
    return frames_fit(demo) ? CIMERA_OK : CIMERA_NO_DEVICE;
}

/// Reads the frame at the head into the model's input, cut to what the first layer takes.
static void take_frame(demo_t* demo, uint32_t* label) {
    const nn_layer_t* layer = &demo->engine.stages[0].layer;
    const uint8_t highest = (uint8_t)nn_highest(layer->input_bits, layer->input_signed);
    uint8_t* input = demo->engine.input;
    sensor_read(&demo->sensor, input, demo->engine.input_size, label);
    sensor_next(&demo->sensor);
    for (uint32_t i = 0; i < demo->engine.input_size; ++i) {
        input[i] = input[i] > highest ? highest : input[i];
    }
}

/// The first class with the largest output.
static uint32_t strongest(const demo_t* demo) {
    uint32_t best = 0;
    int32_t highest = nn_engine_output(&demo->engine, 0);
    for (uint32_t c = 1; c < demo->classes; ++c) {
        const int32_t output = nn_engine_output(&demo->engine, c);
        if (output > highest) {
            highest = output;
            best = c;
        }
    }
    return best;
}

static cimera_status_t classify(demo_t* demo, uint32_t* label, uint32_t* predicted) {
    take_frame(demo, label);
    const cimera_status_t status = nn_engine_run(&demo->engine);
    *predicted = strongest(demo);
    if (status == CIMERA_OK && *label >= demo->classes) {
        return CIMERA_INVALID_ARGUMENT;  // a label that the model has no class for
    }
    return status;
}

static void begin(const demo_t* demo, result_t* result) {
    result->energy = energy_chip(&demo->energy, ENERGY_ALL);
    result->ticks = clock_time();
}

static void end(const demo_t* demo, result_t* result) {
    result->ticks = clock_time() - result->ticks;
    result->energy = energy_chip(&demo->energy, ENERGY_ALL) - result->energy;
}

cimera_status_t demo_test(demo_t* demo, uint32_t first, uint32_t count, result_t* result) {
    *result = (result_t){
        .predictions = calloc(count, sizeof result->predictions[0]),
        .confusion = calloc((size_t)demo->classes * demo->classes, sizeof result->confusion[0]),
    };
    if (result->predictions == NULL || result->confusion == NULL) {
        return CIMERA_NO_MEMORY;
    }
    const sensor_window_t window = {.first = first, .count = count};
    cimera_status_t status = sensor_start(&demo->sensor, &window);
    begin(demo, result);
    while (status == CIMERA_OK) {
        status = sensor_wait(&demo->sensor);
        if (status != CIMERA_OK) {
            break;
        }
        uint32_t label = 0;
        uint32_t predicted = 0;
        phase_begin("inference");
        status = classify(demo, &label, &predicted);
        phase_end("inference");
        if (status == CIMERA_OK) {
            result->predictions[result->frames++] = (uint8_t)predicted;
            result->correct += predicted == label;
            ++result->confusion[(size_t)label * demo->classes + predicted];
        }
    }
    end(demo, result);
    sensor_stop(&demo->sensor);
    return status == CIMERA_END ? CIMERA_OK : status;
}

cimera_status_t demo_learn(demo_t* demo, delta_t* delta, uint32_t first, uint32_t count,
                           result_t* result) {
    *result = (result_t){0};
    const sensor_window_t window = {.first = first, .count = count, .shuffle = true, .loop = true};
    cimera_status_t status = sensor_start(&demo->sensor, &window);
    begin(demo, result);
    bool finished = false;
    while (status == CIMERA_OK && !finished) {
        status = sensor_wait(&demo->sensor);
        if (status != CIMERA_OK) {
            break;
        }
        uint32_t label = 0;
        uint32_t predicted = 0;
        phase_begin("learn");
        status = classify(demo, &label, &predicted);
        if (status == CIMERA_OK) {
            status = delta_learn(delta, label, predicted == label);
        }
        phase_end("learn");
        ++result->frames;
        result->correct += predicted == label;
        const uint32_t correct = delta->correct;
        const uint32_t samples = delta->samples;
        finished = delta_finished(delta);
        if (delta->samples == 0) {
            printf("learned %lu frames, of the last %lu right: %lu\n",
                   (unsigned long)result->frames, (unsigned long)samples, (unsigned long)correct);
        }
    }
    sensor_stop(&demo->sensor);
    end(demo, result);
    return status;
}
