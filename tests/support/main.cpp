// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#define CATCH_CONFIG_RUNNER
#include <cstdlib>

#include <systemc>

#include <catch2/catch.hpp>

int sc_main(int argc, char** argv) {
    return Catch::Session().run(argc, argv);
}

int main(int argc, char** argv) {
    // SystemC prints a banner unless told not to.
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
    return sc_core::sc_elab_and_sim(argc, argv);
}
