// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "nn/engine.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "hal/field.h"
#include "nn/reference.h"

enum {
    UPDATE_ROOM = 64,
    UPDATE_GAP = 3,  // rows that are written again rather than paying for another job
    LARGEST_L1_PLACE = 0xFFFF
};

static uint32_t address_of(const void* pointer) {
    return (uint32_t)(uintptr_t)pointer;
}

// Lists of jobs ----------------------------------------------------------------------------------

/// Starts one list a tile; waits for all that could be started. The first failure counts.
static cimera_status_t run_lists(nn_engine_t* engine, const nn_stage_t* stage) {
    cimera_status_t result = CIMERA_OK;
    uint32_t started = 0;
    for (; started < stage->list_count && result == CIMERA_OK; ++started) {
        const nn_list_t* list = &stage->lists[started];
        result = cim_start(&engine->tiles[list->tile], &stage->jobs[list->first]);
        if (result != CIMERA_OK) {
            break;
        }
    }
    for (uint32_t i = 0; i < started; ++i) {
        const cimera_status_t status = cim_wait(&engine->tiles[stage->lists[i].tile]);
        result = result == CIMERA_OK ? status : result;
    }
    return result;
}

/// Links the jobs of each tile, which are neighbours, into a list that interrupts at its end.
static void link_lists(nn_stage_t* stage) {
    stage->list_count = 0;
    for (uint32_t i = 0; i < stage->plan.count; ++i) {
        const uint16_t tile = stage->plan.blocks[i].tile;
        if (i == 0 || stage->plan.blocks[i - 1].tile != tile) {
            stage->lists[stage->list_count++] = (nn_list_t){.tile = tile, .first = i};
        }
        const bool last = i + 1 == stage->plan.count || stage->plan.blocks[i + 1].tile != tile;
        if (last) {
            stage->jobs[i].OPERATION |= CIM_JOB_OPERATION_INTERRUPT_MASK;
        } else {
            stage->jobs[i].LINK = address_of(&stage->jobs[i + 1]);
        }
    }
}

static uint32_t operation(const nn_layer_t* layer, cim_op_t op) {
    return FIELD_OF(op, CIM_JOB_OPERATION_OP) |
           FIELD_OF(layer->input_signed, CIM_JOB_OPERATION_INPUT_SIGNED) |
           FIELD_OF(layer->weight_signed, CIM_JOB_OPERATION_WEIGHT_SIGNED) |
           FIELD_OF(layer->output_signed, CIM_JOB_OPERATION_OUTPUT_SIGNED);
}

static uint32_t precision(const nn_layer_t* layer, uint32_t macro) {
    return FIELD_OF(macro, CIM_JOB_PRECISION_MACRO) |
           FIELD_OF(layer->input_bits, CIM_JOB_PRECISION_INPUT_BITS) |
           FIELD_OF(layer->output_bits, CIM_JOB_PRECISION_OUTPUT_BITS);
}

/// The job that writes rows and columns of a layer's weights, all in one block, to the cells. The
/// range begins at a whole byte of the packed row.
static cim_job_t program_job(const nn_layer_t* layer, const nn_block_t* block, uint32_t row,
                             uint32_t rows, uint32_t column, uint32_t columns) {
    const uint8_t* source =
        layer->weights + (size_t)row * layer->row_bytes + (size_t)column * layer->weight_bits / 8;
    return (cim_job_t){
        .OPERATION = operation(layer, CIM_PROGRAM) | CIM_JOB_OPERATION_VERIFY_MASK,
        .PRECISION = precision(layer, block->macro),
        .ROWS = FIELD_OF(row - block->row, CIM_JOB_ROWS_FIRST) | FIELD_OF(rows, CIM_JOB_ROWS_COUNT),
        .COLUMNS = FIELD_OF(block->macro_column + column - block->column, CIM_JOB_COLUMNS_FIRST) |
                   FIELD_OF(columns, CIM_JOB_COLUMNS_COUNT),
        .SOURCE = address_of(source),
        .STRIDE = layer->row_bytes,
    };
}

/// The job that multiplies with one block. The first row segment of a column segment begins the
/// sums, the last one finishes and stores them.
static cim_job_t mvm_job(const nn_engine_t* engine, const nn_stage_t* stage, uint32_t number) {
    const nn_layer_t* layer = &stage->layer;
    const nn_block_t* block = &stage->plan.blocks[number];
    const cim_capability_t* tile = &engine->space.tiles[block->tile].capability;
    const bool keeps = layer->inputs <= tile->l1_in_size && layer->inputs <= LARGEST_L1_PLACE;
    // A tile's first column segment has the plan's first block of that tile.
    uint32_t first = number;
    while (first > 0 && stage->plan.blocks[first - 1].tile == block->tile) {
        --first;
    }
    const bool fetched = keeps && stage->plan.blocks[first].column != block->column;
    const bool ends = block->row + block->rows == layer->inputs;
    cim_job_t job = {
        .OPERATION =
            operation(layer, CIM_MVM) | FIELD_OF(block->row != 0, CIM_JOB_OPERATION_ACCUMULATE) |
            FIELD_OF(!fetched, CIM_JOB_OPERATION_FETCH) | FIELD_OF(ends, CIM_JOB_OPERATION_STORE) |
            FIELD_OF(ends, CIM_JOB_OPERATION_FINISH),
        .PRECISION = precision(layer, block->macro),
        .ROWS = FIELD_OF(block->rows, CIM_JOB_ROWS_COUNT),
        .COLUMNS = FIELD_OF(block->macro_column, CIM_JOB_COLUMNS_FIRST) |
                   FIELD_OF(block->columns, CIM_JOB_COLUMNS_COUNT),
        .SOURCE = fetched ? 0 : address_of(stage->input + block->row),
        .L1 = FIELD_OF(keeps ? block->row : 0, CIM_JOB_L1_INPUT),
        .TAG = number,
    };
    if (ends) {
        job.DESTINATION =
            address_of((uint8_t*)stage->output + (size_t)block->column * layer->output_bytes);
        job.BIAS = stage->bias == NULL ? 0 : address_of(stage->bias + block->column);
        job.SCALE = FIELD_OF(layer->scale, CIM_JOB_SCALE_FACTOR) |
                    FIELD_OF(layer->shift, CIM_JOB_SCALE_SHIFT) |
                    FIELD_OF(layer->activation, CIM_JOB_SCALE_ACTIVATION);
        job.THRESHOLD = (uint32_t)layer->threshold;
    }
    return job;
}

// Bringing a model up ----------------------------------------------------------------------------

static cimera_status_t copy_parameters(nn_stage_t* stage) {
    nn_layer_t* layer = &stage->layer;
    if (layer->bias != NULL) {
        const size_t bytes = layer->outputs * sizeof stage->bias[0];
        stage->bias = malloc(bytes);
        if (stage->bias == NULL) {
            return CIMERA_NO_MEMORY;
        }
        memcpy(stage->bias, layer->bias, bytes);
        layer->bias = stage->bias;
    }
    if (layer->learnable) {
        const size_t bytes = (size_t)layer->inputs * layer->row_bytes;
        stage->weights = malloc(bytes);
        if (stage->weights == NULL) {
            return CIMERA_NO_MEMORY;
        }
        memcpy(stage->weights, layer->weights, bytes);
        layer->weights = stage->weights;
    }
    return CIMERA_OK;
}

static cimera_status_t program_stage(nn_engine_t* engine, nn_stage_t* stage) {
    for (uint32_t i = 0; i < stage->plan.count; ++i) {
        const nn_block_t* block = &stage->plan.blocks[i];
        stage->jobs[i] = program_job(&stage->layer, block, block->row, block->rows, block->column,
                                     block->columns);
    }
    link_lists(stage);
    return run_lists(engine, stage);
}

static cimera_status_t build_stage(nn_engine_t* engine, nn_stage_t* stage, const uint8_t* input) {
    const nn_layer_t* layer = &stage->layer;
    const nn_shape_t shape = {layer->inputs, layer->outputs, layer->input_bits, layer->weight_bits};
    cimera_status_t status = nn_plan_layer(&engine->space, &shape, &stage->plan);
    if (status != CIMERA_OK) {
        return status;
    }
    stage->input = input;
    stage->output = calloc(layer->outputs, layer->output_bytes);
    stage->jobs = calloc(stage->plan.count, sizeof stage->jobs[0]);
    stage->lists = calloc(stage->plan.count, sizeof stage->lists[0]);
    if (stage->output == NULL || stage->jobs == NULL || stage->lists == NULL) {
        return CIMERA_NO_MEMORY;
    }
    status = copy_parameters(stage);
    if (status == CIMERA_OK) {
        status = program_stage(engine, stage);
    }
    for (uint32_t i = 0; i < stage->plan.count; ++i) {
        stage->jobs[i] = mvm_job(engine, stage, i);
    }
    link_lists(stage);
    return status;
}

static cimera_status_t read_capabilities(nn_engine_t* engine) {
    cim_capability_t* capability = calloc(engine->tile_count, sizeof *capability);
    if (capability == NULL) {
        return CIMERA_NO_MEMORY;
    }
    for (uint32_t t = 0; t < engine->tile_count; ++t) {
        capability[t] = cim_capability(&engine->tiles[t]);
    }
    const cimera_status_t status = nn_space_init(&engine->space, capability, engine->tile_count);
    free(capability);
    return status;
}

cimera_status_t nn_engine_init(nn_engine_t* engine, cim_t* tiles, uint32_t tile_count,
                               const nn_image_t* image) {
    if (tile_count == 0) {
        return CIMERA_NO_DEVICE;
    }
    *engine = (nn_engine_t){.tiles = tiles, .tile_count = tile_count};
    cimera_status_t status = read_capabilities(engine);
    if (status != CIMERA_OK) {
        return status;
    }
    engine->input_size = nn_image_layer(image, 0).inputs;
    engine->input = calloc(engine->input_size, 1);
    engine->stages = calloc(image->layers, sizeof engine->stages[0]);
    engine->updates = calloc(UPDATE_ROOM, sizeof engine->updates[0]);
    engine->update_jobs = calloc(UPDATE_ROOM, sizeof engine->update_jobs[0]);
    engine->first_update = calloc(tile_count, sizeof engine->first_update[0]);
    if (engine->input == NULL || engine->stages == NULL || engine->updates == NULL ||
        engine->update_jobs == NULL || engine->first_update == NULL) {
        return CIMERA_NO_MEMORY;
    }
    const uint8_t* input = engine->input;
    for (; engine->stage_count < image->layers; ++engine->stage_count) {
        nn_stage_t* stage = &engine->stages[engine->stage_count];
        stage->layer = nn_image_layer(image, engine->stage_count);
        status = build_stage(engine, stage, input);
        if (status != CIMERA_OK) {
            return status;
        }
        input = stage->output;
    }
    return CIMERA_OK;
}

// Running ----------------------------------------------------------------------------------------

cimera_status_t nn_engine_run(nn_engine_t* engine) {
    cimera_status_t status = CIMERA_OK;
    for (uint32_t i = 0; status == CIMERA_OK && i < engine->stage_count; ++i) {
        status = run_lists(engine, &engine->stages[i]);
    }
    return status;
}

int32_t nn_engine_output(const nn_engine_t* engine, uint32_t index) {
    const nn_stage_t* last = &engine->stages[engine->stage_count - 1];
    return nn_output(&last->layer, last->output, index);
}

// Changing weights -------------------------------------------------------------------------------

int32_t nn_stage_weight(const nn_stage_t* stage, uint32_t row, uint32_t column) {
    const nn_layer_t* layer = &stage->layer;
    return nn_weight(layer->weights + (size_t)row * layer->row_bytes, column, layer->weight_bits,
                     layer->weight_signed);
}

void nn_stage_set_weight(nn_stage_t* stage, uint32_t row, uint32_t column, int32_t value) {
    uint8_t* packed = stage->weights + (size_t)row * stage->layer.row_bytes;
    const uint32_t bits = stage->layer.weight_bits;
    if (bits == 16) {
        packed[2 * column] = (uint8_t)value;
        packed[2 * column + 1] = (uint8_t)((uint32_t)value >> 8);
        return;
    }
    const uint32_t at = column * bits;
    const uint32_t mask = ((1U << bits) - 1) << at % 8;
    packed[at / 8] = (uint8_t)((packed[at / 8] & ~mask) | (((uint32_t)value << at % 8) & mask));
}

/// Builds the waiting jobs and links those of each tile; `first_update` has its first one.
static void link_updates(nn_engine_t* engine) {
    memset(engine->first_update, 0, engine->tile_count * sizeof engine->first_update[0]);
    for (uint32_t i = engine->update_count; i-- > 0;) {
        const nn_update_t* update = &engine->updates[i];
        cim_job_t* job = &engine->update_jobs[i];
        cim_job_t** first = &engine->first_update[update->block->tile];
        *job = program_job(&update->stage->layer, update->block, update->row, update->rows,
                           update->column, update->columns);
        if (*first == NULL) {
            job->OPERATION |= CIM_JOB_OPERATION_INTERRUPT_MASK;
        }
        job->LINK = address_of(*first);
        *first = job;
    }
}

cimera_status_t nn_engine_flush(nn_engine_t* engine) {
    if (engine->update_count == 0) {
        return CIMERA_OK;
    }
    link_updates(engine);
    cimera_status_t result = CIMERA_OK;
    uint32_t started = 0;
    for (; started < engine->update_count && result == CIMERA_OK; ++started) {
        const uint16_t tile = engine->updates[started].block->tile;
        if (engine->first_update[tile] == &engine->update_jobs[started]) {
            result = cim_start(&engine->tiles[tile], &engine->update_jobs[started]);
            if (result != CIMERA_OK) {
                break;
            }
        }
    }
    for (uint32_t i = 0; i < started; ++i) {
        const uint16_t tile = engine->updates[i].block->tile;
        if (engine->first_update[tile] == &engine->update_jobs[i]) {
            const cimera_status_t status = cim_wait(&engine->tiles[tile]);
            result = result == CIMERA_OK ? status : result;
        }
    }
    engine->update_count = 0;
    return result;
}

/// Extends the update noted last by a row close below it; false if that is not possible.
static bool extend_update(nn_engine_t* engine, const nn_stage_t* stage, uint32_t row,
                          uint32_t begin, uint32_t end) {
    if (engine->update_count == 0) {
        return false;
    }
    nn_update_t* last = &engine->updates[engine->update_count - 1];
    const nn_block_t* block = last->block;
    const uint32_t next = last->row + last->rows;
    if (last->stage != stage || row < next || row > next + UPDATE_GAP ||
        row >= block->row + block->rows || begin < block->column ||
        end > block->column + block->columns) {
        return false;
    }
    const uint32_t before_end = last->column + last->columns;
    last->rows = row + 1 - last->row;
    last->column = begin < last->column ? begin : last->column;
    last->columns = (end > before_end ? end : before_end) - last->column;
    return true;
}

cimera_status_t nn_engine_update(nn_engine_t* engine, const nn_stage_t* stage, uint32_t row,
                                 uint32_t column, uint32_t columns) {
    const uint32_t step = stage->layer.weight_bits < 8 ? 8U / stage->layer.weight_bits : 1;
    const uint32_t begin = column / step * step;
    const uint32_t end = column + columns;
    if (extend_update(engine, stage, row, begin, end)) {
        return CIMERA_OK;
    }
    for (uint32_t i = 0; i < stage->plan.count; ++i) {
        const nn_block_t* block = &stage->plan.blocks[i];
        const uint32_t from = begin > block->column ? begin : block->column;
        const uint32_t block_end = block->column + block->columns;
        const uint32_t to = end < block_end ? end : block_end;
        if (row < block->row || row >= block->row + block->rows || from >= to) {
            continue;
        }
        if (engine->update_count == UPDATE_ROOM) {
            const cimera_status_t status = nn_engine_flush(engine);
            if (status != CIMERA_OK) {
                return status;
            }
        }
        engine->updates[engine->update_count++] = (nn_update_t){
            .stage = stage,
            .block = block,
            .row = row,
            .rows = 1,
            .column = from,
            .columns = to - from,
        };
    }
    return CIMERA_OK;
}
