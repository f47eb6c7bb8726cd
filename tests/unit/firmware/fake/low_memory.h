// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// The firmware's heap on the host: below 4 GiB, so that descriptors can hold its addresses.
#ifndef CIMERA_FAKE_LOW_MEMORY_H
#define CIMERA_FAKE_LOW_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

void* low_malloc(size_t size);
void* low_calloc(size_t count, size_t size);
void* low_realloc(void* old, size_t size);
void low_free(void* block);

#ifdef __cplusplus
}
#else
#define malloc low_malloc
#define calloc low_calloc
#define realloc low_realloc
#define free low_free
#endif

#endif
