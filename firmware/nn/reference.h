// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_NN_REFERENCE_H
#define CIMERA_NN_REFERENCE_H

#include <stdint.h>

#include "nn/image.h"

// The arithmetic of a tile in plain C, for the core to compare with.

/// Element `column` of a packed row.
int32_t nn_weight(const uint8_t* row, uint32_t column, uint32_t bits, bool is_signed);

/// The low `bits` of an input byte as the tile takes them.
static inline int32_t nn_input(uint8_t byte, uint32_t bits, bool is_signed) {
    const uint32_t sign = is_signed ? 1U << (bits - 1) : 0;
    const uint32_t value = byte & ((1U << bits) - 1);
    return (int32_t)((value ^ sign) - sign);
}

/// Scale and shift, activation and saturation of a sum that holds the bias.
int32_t nn_post_process(const nn_layer_t* layer, int64_t sum);

/// Element `index` of a layer's results.
int32_t nn_output(const nn_layer_t* layer, const void* output, uint32_t index);

/// One layer: `input` holds a byte an element, `output` the layer's output_bytes an element.
void nn_reference_fc(const nn_layer_t* layer, const uint8_t* input, void* output);

#endif
