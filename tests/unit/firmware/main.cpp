// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The Cimera authors
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
