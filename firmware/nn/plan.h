// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_NN_PLAN_H
#define CIMERA_NN_PLAN_H

#include <stdint.h>

#include "drivers/cim.h"
#include "drivers/status.h"

// A matrix of K x N weights is cut into blocks that each fit a macro: column segments, each cut
// into row segments. All blocks of a column segment lie in one tile, which adds up their partial
// sums in its L1 output; column segments spread over the tiles, which work in parallel. Blocks of
// several layers may share a macro, side by side.

/// A part of a layer's weights in a macro, which begins at the macro's row 0.
typedef struct {
    uint32_t row;  ///< first row within the layer
    uint32_t rows;
    uint32_t column;  ///< first column within the layer
    uint32_t columns;
    uint16_t tile;
    uint16_t macro;
    uint16_t macro_column;
} nn_block_t;

/// The blocks of a layer: by tile; within a tile by column segment; within one from row 0 on.
typedef struct {
    nn_block_t* blocks;
    uint32_t count;
} nn_plan_t;

typedef struct {
    cim_capability_t capability;
    uint16_t* used;     ///< columns taken in each macro
    uint32_t segments;  ///< column segments of the layer being planned
} nn_tile_space_t;

/// What is left of the macros of all tiles.
typedef struct {
    nn_tile_space_t* tiles;
    uint32_t count;
} nn_space_t;

/// All macros empty. `capability` describes each of `count` tiles.
CIMERA_CHECKED cimera_status_t nn_space_init(nn_space_t* space, const cim_capability_t* capability,
                                             uint32_t count);
void nn_space_free(nn_space_t* space);

typedef struct {
    uint32_t inputs;
    uint32_t outputs;
    uint32_t input_bits;
    uint32_t weight_bits;
} nn_shape_t;

/// Finds room for a layer and takes it. CIMERA_UNSUPPORTED: no tile has its precision;
/// CIMERA_NO_CAPACITY: too little room is left.
CIMERA_CHECKED cimera_status_t nn_plan_layer(nn_space_t* space, const nn_shape_t* shape,
                                             nn_plan_t* plan);
void nn_plan_free(nn_plan_t* plan);

#endif
