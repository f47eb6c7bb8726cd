// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#define CATCH_CONFIG_RUNNER
#include <systemc>

#include <catch2/catch.hpp>

// SystemC's library owns main() and calls this.
int sc_main(int argc, char** argv) {
    return Catch::Session().run(argc, argv);
}
