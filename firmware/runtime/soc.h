// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_SOC_H
#define CIMERA_RUNTIME_SOC_H

#include <stdint.h>

#include "drivers/cim.h"
#include "drivers/dma.h"
#include "drivers/sensor.h"
#include "drivers/socinfo.h"
#include "drivers/status.h"

// Finds the devices of the chip and connects them to their interrupts.

/// Initialises all tiles of the chip, once.
CIMERA_CHECKED cimera_status_t soc_open_tiles(const socinfo_t* info, cim_t** tiles);

/// Initialises one sensor front-end. `sensor` stays where it is: the interrupt handler uses it.
CIMERA_CHECKED cimera_status_t soc_open_sensor(const socinfo_t* info, uint32_t number,
                                               sensor_t* sensor);

/// Initialises the DMA, if the chip has one. `dma` stays where it is.
CIMERA_CHECKED cimera_status_t soc_open_dma(const socinfo_t* info, dma_t* dma);

#endif
