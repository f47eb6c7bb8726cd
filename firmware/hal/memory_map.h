// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_HAL_MEMORY_MAP_H
#define CIMERA_HAL_MEMORY_MAP_H

// What lies at the same place in every chip of the family. All else is found through socinfo.
#define CIMERA_FINISHER_BASE 0x00100000U
#define CIMERA_CLINT_BASE 0x02000000U
#define CIMERA_PLIC_BASE 0x0C000000U
#define CIMERA_UART_BASE 0x10000000U
#define CIMERA_PMU_BASE 0x10010000U
#define CIMERA_ENERGY_BASE 0x10011000U
#define CIMERA_MAILBOX_BASE 0x10012000U
#define CIMERA_TIMER_BASE 0x10013000U
#define CIMERA_WATCHDOG_BASE 0x10014000U
#define CIMERA_GPIO_BASE 0x10015000U
#define CIMERA_RNG_BASE 0x10016000U
#define CIMERA_DMA_BASE 0x10017000U  // where the chip has one
#define CIMERA_SOCINFO_BASE 0x10019000U
#define CIMERA_CSRAM_BASE 0x1001B000U  // where the chip has one

// Interrupt sources of the PLIC.
#define CIMERA_IRQ_COUNT 192U
#define CIMERA_IRQ_PMU 1U
#define CIMERA_IRQ_TIMER 4U
#define CIMERA_IRQ_WATCHDOG 5U
#define CIMERA_IRQ_GPIO 6U
#define CIMERA_IRQ_RNG 7U
#define CIMERA_IRQ_DMA 8U
#define CIMERA_IRQ_UART 10U
#define CIMERA_IRQ_SENSOR 16U  // + number of the sensor
#define CIMERA_IRQ_TILE 64U    // + number of the tile modulo CIMERA_IRQ_TILES
#define CIMERA_IRQ_TILES 64U

#endif
