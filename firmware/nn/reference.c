// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "nn/reference.h"

#include <string.h>

static int32_t extend(uint32_t value, uint32_t bits, bool is_signed) {
    const uint32_t sign = 1U << (bits - 1);
    return is_signed ? (int32_t)((value ^ sign) - sign) : (int32_t)value;
}

int32_t nn_weight(const uint8_t* row, uint32_t column, uint32_t bits, bool is_signed) {
    if (bits == 16) {
        return extend(row[2 * column] | (uint32_t)row[2 * column + 1] << 8, bits, is_signed);
    }
    const uint32_t at = column * bits;
    const uint32_t value = ((uint32_t)row[at / 8] >> at % 8) & ((1U << bits) - 1);
    return extend(value, bits, is_signed);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

static int64_t activate(const nn_layer_t* layer, int64_t value) {
    switch (layer->activation) {
        case NN_ACTIVATION_NONE:
            return value;
        case NN_ACTIVATION_RELU:
            return value < 0 ? 0 : value;
        case NN_ACTIVATION_SIGN:
            return value >= 0 ? 1 : -1;
        case NN_ACTIVATION_THRESHOLD:
            return value >= layer->threshold;
    }
    return value;
}

int32_t nn_post_process(const nn_layer_t* layer, int64_t sum) {
    int64_t value = sum * layer->scale;
    if (layer->shift != 0) {
        value = (value + ((int64_t)1 << (layer->shift - 1))) >> layer->shift;
    }
    value = clamp(activate(layer, value), nn_lowest(layer->output_bits, layer->output_signed),
                  nn_highest(layer->output_bits, layer->output_signed));
    return (int32_t)value;
}

int32_t nn_output(const nn_layer_t* layer, const void* output, uint32_t index) {
    switch (layer->output_bytes) {
        case 1: {
            const uint8_t* bytes = output;
            return layer->output_signed ? (int8_t)bytes[index] : bytes[index];
        }
        case 2: {
            const uint16_t* halves = output;
            return layer->output_signed ? (int16_t)halves[index] : halves[index];
        }
        default:
            return ((const int32_t*)output)[index];
    }
}

void nn_reference_fc(const nn_layer_t* layer, const uint8_t* input, void* output) {
    for (uint32_t column = 0; column < layer->outputs; ++column) {
        int64_t sum = 0;
        for (uint32_t row = 0; row < layer->inputs; ++row) {
            const int32_t x = nn_input(input[row], layer->input_bits, layer->input_signed);
            sum += (int64_t)x * nn_weight(layer->weights + (size_t)row * layer->row_bytes, column,
                                          layer->weight_bits, layer->weight_signed);
        }
        sum = clamp(sum, INT32_MIN, INT32_MAX);
        sum += layer->bias == NULL ? 0 : layer->bias[column];
        const int32_t result = nn_post_process(layer, sum);
        memcpy((uint8_t*)output + (size_t)column * layer->output_bytes, &result,
               layer->output_bytes);
    }
}
