// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/gpio.h"

#include "hal/cpu.h"
#include "hal/mmio.h"

enum { MAGIC = 0x4F495047 };  // the characters GPIO

cimera_status_t gpio_init(gpio_t* gpio, uintptr_t base) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    gpio->regs = (gpio_regs_t*)base;
    if (mmio_read32(&gpio->regs->ID) != MAGIC) {
        return CIMERA_WRONG_DEVICE;
    }
    gpio->seen = 0;
    gpio_regs_t* regs = gpio->regs;
    mmio_write32(&regs->DIR, 0);
    mmio_write32(&regs->IRQ_RISE, 0);
    mmio_write32(&regs->IRQ_FALL, 0);
    mmio_write32(&regs->IRQ_HIGH, 0);
    mmio_write32(&regs->IRQ_LOW, 0);
    mmio_write32(&regs->IRQ_STATUS, UINT32_MAX);
    return CIMERA_OK;
}

static void change(volatile uint32_t* reg, uint32_t pins, bool set) {
    const uint32_t saved = cpu_irq_save();
    const uint32_t before = mmio_read32(reg);
    mmio_write32(reg, set ? before | pins : before & ~pins);
    cpu_irq_restore(saved);
}

void gpio_make_outputs(const gpio_t* gpio, uint32_t pins, uint32_t levels) {
    mmio_write32(&gpio->regs->OUT_SET, pins & levels);
    mmio_write32(&gpio->regs->OUT_CLEAR, pins & ~levels);
    change(&gpio->regs->DIR, pins, true);
}

void gpio_make_inputs(const gpio_t* gpio, uint32_t pins) {
    change(&gpio->regs->DIR, pins, false);
}

void gpio_set(const gpio_t* gpio, uint32_t pins) {
    mmio_write32(&gpio->regs->OUT_SET, pins);
}

void gpio_clear(const gpio_t* gpio, uint32_t pins) {
    mmio_write32(&gpio->regs->OUT_CLEAR, pins);
}

void gpio_toggle(const gpio_t* gpio, uint32_t pins) {
    mmio_write32(&gpio->regs->OUT_TOGGLE, pins);
}

uint32_t gpio_read(const gpio_t* gpio) {
    return mmio_read32(&gpio->regs->IN);
}

cimera_status_t gpio_notify(gpio_t* gpio, uint32_t pins, gpio_edge_t edge) {
    if (edge > GPIO_BOTH_EDGES) {
        return CIMERA_INVALID_ARGUMENT;
    }
    const uint32_t saved = cpu_irq_save();
    change(&gpio->regs->IRQ_RISE, pins, edge == GPIO_RISING || edge == GPIO_BOTH_EDGES);
    change(&gpio->regs->IRQ_FALL, pins, edge == GPIO_FALLING || edge == GPIO_BOTH_EDGES);
    mmio_write32(&gpio->regs->IRQ_STATUS, pins);
    gpio->seen &= ~pins;
    cpu_irq_restore(saved);
    return CIMERA_OK;
}

uint32_t gpio_wait(gpio_t* gpio, uint32_t pins) {
    for (;;) {
        const uint32_t saved = cpu_irq_save();
        const uint32_t seen = gpio->seen & pins;
        gpio->seen &= ~pins;
        if (seen == 0) {
            cpu_wait_for_interrupt();
        }
        cpu_irq_restore(saved);
        if (seen != 0) {
            return seen;
        }
    }
}

uint32_t gpio_interrupt(gpio_t* gpio) {
    const uint32_t status = mmio_read32(&gpio->regs->IRQ_STATUS);
    mmio_write32(&gpio->regs->IRQ_STATUS, status);
    gpio->seen |= status;
    return status;
}
