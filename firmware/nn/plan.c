// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "nn/plan.h"

#include <stdbool.h>
#include <stdlib.h>

enum { ACCUMULATOR_BYTES = 4 };

static uint32_t smaller(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

cimera_status_t nn_space_init(nn_space_t* space, const cim_capability_t* capability,
                              uint32_t count) {
    *space = (nn_space_t){.tiles = calloc(count, sizeof space->tiles[0]), .count = count};
    if (space->tiles == NULL) {
        return CIMERA_NO_MEMORY;
    }
    for (uint32_t t = 0; t < count; ++t) {
        space->tiles[t].capability = capability[t];
        space->tiles[t].used = calloc(capability[t].macros, sizeof(uint16_t));
        if (space->tiles[t].used == NULL && capability[t].macros != 0) {
            nn_space_free(space);
            return CIMERA_NO_MEMORY;
        }
    }
    return CIMERA_OK;
}

void nn_space_free(nn_space_t* space) {
    for (uint32_t t = 0; t < space->count; ++t) {
        free(space->tiles[t].used);
    }
    free(space->tiles);
    *space = (nn_space_t){0};
}

void nn_plan_free(nn_plan_t* plan) {
    free(plan->blocks);
    *plan = (nn_plan_t){0};
}

static bool supports(const cim_capability_t* tile, const nn_shape_t* shape) {
    return tile->weight_bits == shape->weight_bits && tile->input_bits >= shape->input_bits &&
           tile->rows != 0 && tile->l1_in_size != 0;
}

/// Rows of the largest row segment: those of a macro, if its inputs fit into L1.
static uint32_t segment_rows(const cim_capability_t* tile) {
    return smaller(tile->rows, tile->l1_in_size);
}

static uint32_t row_segments(const cim_capability_t* tile, uint32_t inputs) {
    return (inputs + segment_rows(tile) - 1) / segment_rows(tile);
}

/// Columns of the widest column segment: those of a macro, if its accumulators fit into L1.
static uint32_t widest(const cim_capability_t* tile) {
    return smaller(tile->columns, tile->l1_out_size / ACCUMULATOR_BYTES);
}

/// A column segment `width` wide with all its row segments fits into what the tile has left.
static bool fits(const nn_tile_space_t* tile, const nn_shape_t* shape, uint32_t width) {
    const cim_capability_t* has = &tile->capability;
    if (!supports(has, shape) || width > widest(has)) {
        return false;
    }
    uint32_t wanted = row_segments(has, shape->inputs);
    for (uint32_t m = 0; m < has->macros && wanted > 0; ++m) {
        wanted -= smaller(wanted, (has->columns - tile->used[m]) / width);
    }
    return wanted == 0;
}

/// Of the tiles with room the one with the fewest column segments; its number, or the count.
static uint32_t choose_tile(const nn_space_t* space, const nn_shape_t* shape, uint32_t width) {
    uint32_t best = space->count;
    for (uint32_t t = 0; t < space->count; ++t) {
        const bool better =
            best == space->count || space->tiles[t].segments < space->tiles[best].segments;
        if (better && fits(&space->tiles[t], shape, width)) {
            best = t;
        }
    }
    return best;
}

static cimera_status_t append(nn_plan_t* plan, uint32_t* room, const nn_block_t* block) {
    if (plan->count == *room) {
        const uint32_t more = *room == 0 ? 8 : 2 * *room;
        nn_block_t* blocks = realloc(plan->blocks, more * sizeof *blocks);
        if (blocks == NULL) {
            return CIMERA_NO_MEMORY;
        }
        plan->blocks = blocks;
        *room = more;
    }
    plan->blocks[plan->count++] = *block;
    return CIMERA_OK;
}

/// Takes the room of one column segment, which is there.
static cimera_status_t place(nn_space_t* space, uint32_t number, const nn_shape_t* shape,
                             uint32_t column, uint32_t width, nn_plan_t* plan, uint32_t* room) {
    nn_tile_space_t* tile = &space->tiles[number];
    const uint32_t step = segment_rows(&tile->capability);
    uint32_t row = 0;
    ++tile->segments;
    for (uint32_t m = 0; row < shape->inputs; ++m) {
        while (row < shape->inputs && tile->capability.columns - tile->used[m] >= width) {
            const nn_block_t block = {
                .row = row,
                .rows = smaller(step, shape->inputs - row),
                .column = column,
                .columns = width,
                .tile = (uint16_t)number,
                .macro = (uint16_t)m,
                .macro_column = tile->used[m],
            };
            const cimera_status_t status = append(plan, room, &block);
            if (status != CIMERA_OK) {
                return status;
            }
            tile->used[m] = (uint16_t)(tile->used[m] + width);
            row += block.rows;
        }
    }
    return CIMERA_OK;
}

static int by_tile(const void* a, const void* b) {
    const nn_block_t* x = a;
    const nn_block_t* y = b;
    if (x->tile != y->tile) {
        return x->tile < y->tile ? -1 : 1;
    }
    if (x->column != y->column) {
        return x->column < y->column ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

/// The widest segment that a supporting tile could hold when empty; 0: none supports the layer.
static uint32_t widest_of_all(const nn_space_t* space, const nn_shape_t* shape) {
    uint32_t width = 0;
    for (uint32_t t = 0; t < space->count; ++t) {
        const cim_capability_t* tile = &space->tiles[t].capability;
        if (supports(tile, shape) && widest(tile) > width) {
            width = widest(tile);
        }
    }
    return width;
}

cimera_status_t nn_plan_layer(nn_space_t* space, const nn_shape_t* shape, nn_plan_t* plan) {
    *plan = (nn_plan_t){0};
    for (uint32_t t = 0; t < space->count; ++t) {
        space->tiles[t].segments = 0;
    }
    // Segments begin at a whole byte of the packed weights.
    const uint32_t step = shape->weight_bits < 8 ? 8 / shape->weight_bits : 1;
    uint32_t width = widest_of_all(space, shape) / step * step;
    if (width == 0) {
        return CIMERA_UNSUPPORTED;
    }
    const uint32_t segments = (shape->outputs + width - 1) / width;
    const uint32_t even = (shape->outputs + segments - 1) / segments;
    width = smaller(width, (even + step - 1) / step * step);  // tiles get equal shares
    uint32_t room = 0;
    for (uint32_t column = 0; column < shape->outputs;) {
        const uint32_t wanted = smaller(width, shape->outputs - column);
        const uint32_t tile = choose_tile(space, shape, wanted);
        if (tile < space->count) {
            const cimera_status_t status = place(space, tile, shape, column, wanted, plan, &room);
            if (status != CIMERA_OK) {
                nn_plan_free(plan);
                return status;
            }
            column += wanted;
        } else if (wanted > step) {
            width = (wanted + step) / 2 / step * step;  // nowhere is room for one so wide
            width = width < step ? step : width;
        } else {
            nn_plan_free(plan);
            return CIMERA_NO_CAPACITY;
        }
    }
    qsort(plan->blocks, plan->count, sizeof plan->blocks[0], by_tile);
    return CIMERA_OK;
}
