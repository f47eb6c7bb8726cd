// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#include "drivers/status.h"

const char* cimera_status_text(cimera_status_t status) {
    switch (status) {
#define CIMERA_STATUS_CASE(name, value, text) \
    case name:                                \
        return text;
        CIMERA_STATUS_LIST(CIMERA_STATUS_CASE)
#undef CIMERA_STATUS_CASE
    }
    return "unknown status";
}
