// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "nn/image.h"

#include <stddef.h>

enum {
    MAGIC = 0x474D4943,  // the characters CIMG
    VERSION = 1,
    HEADER_BYTES = 32,
    RECORD_BYTES = 48,
    TYPE_FULLY_CONNECTED = 1,
    FLAG_INPUT_SIGNED = 1,
    FLAG_WEIGHT_SIGNED = 2,
    FLAG_OUTPUT_SIGNED = 4,
    FLAG_LEARNABLE = 8,
    KNOWN_FLAGS = 15,
    LARGEST_DIMENSION = 65535,
    LARGEST_INPUT_BITS = 8,
    LARGEST_WEIGHT_BITS = 16,
    LARGEST_OUTPUT_BITS = 32,
    LARGEST_SHIFT = 31
};

enum {  // words of the header
    WORD_MAGIC,
    WORD_VERSION_LAYERS,
    WORD_TOTAL_SIZE,
    WORD_CHECKSUM,
    WORD_FRAME,
    WORD_LEARNING,
    WORD_RESERVED
};

enum {  // words of a layer record
    RECORD_TYPE_FLAGS,
    RECORD_INPUTS,
    RECORD_OUTPUTS,
    RECORD_FORMATS,  // input bits, weight bits, output bits, activation
    RECORD_SCALE,    // scale (two bytes), shift, bytes of an output
    RECORD_THRESHOLD,
    RECORD_BIAS,
    RECORD_WEIGHTS,
    RECORD_WEIGHTS_SIZE,
    RECORD_RESERVED
};

static uint32_t low_half(uint32_t word) {
    return word & 0xFFFF;
}
static uint32_t high_half(uint32_t word) {
    return word >> 16;
}
static uint8_t byte_of(uint32_t word, unsigned number) {
    return (uint8_t)(word >> 8 * number);
}

uint32_t nn_row_bytes(uint32_t outputs, uint32_t weight_bits) {
    return (outputs * weight_bits + 31) / 32 * 4;
}

int64_t nn_lowest(uint32_t bits, bool is_signed) {
    return is_signed ? -((int64_t)1 << (bits - 1)) : 0;
}

int64_t nn_highest(uint32_t bits, bool is_signed) {
    return ((int64_t)1 << (is_signed ? bits - 1 : bits)) - 1;
}

/// CRC-32 (IEEE 802.3) of the image with its checksum taken as zero, four bits at a time.
static uint32_t checksum(const uint32_t* words, uint32_t size) {
    static const uint32_t table[16] = {
        0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
        0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
        0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
    };
    uint32_t crc = ~0U;
    uint32_t word = 0;
    for (uint32_t i = 0; i < size; ++i) {
        if (i % 4 == 0) {
            word = i / 4 == WORD_CHECKSUM ? 0 : words[i / 4];
        }
        crc ^= word & 0xFF;
        word >>= 8;
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

/// A tensor lies within the image, behind its header, on a word.
static bool inside(const nn_image_t* image, uint32_t offset, uint64_t bytes) {
    return offset % 4 == 0 && offset >= HEADER_BYTES && offset <= image->size &&
           bytes <= image->size - offset;
}

static const uint32_t* record_of(const nn_image_t* image, uint32_t number) {
    return image->words + HEADER_BYTES / 4 + (size_t)number * (RECORD_BYTES / 4);
}

nn_layer_t nn_image_layer(const nn_image_t* image, uint32_t number) {
    const uint32_t* record = record_of(image, number);
    const uint32_t flags = high_half(record[RECORD_TYPE_FLAGS]);
    const uint32_t bias = record[RECORD_BIAS];
    nn_layer_t layer = {
        .inputs = record[RECORD_INPUTS],
        .outputs = record[RECORD_OUTPUTS],
        .input_signed = (flags & FLAG_INPUT_SIGNED) != 0,
        .weight_signed = (flags & FLAG_WEIGHT_SIGNED) != 0,
        .output_signed = (flags & FLAG_OUTPUT_SIGNED) != 0,
        .learnable = (flags & FLAG_LEARNABLE) != 0,
        .input_bits = byte_of(record[RECORD_FORMATS], 0),
        .weight_bits = byte_of(record[RECORD_FORMATS], 1),
        .output_bits = byte_of(record[RECORD_FORMATS], 2),
        .activation = (nn_activation_t)byte_of(record[RECORD_FORMATS], 3),
        .scale = (uint16_t)low_half(record[RECORD_SCALE]),
        .shift = byte_of(record[RECORD_SCALE], 2),
        .output_bytes = byte_of(record[RECORD_SCALE], 3),
        .threshold = (int32_t)record[RECORD_THRESHOLD],
        .bias = bias == 0 ? NULL : (const int32_t*)(image->words + bias / 4),
        .weights = (const uint8_t*)(image->words + record[RECORD_WEIGHTS] / 4),
    };
    layer.row_bytes = nn_row_bytes(layer.outputs, layer.weight_bits);
    return layer;
}

static cimera_status_t check_header(nn_image_t* image, uint32_t memory_size) {
    const uint32_t* words = image->words;
    if (words[WORD_MAGIC] != MAGIC) {
        return CIMERA_IMAGE_MAGIC;
    }
    if (low_half(words[WORD_VERSION_LAYERS]) != VERSION) {
        return CIMERA_IMAGE_VERSION;
    }
    image->size = words[WORD_TOTAL_SIZE];
    if (image->size < HEADER_BYTES || image->size > memory_size) {
        return CIMERA_IMAGE_SIZE;
    }
    if (checksum(words, image->size) != words[WORD_CHECKSUM]) {
        return CIMERA_IMAGE_CHECKSUM;
    }
    image->layers = high_half(words[WORD_VERSION_LAYERS]);
    image->frame_rows = low_half(words[WORD_FRAME]);
    image->frame_cols = high_half(words[WORD_FRAME]);
    image->learning_offset = words[WORD_LEARNING];
    if (words[WORD_RESERVED] != 0 || words[WORD_RESERVED + 1] != 0 || image->layers == 0 ||
        !inside(image, HEADER_BYTES, (uint64_t)image->layers * RECORD_BYTES)) {
        return CIMERA_IMAGE_LAYOUT;
    }
    if (image->learning_offset != 0 && !inside(image, image->learning_offset, 1)) {
        return CIMERA_IMAGE_LAYOUT;
    }
    return CIMERA_OK;
}

static uint32_t bytes_for(uint32_t bits) {
    return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

static cimera_status_t check_formats(const nn_layer_t* layer) {
    const uint32_t weight_bits = layer->weight_bits;
    const bool power_of_two = (weight_bits & (weight_bits - 1)) == 0;
    if (layer->input_bits == 0 || layer->input_bits > LARGEST_INPUT_BITS || weight_bits == 0 ||
        weight_bits > LARGEST_WEIGHT_BITS || !power_of_two || layer->output_bits == 0 ||
        layer->output_bits > LARGEST_OUTPUT_BITS ||
        layer->output_bytes != bytes_for(layer->output_bits) || layer->shift > LARGEST_SHIFT) {
        return CIMERA_IMAGE_PRECISION;
    }
    return CIMERA_OK;
}

static cimera_status_t check_layer(const nn_image_t* image, uint32_t number) {
    const uint32_t* record = record_of(image, number);
    const uint32_t flags = high_half(record[RECORD_TYPE_FLAGS]);
    if (low_half(record[RECORD_TYPE_FLAGS]) != TYPE_FULLY_CONNECTED ||
        (flags & ~(uint32_t)KNOWN_FLAGS) != 0 ||
        byte_of(record[RECORD_FORMATS], 3) > NN_ACTIVATION_THRESHOLD) {
        return CIMERA_IMAGE_LAYER;
    }
    const uint32_t inputs = record[RECORD_INPUTS];
    const uint32_t outputs = record[RECORD_OUTPUTS];
    if (inputs == 0 || inputs > LARGEST_DIMENSION || outputs == 0 || outputs > LARGEST_DIMENSION) {
        return CIMERA_IMAGE_SHAPE;
    }
    const nn_layer_t layer = nn_image_layer(image, number);
    const cimera_status_t status = check_formats(&layer);
    if (status != CIMERA_OK) {
        return status;
    }
    const uint64_t weights = (uint64_t)inputs * layer.row_bytes;
    const uint32_t bias = record[RECORD_BIAS];
    if (record[RECORD_WEIGHTS_SIZE] != weights || !inside(image, record[RECORD_WEIGHTS], weights) ||
        (bias != 0 && !inside(image, bias, 4ULL * outputs)) || record[RECORD_RESERVED] != 0 ||
        record[RECORD_RESERVED + 1] != 0 || record[RECORD_RESERVED + 2] != 0) {
        return CIMERA_IMAGE_LAYOUT;
    }
    return CIMERA_OK;
}

/// What one layer puts out is what the next one takes in: as many elements, one byte each, and
/// every value representable.
static cimera_status_t check_joint(const nn_layer_t* from, const nn_layer_t* to) {
    if (from->outputs != to->inputs) {
        return CIMERA_IMAGE_SHAPE;
    }
    if (from->output_bytes != 1 ||
        nn_lowest(from->output_bits, from->output_signed) <
            nn_lowest(to->input_bits, to->input_signed) ||
        nn_highest(from->output_bits, from->output_signed) >
            nn_highest(to->input_bits, to->input_signed)) {
        return CIMERA_IMAGE_PRECISION;
    }
    return CIMERA_OK;
}

cimera_status_t nn_image_open(nn_image_t* image, const void* memory, uint32_t memory_size) {
    if (memory_size == 0) {
        return CIMERA_IMAGE_ABSENT;
    }
    if (memory_size < HEADER_BYTES || (uintptr_t)memory % 4 != 0) {
        return CIMERA_IMAGE_SIZE;
    }
    image->words = memory;
    cimera_status_t status = check_header(image, memory_size);
    for (uint32_t i = 0; status == CIMERA_OK && i < image->layers; ++i) {
        status = check_layer(image, i);
    }
    if (status != CIMERA_OK) {
        return status;
    }
    nn_layer_t before = nn_image_layer(image, 0);
    if (before.inputs != image->frame_rows * image->frame_cols) {
        return CIMERA_IMAGE_SHAPE;
    }
    for (uint32_t i = 1; i < image->layers; ++i) {
        const nn_layer_t layer = nn_image_layer(image, i);
        status = check_joint(&before, &layer);
        if (status != CIMERA_OK) {
            return status;
        }
        before = layer;
    }
    return CIMERA_OK;
}
