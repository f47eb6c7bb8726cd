// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_HAL_FIELD_H
#define CIMERA_HAL_FIELD_H

// `field` is the generated name without its _POS or _MASK, for instance CIM_STATUS_QUEUED.
#define FIELD_GET(word, field) (((word)&field##_MASK) >> field##_POS)
#define FIELD_OF(value, field) (((uint32_t)(value) << field##_POS) & field##_MASK)

#endif
