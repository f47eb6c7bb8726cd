// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_DRIVERS_GPIO_H
#define CIMERA_DRIVERS_GPIO_H

#include <stdbool.h>
#include <stdint.h>

#include "drivers/status.h"
#include "regs/gpio_regs.h"

// Pins are named by masks: bit n is pin n.

typedef struct {
    gpio_regs_t* regs;
    volatile uint32_t seen;  ///< what gpio_interrupt() has seen
} gpio_t;

/// When a pin interrupts.
typedef enum {
    GPIO_NEVER,
    GPIO_RISING,
    GPIO_FALLING,
    GPIO_BOTH_EDGES,
} gpio_edge_t;

/// All pins become inputs that do not interrupt.
CIMERA_CHECKED cimera_status_t gpio_init(gpio_t* gpio, uintptr_t base);

/// Makes pins outputs that begin with `levels`; other pins stay as they are.
void gpio_make_outputs(const gpio_t* gpio, uint32_t pins, uint32_t levels);
void gpio_make_inputs(const gpio_t* gpio, uint32_t pins);

void gpio_set(const gpio_t* gpio, uint32_t pins);
void gpio_clear(const gpio_t* gpio, uint32_t pins);
void gpio_toggle(const gpio_t* gpio, uint32_t pins);

/// Levels of all pins.
uint32_t gpio_read(const gpio_t* gpio);

/// Pins interrupt at these edges from now on; earlier edges are forgotten.
CIMERA_CHECKED cimera_status_t gpio_notify(gpio_t* gpio, uint32_t pins, gpio_edge_t edge);

/// Sleeps until one of the pins has interrupted since gpio_notify() or the last wait; answers
/// which.
uint32_t gpio_wait(gpio_t* gpio, uint32_t pins);

/// For the interrupt handler: notes and clears what has interrupted, and answers it. Interrupts on
/// levels, which applications enable in the registers themselves, must be disabled by the handler.
uint32_t gpio_interrupt(gpio_t* gpio);

#endif
