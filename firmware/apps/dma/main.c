// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "drivers/dma.h"
#include "drivers/sensor.h"
#include "drivers/socinfo.h"
#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/memory_map.h"
#include "runtime/clock.h"
#include "runtime/phase.h"
#include "runtime/soc.h"

// What a DMA is for, each checked against the C library: copies, rectangles, lists, fills, errors
// with a callback, an abort, and frames of the camera.

enum { FAILED = 60, BYTES = 4096, ROM = 0x1000, FRAME_MOST = 1024, STREAMED = 8 };

#define ADDRESS(pointer) ((uint32_t)(uintptr_t)(pointer))
#define KIND(kind) FIELD_OF(kind, DMA_DESCRIPTOR_CONTROL_KIND)
#define INTERRUPT DMA_DESCRIPTOR_CONTROL_INTERRUPT_MASK

static dma_t dma;
static uint8_t area[BYTES];
static uint8_t expected[BYTES];

static void prepare(void) {
    for (uint32_t i = 0; i < BYTES; ++i) {
        area[i] = (uint8_t)(i * 31 + i / 256);
    }
    memcpy(expected, area, BYTES);
}

static bool as_expected(void) {
    return memcmp(area, expected, BYTES) == 0;
}

static bool test_copy(void) {
    prepare();
    const uint32_t shifts[] = {1, 7, 64, 500};
    cimera_status_t status = CIMERA_OK;
    for (uint32_t i = 0; i < sizeof shifts / sizeof shifts[0] && status == CIMERA_OK; ++i) {
        status = dma_copy(&dma, 0, area + 100 + shifts[i], area + 100, 1000);
        memmove(expected + 100 + shifts[i], expected + 100, 1000);
        if (status == CIMERA_OK) {
            status = dma_copy(&dma, 0, area + 2000, area + 2000 + shifts[i], 999);
            memmove(expected + 2000, expected + 2000 + shifts[i], 999);
        }
    }
    return status == CIMERA_OK && as_expected();
}

/// A rectangle of 8 rows of 24 bytes out of an image of 64 columns, upside down.
static bool test_rectangle(void) {
    prepare();
    const dma_descriptor_t flip = {
        .CONTROL = KIND(DMA_COPY) | INTERRUPT,
        .SOURCE = ADDRESS(area + 64 * 7 + 5),
        .DESTINATION = ADDRESS(area + 2048),
        .LENGTH = 24,
        .ROWS = 8,
        .SOURCE_STRIDE = (uint32_t)-64,
        .DESTINATION_STRIDE = 24,
    };
    cimera_status_t status = dma_start(&dma, 1, &flip, NULL, NULL);
    for (int row = 0; row < 8; ++row) {
        memcpy(expected + 2048 + 24 * row, expected + 64 * (7 - row) + 5, 24);
    }
    if (status == CIMERA_OK) {
        status = dma_wait(&dma, 1);
    }
    return status == CIMERA_OK && as_expected();
}

static bool test_fill(void) {
    prepare();
    const cimera_status_t status = dma_fill(&dma, 2, area + 3, 0x44332211, 333);
    for (int i = 0; i < 333; ++i) {
        expected[3 + i] = (uint8_t)(0x11 * (1 + i % 4));
    }
    return status == CIMERA_OK && as_expected();
}

typedef struct {
    volatile uint32_t events;
} heard_t;

static void hear(void* context, uint32_t events) {
    heard_t* heard = context;
    heard->events |= events;
}

static void sleep_until_heard(const heard_t* heard, uint32_t events) {
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const bool enough = (heard->events & events) != 0;
        if (!enough) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (enough) {
            return;
        }
    }
}

/// Three descriptors; the second writes to the boot ROM.
static bool test_list(void) {
    prepare();
    static dma_descriptor_t list[3];
    for (int i = 0; i < 3; ++i) {
        list[i] = (dma_descriptor_t){
            .CONTROL = KIND(DMA_COPY) | DMA_DESCRIPTOR_CONTROL_HALF_MASK | (i == 2 ? INTERRUPT : 0),
            .SOURCE = ADDRESS(area + 100 * i),
            .DESTINATION = ADDRESS(area + 1000 + 200 * i),
            .LENGTH = 100,
            .ROWS = 1,
            .LINK = i < 2 ? ADDRESS(&list[i + 1]) : 0,
        };
        memcpy(expected + 1000 + 200 * i, expected + 100 * i, 100);
    }
    heard_t heard = {0};
    if (dma_start(&dma, 3, &list[0], hear, &heard) != CIMERA_OK) {
        return false;
    }
    if (dma_wait(&dma, 3) != CIMERA_OK || !as_expected() ||
        heard.events != (DMA_IRQ_STATUS_DONE_MASK | DMA_IRQ_STATUS_HALF_MASK)) {
        return false;
    }

    prepare();
    list[1].DESTINATION = ROM;
    memcpy(expected + 1000, expected, 100);
    heard = (heard_t){0};
    if (dma_start(&dma, 3, &list[0], hear, &heard) != CIMERA_OK) {
        return false;
    }
    sleep_until_heard(&heard, DMA_IRQ_STATUS_ERROR_MASK);
    const dma_error_t error = dma_error(&dma, 3);
    printf("%s: %s of 0x%lx after %lu bytes\n", cimera_status_text(error.status),
           error.write ? "write" : "read", (unsigned long)error.address,
           (unsigned long)error.bytes);
    return error.status == CIMERA_DMA_WRITE && error.descriptor == ADDRESS(&list[1]) &&
           as_expected();
}

/// A list that links to itself, stopped after a while.
static bool test_abort(void) {
    prepare();
    static dma_descriptor_t loop;
    loop = (dma_descriptor_t){
        .CONTROL = KIND(DMA_COPY),
        .SOURCE = ADDRESS(area),
        .DESTINATION = ADDRESS(area + 2000),
        .LENGTH = 1000,
        .ROWS = 1,
        .LINK = ADDRESS(&loop),
    };
    if (dma_start(&dma, 0, &loop, NULL, NULL) != CIMERA_OK) {
        return false;
    }
    clock_sleep_until(clock_time() + 500);
    const uint32_t bytes = dma_abort(&dma, 0);
    printf("aborted after %lu bytes of a round\n", (unsigned long)bytes);
    memcpy(expected + 2000, expected, 1000);
    // The channel is free again.
    return as_expected() && dma_copy(&dma, 0, area, area, 1000) == CIMERA_OK && as_expected();
}

/// The same frame by the DMA and by the core.
static bool test_frame(const socinfo_t* info) {
    static sensor_t camera;
    static uint8_t by_dma[FRAME_MOST];
    static uint8_t by_core[FRAME_MOST];
    if (soc_open_sensor(info, 0, &camera) != CIMERA_OK) {
        return false;
    }
    const sensor_source_t source = sensor_source(&camera);
    if (!source.connected) {
        return true;
    }
    const uint32_t bytes = source.frame_bytes;
    if (bytes > FRAME_MOST || bytes % 4 != 0) {
        return false;
    }
    const dma_descriptor_t frame = {
        .CONTROL = KIND(DMA_FROM_DEVICE) | FIELD_OF(2, DMA_DESCRIPTOR_CONTROL_WIDTH) |
                   DMA_DESCRIPTOR_CONTROL_PACED_MASK | FIELD_OF(0, DMA_DESCRIPTOR_CONTROL_REQUEST) |
                   INTERRUPT,
        .SOURCE = ADDRESS(&camera.regs->DATA),
        .DESTINATION = ADDRESS(by_dma),
        .LENGTH = bytes,
        .ROWS = 1,
    };
    const sensor_window_t window = {.first = 3, .count = 1};
    uint32_t label = 0;
    cimera_status_t status = dma_start(&dma, 0, &frame, NULL, NULL);  // waits for the frame
    if (status == CIMERA_OK) {
        status = sensor_start(&camera, &window);
    }
    if (status == CIMERA_OK) {
        status = dma_wait(&dma, 0);
    }
    if (status == CIMERA_OK) {
        status = sensor_start(&camera, &window);
    }
    if (status == CIMERA_OK) {
        status = sensor_wait(&camera);
    }
    sensor_read(&camera, by_core, bytes, &label);
    sensor_stop(&camera);
    return status == CIMERA_OK && memcmp(by_dma, by_core, bytes) == 0;
}

/// Frames stream into memory, each with its tag, while the core sleeps; then the core reads the
/// same.
static bool test_stream(const socinfo_t* info) {
    static sensor_t camera;
    static uint8_t streamed[STREAMED * (sizeof(sensor_tag_t) + FRAME_MOST)];
    static uint8_t by_core[FRAME_MOST];
    if (soc_open_sensor(info, 0, &camera) != CIMERA_OK) {
        return false;
    }
    const sensor_source_t source = sensor_source(&camera);
    if (!source.connected) {
        return true;
    }
    const uint32_t record = sizeof(sensor_tag_t) + source.frame_bytes;
    const dma_descriptor_t frames = {
        .CONTROL = KIND(DMA_FROM_DEVICE) | FIELD_OF(2, DMA_DESCRIPTOR_CONTROL_WIDTH) |
                   DMA_DESCRIPTOR_CONTROL_PACED_MASK | FIELD_OF(0, DMA_DESCRIPTOR_CONTROL_REQUEST) |
                   INTERRUPT,
        .SOURCE = sensor_data(&camera),
        .DESTINATION = ADDRESS(streamed),
        .LENGTH = STREAMED * record,
        .ROWS = 1,
    };
    sensor_window_t window = {
        .first = 5, .count = STREAMED, .stream = true, .tag = true, .request = 64};
    const uint32_t lost = sensor_lost(&camera);
    if (dma_start(&dma, 0, &frames, NULL, NULL) != CIMERA_OK ||
        sensor_start(&camera, &window) != CIMERA_OK || dma_wait(&dma, 0) != CIMERA_OK) {
        return false;
    }
    window.stream = false;
    window.tag = false;
    bool good = sensor_start(&camera, &window) == CIMERA_OK;
    for (uint32_t i = 0; i < STREAMED && good; ++i) {
        sensor_tag_t tag;
        uint32_t label = 0;
        good = sensor_wait(&camera) == CIMERA_OK;
        sensor_read(&camera, by_core, source.frame_bytes, &label);
        sensor_next(&camera);
        memcpy(&tag, &streamed[i * record], sizeof tag);
        good = good && tag.index == window.first + i && tag.label == label &&
               memcmp(&streamed[i * record + sizeof tag], by_core, source.frame_bytes) == 0;
    }
    sensor_stop(&camera);
    return good && sensor_lost(&camera) == lost;
}

static bool report(const char* what, bool good) {
    printf("%s: %s\n", what, good ? "ok" : "FAILED");
    return good;
}

int main(void) {
    socinfo_t info;
    if (socinfo_read(&info, CIMERA_SOCINFO_BASE) != CIMERA_OK) {
        return FAILED;
    }
    const cimera_status_t opened = soc_open_dma(&info, &dma);
    if (opened != CIMERA_OK) {
        printf("DMA: %s\n", cimera_status_text(opened));
        return FAILED;
    }
    phase_begin("dma");
    bool good = report("overlapping copies", test_copy());
    good &= report("rectangle", test_rectangle());
    good &= report("fill", test_fill());
    good &= report("list and error", test_list());
    good &= report("abort", test_abort());
    good &= report("frame", test_frame(&info));
    good &= report("stream of frames", test_stream(&info));
    phase_end("dma");
    return good ? 0 : FAILED;
}
