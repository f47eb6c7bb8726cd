// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_NN_IMAGE_H
#define CIMERA_NN_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"

// Model image, little endian: a header of 32 bytes, layer records of 48 bytes, tensors, and
// possibly a learning record. nn_image_open() checks everything that is used later.

typedef struct {
    const uint32_t* words;  ///< the image, where it lies
    uint32_t size;          ///< bytes
    uint32_t layers;
    uint32_t frame_rows;
    uint32_t frame_cols;
    uint32_t learning_offset;  ///< 0: no learning record
} nn_image_t;

typedef enum {
    NN_ACTIVATION_NONE,
    NN_ACTIVATION_RELU,
    NN_ACTIVATION_SIGN,
    NN_ACTIVATION_THRESHOLD
} nn_activation_t;

/// A fully connected layer.
typedef struct {
    uint32_t inputs;
    uint32_t outputs;
    bool input_signed;
    bool weight_signed;
    bool output_signed;
    bool learnable;
    uint8_t input_bits;
    uint8_t weight_bits;
    uint8_t output_bits;
    uint8_t output_bytes;
    nn_activation_t activation;
    uint16_t scale;
    uint8_t shift;
    int32_t threshold;
    const int32_t* bias;     ///< one an output; NULL: none
    const uint8_t* weights;  ///< a row an input, packed, first weight in the low bits
    uint32_t row_bytes;      ///< from one row of weights to the next
} nn_layer_t;

/// Accepts the image at `memory`, or says what is wrong with it.
CIMERA_CHECKED cimera_status_t nn_image_open(nn_image_t* image, const void* memory,
                                             uint32_t memory_size);

/// Layer `number` of an accepted image.
nn_layer_t nn_image_layer(const nn_image_t* image, uint32_t number);

/// Bytes of a packed row of weights.
uint32_t nn_row_bytes(uint32_t outputs, uint32_t weight_bits);

/// The smallest and the largest value of a number format of 1 to 32 bits.
int64_t nn_lowest(uint32_t bits, bool is_signed);
int64_t nn_highest(uint32_t bits, bool is_signed);

#endif
