// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_NN_ENGINE_H
#define CIMERA_NN_ENGINE_H

#include <stdint.h>

#include "drivers/cim.h"
#include "nn/image.h"
#include "nn/plan.h"

// Runs a model on the tiles. Descriptors are built once; running a layer starts one list of jobs on
// each tile that has a part of it and sleeps until all have ended.

typedef struct {
    uint32_t tile;
    uint32_t first;  ///< first job of the list
} nn_list_t;

typedef struct {
    nn_layer_t layer;  ///< learnable layers: weights and bias are the copies in L2
    nn_plan_t plan;
    cim_job_t* jobs;  ///< one a block, in the plan's order
    nn_list_t* lists;
    uint32_t list_count;
    const uint8_t* input;  ///< in L2
    void* output;          ///< in L2; the next layer's input
    uint8_t* weights;      ///< copy in L2 of a learnable layer, else NULL
    int32_t* bias;         ///< copy in L2, or NULL
} nn_stage_t;

/// Weights of a learnable layer, all in one block, that wait to be written.
typedef struct {
    const nn_stage_t* stage;
    const nn_block_t* block;
    uint32_t row;
    uint32_t rows;
    uint32_t column;
    uint32_t columns;
} nn_update_t;

typedef struct {
    cim_t* tiles;
    uint32_t tile_count;
    nn_space_t space;
    nn_stage_t* stages;
    uint32_t stage_count;
    uint8_t* input;
    uint32_t input_size;
    nn_update_t* updates;  ///< what waits for nn_engine_flush()
    cim_job_t* update_jobs;
    uint32_t update_count;
    cim_job_t** first_update;  ///< of each tile, while they are written
} nn_engine_t;

/// Plans a checked image over the tiles and programs its weights. What an engine has allocated
/// stays allocated, also after a failure: a program has one engine.
CIMERA_CHECKED cimera_status_t nn_engine_init(nn_engine_t* engine, cim_t* tiles,
                                              uint32_t tile_count, const nn_image_t* image);

/// Runs all layers on the input vector at `engine->input`.
CIMERA_CHECKED cimera_status_t nn_engine_run(nn_engine_t* engine);

/// Result `index` of the last layer.
int32_t nn_engine_output(const nn_engine_t* engine, uint32_t index);

/// Changes a weight of a learnable layer in its copy in L2.
void nn_stage_set_weight(nn_stage_t* stage, uint32_t row, uint32_t column, int32_t value);
int32_t nn_stage_weight(const nn_stage_t* stage, uint32_t row, uint32_t column);

/// Notes that the weights of one row in a range of columns are to be written to the tiles. Rows
/// close to each other that come one after the other are written by one job.
CIMERA_CHECKED cimera_status_t nn_engine_update(nn_engine_t* engine, const nn_stage_t* stage,
                                                uint32_t row, uint32_t column, uint32_t columns);

/// Writes what nn_engine_update() has noted and sleeps until it is done.
CIMERA_CHECKED cimera_status_t nn_engine_flush(nn_engine_t* engine);

#endif
