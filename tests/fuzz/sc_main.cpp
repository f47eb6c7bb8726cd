// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors

/// SystemC's library refers to it. Nothing here runs a simulation.
extern "C" int sc_main(int /*argc*/, char** /*argv*/);

int sc_main(int /*argc*/, char** /*argv*/) {
    return 0;
}
