// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_LEARNING_DELTA_H
#define CIMERA_LEARNING_DELTA_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "nn/engine.h"
#include "nn/image.h"

// Delta rule in integers on the last layer: softmax from a table, errors, and fine-grained
// accumulators of 16 bits whose upper bits are the weights that the tiles hold. Only weights that
// change are written. scripts/train/image.py describes the record, reference.py the equations.

/// The learning record of a model image.
typedef struct {
    uint16_t layer;
    uint16_t window;  ///< samples after which it is decided whether to go on
    uint8_t max_windows;
    uint8_t first_shift;
    uint8_t shift_step;
    uint8_t last_shift;
    uint8_t weight_shift;
    uint8_t table_shift;
    uint8_t error_bits;
    uint16_t centre;
    uint16_t bias_input;
    uint16_t error_threshold;
    uint16_t min_gain;
    uint16_t table_entries;
    const uint16_t* table;  ///< exp(-distance)
} delta_rule_t;

/// Wanted minus estimated probability of a class.
typedef struct {
    uint32_t column;
    int32_t value;
} delta_error_t;

typedef struct {
    delta_rule_t rule;
    nn_engine_t* engine;
    nn_stage_t* stage;
    int16_t* accumulators;  ///< one a weight, row by row
    int64_t* biases;        ///< accumulators of the biases
    int32_t* logits;
    delta_error_t* errors;  ///< those that are not zero
    uint32_t error_count;
    int32_t lowest;    ///< weight
    int32_t highest;   ///< weight
    uint32_t windows;  ///< ended
    uint32_t samples;  ///< in the current window
    uint32_t correct;  ///< in the current window
    uint32_t best;     ///< correct samples of the best window
    uint64_t weights_written;
} delta_t;

/// Reads and checks the learning record of an accepted image that has one.
CIMERA_CHECKED cimera_status_t delta_open(delta_rule_t* rule, const nn_image_t* image);

/// Prepares learning on a model that runs. Like an engine it keeps its memory.
CIMERA_CHECKED cimera_status_t delta_init(delta_t* delta, const delta_rule_t* rule,
                                          nn_engine_t* engine);

/// Learns from the result that the engine has just computed; `correct`: it was the label.
CIMERA_CHECKED cimera_status_t delta_learn(delta_t* delta, uint32_t label, bool correct);

/// After each sample: a window has ended, and there is no more to gain.
bool delta_finished(delta_t* delta);

#endif
