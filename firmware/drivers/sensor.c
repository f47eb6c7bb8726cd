// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/sensor.h"

#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/mmio.h"

enum { MAGIC = 0x534E4553 };  // the characters SENS

cimera_status_t sensor_init(sensor_t* sensor, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    sensor->regs = (sensor_regs_t*)base;
    return mmio_read32(&sensor->regs->ID) == MAGIC ? CIMERA_OK : CIMERA_WRONG_DEVICE;
}

sensor_source_t sensor_source(const sensor_t* sensor) {
    const uint32_t capability = mmio_read32(&sensor->regs->CAPABILITY);
    const uint32_t shape = mmio_read32(&sensor->regs->SHAPE);
    return (sensor_source_t){
        .connected = FIELD_GET(capability, SENSOR_CAPABILITY_CONNECTED) != 0,
        .labels = FIELD_GET(capability, SENSOR_CAPABILITY_LABELS) != 0,
        .sample_bytes = FIELD_GET(capability, SENSOR_CAPABILITY_BYTES),
        .rows = FIELD_GET(shape, SENSOR_SHAPE_ROWS),
        .cols = FIELD_GET(shape, SENSOR_SHAPE_COLS),
        .frame_bytes = mmio_read32(&sensor->regs->FRAME_BYTES),
        .frames = mmio_read32(&sensor->regs->FRAMES),
        .events = FIELD_GET(capability, SENSOR_CAPABILITY_EVENTS) != 0,
        .period_ns = (uint64_t)mmio_read32(&sensor->regs->PERIOD_HI) << 32 |
                     mmio_read32(&sensor->regs->PERIOD),
    };
}

cimera_status_t sensor_start(const sensor_t* sensor, const sensor_window_t* window) {
    const uint32_t frames = mmio_read32(&sensor->regs->FRAMES);
    if (window->count == 0 || window->first >= frames || window->count > frames - window->first) {
        return CIMERA_INVALID_ARGUMENT;
    }
    sensor_regs_t* regs = sensor->regs;
    mmio_write32(&regs->CTRL, SENSOR_CTRL_FLUSH_MASK);
    mmio_write32(&regs->FIRST, window->first);
    mmio_write32(&regs->COUNT, window->count);
    mmio_write32(&regs->WATERMARK, window->watermark != 0 ? window->watermark : 1);
    mmio_write32(&regs->REQUEST, window->request != 0 ? window->request : 4);
    mmio_write32(&regs->IRQ_STATUS, SENSOR_IRQ_STATUS_FRAME_MASK | SENSOR_IRQ_STATUS_END_MASK |
                                        SENSOR_IRQ_STATUS_OVERFLOW_MASK);
    mmio_write32(&regs->IRQ_ENABLE, SENSOR_IRQ_ENABLE_FRAME_MASK | SENSOR_IRQ_ENABLE_END_MASK);
    mmio_write32(&regs->CTRL, SENSOR_CTRL_RUN_MASK |
                                  FIELD_OF(window->shuffle, SENSOR_CTRL_SHUFFLE) |
                                  FIELD_OF(window->loop, SENSOR_CTRL_LOOP) |
                                  FIELD_OF(window->stream, SENSOR_CTRL_STREAM) |
                                  FIELD_OF(window->tag, SENSOR_CTRL_TAG));
    return CIMERA_OK;
}

void sensor_stop(const sensor_t* sensor) {
    mmio_write32(&sensor->regs->IRQ_ENABLE, 0);
    mmio_write32(&sensor->regs->CTRL, SENSOR_CTRL_FLUSH_MASK);
}

cimera_status_t sensor_wait(const sensor_t* sensor) {
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const uint32_t status = mmio_read32(&sensor->regs->STATUS);
        const bool ready = FIELD_GET(status, SENSOR_STATUS_READY) != 0;
        const bool end = FIELD_GET(status, SENSOR_STATUS_END) != 0;
        if (!ready && !end) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (ready || end) {
            return ready ? CIMERA_OK : CIMERA_END;
        }
    }
}

void sensor_read(const sensor_t* sensor, uint8_t* frame, uint32_t bytes, uint32_t* label) {
    for (uint32_t at = 0; at < bytes;) {
        uint32_t word = mmio_read32(&sensor->regs->DATA);
        for (uint32_t i = 0; i < 4 && at < bytes; ++i, ++at) {
            frame[at] = (uint8_t)word;
            word >>= 8;
        }
    }
    *label = mmio_read32(&sensor->regs->LABEL);
}

uintptr_t sensor_data(const sensor_t* sensor) {
    return (uintptr_t)&sensor->regs->DATA;
}

sensor_event_t sensor_read_event(const sensor_t* sensor) {
    sensor_event_t event;
    event.address = mmio_read32(&sensor->regs->DATA);
    event.time = mmio_read32(&sensor->regs->DATA);
    return event;
}

void sensor_next(const sensor_t* sensor) {
    mmio_write32(&sensor->regs->NEXT, 1);
}

uint32_t sensor_lost(const sensor_t* sensor) {
    return mmio_read32(&sensor->regs->OVERFLOWS);
}

void sensor_acknowledge(const sensor_t* sensor) {
    mmio_write32(&sensor->regs->IRQ_STATUS, mmio_read32(&sensor->regs->IRQ_STATUS));
}
