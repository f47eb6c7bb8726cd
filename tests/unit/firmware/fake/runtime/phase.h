// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
// Takes the place of firmware/runtime/phase.h on the host: phases are counted.
#ifndef CIMERA_RUNTIME_PHASE_H
#define CIMERA_RUNTIME_PHASE_H

#ifdef __cplusplus
extern "C" {
#endif

void phase_begin(const char* name);
void phase_end(const char* name);

#ifdef __cplusplus
}
#endif

#endif
