// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#ifndef CIMERA_RUNTIME_FINISH_H
#define CIMERA_RUNTIME_FINISH_H

// Exit codes of the runtime itself.
#define EXIT_STACK_OVERFLOW 96
#define EXIT_TRAP 97

/// Ends the run: 0 passes, any other code fails. What the console holds is not written.
__attribute__((noreturn)) void finish(int code);

#endif
