// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "learning/delta.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "nn/reference.h"

enum {
    RECORD_BYTES = 24,
    LARGEST_SHIFT = 31,
    LARGEST_ERROR_BITS = 15,
    LARGEST_CENTRE = 255,
    ACCUMULATOR_BITS = 16
};

static uint8_t byte_of(uint32_t word, unsigned number) {
    return (uint8_t)(word >> 8 * number);
}

static bool sensible(const delta_rule_t* rule, const nn_layer_t* layer) {
    return rule->window != 0 && rule->max_windows != 0 && rule->first_shift != 0 &&
           rule->last_shift != 0 && rule->last_shift <= LARGEST_SHIFT &&
           rule->first_shift <= rule->last_shift && rule->weight_shift != 0 &&
           rule->weight_shift + layer->weight_bits <= ACCUMULATOR_BITS &&
           rule->table_shift <= LARGEST_SHIFT && rule->error_bits <= LARGEST_ERROR_BITS &&
           rule->centre <= LARGEST_CENTRE && rule->table_entries != 0 && rule->table[0] != 0;
}

cimera_status_t delta_open(delta_rule_t* rule, const nn_image_t* image) {
    const uint32_t offset = image->learning_offset;
    if (offset % 4 != 0 || offset > image->size || image->size - offset < RECORD_BYTES) {
        return CIMERA_IMAGE_LEARNING;
    }
    const uint32_t* words = image->words + offset / 4;
    *rule = (delta_rule_t){
        .layer = (uint16_t)words[0],
        .window = (uint16_t)(words[0] >> 16),
        .max_windows = byte_of(words[1], 0),
        .first_shift = byte_of(words[1], 1),
        .shift_step = byte_of(words[1], 2),
        .last_shift = byte_of(words[1], 3),
        .weight_shift = byte_of(words[2], 0),
        .table_shift = byte_of(words[2], 1),
        .error_bits = byte_of(words[2], 2),
        .centre = (uint16_t)words[3],
        .bias_input = (uint16_t)(words[3] >> 16),
        .error_threshold = (uint16_t)words[4],
        .min_gain = (uint16_t)(words[4] >> 16),
        .table_entries = (uint16_t)words[5],
        .table = (const uint16_t*)(words + RECORD_BYTES / 4),
    };
    const bool reserved = byte_of(words[2], 3) != 0 || words[5] >> 16 != 0;
    const uint32_t room = (image->size - offset - RECORD_BYTES) / 2;
    // The rule needs the logits, so it learns the last layer.
    if (reserved || rule->table_entries > room || rule->layer + 1U != image->layers) {
        return CIMERA_IMAGE_LEARNING;
    }
    const nn_layer_t layer = nn_image_layer(image, rule->layer);
    if (!layer.learnable || !layer.weight_signed || layer.bias == NULL || !sensible(rule, &layer)) {
        return CIMERA_IMAGE_LEARNING;
    }
    return CIMERA_OK;
}

cimera_status_t delta_init(delta_t* delta, const delta_rule_t* rule, nn_engine_t* engine) {
    nn_stage_t* stage = &engine->stages[rule->layer];
    const nn_layer_t* layer = &stage->layer;
    const size_t weights = (size_t)layer->inputs * layer->outputs;
    uint16_t* table = calloc(rule->table_entries, sizeof *table);
    *delta = (delta_t){
        .rule = *rule,
        .engine = engine,
        .stage = stage,
        .accumulators = calloc(weights, sizeof delta->accumulators[0]),
        .biases = calloc(layer->outputs, sizeof delta->biases[0]),
        .logits = calloc(layer->outputs, sizeof delta->logits[0]),
        .errors = calloc(layer->outputs, sizeof delta->errors[0]),
        .lowest = (int32_t)nn_lowest(layer->weight_bits, true),
        .highest = (int32_t)nn_highest(layer->weight_bits, true),
    };
    if (table == NULL || delta->accumulators == NULL || delta->biases == NULL ||
        delta->logits == NULL || delta->errors == NULL) {
        return CIMERA_NO_MEMORY;
    }
    memcpy(table, rule->table, rule->table_entries * sizeof *table);
    delta->rule.table = table;
    size_t at = 0;
    for (uint32_t row = 0; row < layer->inputs; ++row) {
        for (uint32_t column = 0; column < layer->outputs; ++column) {
            const int32_t weight = nn_stage_weight(stage, row, column);
            delta->accumulators[at++] = (int16_t)(weight * (1 << rule->weight_shift));
        }
    }
    for (uint32_t column = 0; column < layer->outputs; ++column) {
        delta->biases[column] = (int64_t)stage->bias[column] * (1 << rule->weight_shift);
    }
    return CIMERA_OK;
}

/// exp(-distance) from the table.
static uint32_t power_of(const delta_rule_t* rule, uint32_t distance) {
    const uint32_t index = distance >> rule->table_shift;
    return index < rule->table_entries ? rule->table[index] : 0;
}

/// Errors of all classes: wanted minus estimated probability.
static void find_errors(delta_t* delta, uint32_t label) {
    const delta_rule_t* rule = &delta->rule;
    const uint32_t outputs = delta->stage->layer.outputs;
    int32_t highest = INT32_MIN;
    for (uint32_t column = 0; column < outputs; ++column) {
        const int32_t logit = nn_engine_output(delta->engine, column);
        delta->logits[column] = logit;
        highest = logit > highest ? logit : highest;
    }
    uint32_t sum = 0;
    for (uint32_t column = 0; column < outputs; ++column) {
        sum += power_of(rule, (uint32_t)highest - (uint32_t)delta->logits[column]);
    }
    delta->error_count = 0;
    for (uint32_t column = 0; column < outputs; ++column) {
        const uint32_t power = power_of(rule, (uint32_t)highest - (uint32_t)delta->logits[column]);
        int32_t error = column == label ? 1 << rule->error_bits : 0;
        error -= power == 0 ? 0 : (int32_t)((power << rule->error_bits) / sum);
        if (error != 0 && abs(error) >= rule->error_threshold) {
            delta->errors[delta->error_count++] = (delta_error_t){column, error};
        }
    }
}

static int32_t clamp(int32_t value, int32_t low, int32_t high) {
    return value < low ? low : value > high ? high : value;
}

/// One row of the outer product; changes the weights whose accumulators have moved far enough and
/// notes them for writing.
static cimera_status_t update_row(delta_t* delta, uint32_t row, int32_t input, uint32_t shift) {
    const uint32_t outputs = delta->stage->layer.outputs;
    const uint32_t weight_shift = delta->rule.weight_shift;
    const int32_t weight_half = 1 << (weight_shift - 1);
    const int32_t half = 1 << (shift - 1);
    int16_t* accumulators = delta->accumulators + (size_t)row * outputs;
    const delta_error_t* end = delta->errors + delta->error_count;
    uint32_t first = outputs;
    uint32_t last = 0;
    for (const delta_error_t* error = delta->errors; error != end; ++error) {
        const int32_t before = accumulators[error->column];
        const int32_t step = (input * error->value + half) >> shift;
        const int32_t after = clamp(before + step, INT16_MIN, INT16_MAX);
        accumulators[error->column] = (int16_t)after;
        int32_t old = (before + weight_half) >> weight_shift;
        int32_t new = (after + weight_half) >> weight_shift;
        if (old == new) {
            continue;
        }
        old = clamp(old, delta->lowest, delta->highest);
        new = clamp(new, delta->lowest, delta->highest);
        if (old != new) {
            nn_stage_set_weight(delta->stage, row, error->column, new);
            ++delta->weights_written;
            first = first < outputs ? first : error->column;
            last = error->column;
        }
    }
    if (first == outputs) {
        return CIMERA_OK;
    }
    return nn_engine_update(delta->engine, delta->stage, row, first, last + 1 - first);
}

static void update_biases(delta_t* delta, int64_t input, uint32_t shift) {
    const uint32_t weight_shift = delta->rule.weight_shift;
    for (uint32_t i = 0; i < delta->error_count; ++i) {
        const delta_error_t* error = &delta->errors[i];
        int64_t* bias = &delta->biases[error->column];
        *bias += (input * error->value + ((int64_t)1 << (shift - 1))) >> shift;
        delta->stage->bias[error->column] =
            (int32_t)((*bias + (1 << (weight_shift - 1))) >> weight_shift);
    }
}

cimera_status_t delta_learn(delta_t* delta, uint32_t label, bool correct) {
    const delta_rule_t* rule = &delta->rule;
    const nn_layer_t* layer = &delta->stage->layer;
    if (label >= layer->outputs) {
        return CIMERA_INVALID_ARGUMENT;
    }
    ++delta->samples;
    delta->correct += correct;
    find_errors(delta, label);
    const uint32_t wanted = rule->first_shift + delta->windows * rule->shift_step;
    const uint32_t shift = wanted < rule->last_shift ? wanted : rule->last_shift;
    if (delta->error_count == 0) {
        return CIMERA_OK;
    }
    int32_t sum = 0;
    for (uint32_t row = 0; row < layer->inputs; ++row) {
        const int32_t input =
            nn_input(delta->stage->input[row], layer->input_bits, layer->input_signed) -
            rule->centre;
        if (input == 0) {
            continue;  // no step: a half alone rounds to zero
        }
        sum += input;
        const cimera_status_t status = update_row(delta, row, input, shift);
        if (status != CIMERA_OK) {
            return status;
        }
    }
    // w.x + b with centred inputs is w.(x - centre) + b': the bias moves with all weights.
    update_biases(delta, (int64_t)rule->bias_input - (int64_t)rule->centre * sum, shift);
    return nn_engine_flush(delta->engine);
}

bool delta_finished(delta_t* delta) {
    if (delta->samples < delta->rule.window) {
        return false;
    }
    const bool gained = delta->correct >= delta->best + delta->rule.min_gain;
    delta->best = delta->correct > delta->best ? delta->correct : delta->best;
    ++delta->windows;
    delta->samples = 0;
    delta->correct = 0;
    return !gained || delta->windows == delta->rule.max_windows;
}
