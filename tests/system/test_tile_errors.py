# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""What firmware and log say of jobs that a digital tile cannot do, and that other work goes on."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

SOURCE = r"""
#include <stdio.h>
#include <string.h>

#include "drivers/cim.h"
#include "drivers/socinfo.h"
#include "hal/field.h"
#include "hal/memory_map.h"
#include "runtime/soc.h"

#define ADDRESS(pointer) ((uint32_t)(uintptr_t)(pointer))

// Relaxed weights of 4 bits and a sign above them: 1, 2, 8 and -10 in one row.
static const uint8_t weights[] = {0x41, 0x20, 0x0D};
static const uint8_t wrong[] = {0x41, 0x0C, 0x00};  // 1, 2, 3, 0: there is no 3
static const uint8_t x[1] = {5};
static int32_t out[4];
static cim_t* tiles;

static cim_job_t job(uint32_t op, uint32_t flags) {
    return (cim_job_t){
        .OPERATION = FIELD_OF(op, CIM_JOB_OPERATION_OP) | flags | CIM_JOB_OPERATION_INTERRUPT_MASK,
        .PRECISION = FIELD_OF(8, CIM_JOB_PRECISION_INPUT_BITS),
        .ROWS = FIELD_OF(1, CIM_JOB_ROWS_COUNT),
        .COLUMNS = FIELD_OF(4, CIM_JOB_COLUMNS_COUNT),
        .STRIDE = sizeof weights,
    };
}

static void run(const char* what, const cim_job_t* list) {
    cimera_status_t status = cim_start(&tiles[0], list);
    if (status == CIMERA_OK) {
        status = cim_wait(&tiles[0]);
    }
    printf("%s: %s\n", what, cimera_status_text(status));
}

static void show(void) {
    printf("%ld %ld %ld %ld\n", (long)out[0], (long)out[1], (long)out[2], (long)out[3]);
}

int main(void) {
    socinfo_t info;
    if (socinfo_read(&info, CIMERA_SOCINFO_BASE) != CIMERA_OK ||
        soc_open_tiles(&info, &tiles) != CIMERA_OK) {
        return 60;
    }
    const cim_capability_t has = cim_capability(&tiles[0]);
    printf("array %lu encoding %lu weights %lu+%lu columns %lu\n", (unsigned long)has.array,
           (unsigned long)has.encoding, (unsigned long)has.weight_bits,
           (unsigned long)has.sign_bits, (unsigned long)has.columns);
    const uint32_t fetch = CIM_JOB_OPERATION_FETCH_MASK | CIM_JOB_OPERATION_STORE_MASK;
    cim_job_t program = job(CIM_PROGRAM, 0);
    program.SOURCE = ADDRESS(weights);
    cim_job_t multiply = job(CIM_MVM, fetch | CIM_JOB_OPERATION_WEIGHT_SIGNED_MASK);
    multiply.SOURCE = ADDRESS(x);
    multiply.DESTINATION = ADDRESS(out);
    run("program", &program);
    run("multiply", &multiply);
    show();
    memset(out, 0, sizeof out);

    cim_job_t bad = program;
    bad.SOURCE = ADDRESS(wrong);
    run("code", &bad);
    bad = multiply;
    bad.OPERATION &= ~CIM_JOB_OPERATION_WEIGHT_SIGNED_MASK;
    run("sign", &bad);
    bad = multiply;
    bad.PRECISION = FIELD_OF(9, CIM_JOB_PRECISION_INPUT_BITS);
    run("precision", &bad);
    bad = multiply;
    bad.SOURCE = 0x70000000;
    run("operands", &bad);
    run("descriptor", (const cim_job_t*)0x70000000);
    show();

    run("multiply again", &multiply);
    show();
    return 0;
}
"""

EXPECTED = """array 0 encoding 2 weights 4+1 columns 128
program: ok
multiply: ok
5 10 40 -50
code: tile: a weight that the encoding does not have
sign: tile: precision not supported
precision: tile: precision not supported
operands: tile: bus error on a read
descriptor: tile: bus error on a read
0 0 0 0
multiply again: ok
5 10 40 -50
"""

LOGGED = ("a weight that the array's encoding does not have", "precision out of range",
          "bus error on a read")


class TileErrors(unittest.TestCase):
    def test_each_is_told_and_nothing_else_is_disturbed(self):
        if not (cimera.BUILD / "firmware-build" / "libcimera_runtime.a").exists():
            self.skipTest("skipped: the firmware is not built")
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.firmware(folder, "errors", SOURCE)
            run = cimera.program("run", elf, "--set", "cim.tile.encoding=relaxed", "--set",
                             "cim.tile.sign=beside", "--set", "cim.tile.cols=640")
        self.assertEqual(run.status, 0, run.messages)
        self.assertEqual(run.uart.decode().replace("\r", ""), EXPECTED)
        for reason in LOGGED:
            self.assertIn(reason, run.messages)
        self.assertIn("cim0", run.messages)


if __name__ == "__main__":
    unittest.main()
