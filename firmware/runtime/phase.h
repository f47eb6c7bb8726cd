// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_PHASE_H
#define CIMERA_RUNTIME_PHASE_H

#include "hal/memory_map.h"
#include "hal/mmio.h"
#include "regs/finisher_regs.h"

// A phase is a part of the program that tools report by its name, a literal of [A-Za-z0-9_.].
// A mark is one store to the finisher; phases nest. The name itself stays in the ELF, in the
// section .cimera.phases, once however often it is used. Its number is the address that the linker
// gives to a symbol in a section of one byte a name.

#define PHASE_NUMBER(name)                                                                       \
    (__extension__({                                                                             \
        uint32_t number_;                                                                        \
        __asm__(".ifndef cimera_phase_" name                                                     \
                "\n"                                                                             \
                ".pushsection .cimera.phases." name ",\"G\",@progbits,cimera_phase_" name        \
                ",comdat\n"                                                                      \
                ".asciz \"" name                                                                 \
                "\"\n"                                                                           \
                ".popsection\n"                                                                  \
                ".pushsection .cimera.phase_numbers." name ",\"G\",@progbits,cimera_phase_" name \
                ",comdat\n"                                                                      \
                ".weak cimera_phase_" name                                                       \
                "\n"                                                                             \
                "cimera_phase_" name                                                             \
                ": .byte 0\n"                                                                    \
                ".popsection\n"                                                                  \
                ".endif\n"                                                                       \
                "lui %0, %%hi(cimera_phase_" name                                                \
                ")\n"                                                                            \
                "addi %0, %0, %%lo(cimera_phase_" name ")"                                       \
                : "=r"(number_));                                                                \
        number_;                                                                                 \
    }))

#define PHASE_MARK 0x0001U

static inline void phase_mark(uint32_t word) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the bus
    finisher_regs_t* finisher = (finisher_regs_t*)CIMERA_FINISHER_BASE;
    mmio_write32(&finisher->FINISH, word | PHASE_MARK);
}

#define phase_begin(name) phase_mark(PHASE_NUMBER(name) << FINISHER_FINISH_CODE_POS)
#define phase_end(name) \
    phase_mark(PHASE_NUMBER(name) << FINISHER_FINISH_CODE_POS | FINISHER_FINISH_END_MASK)

#endif
