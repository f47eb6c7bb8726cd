# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Firmware that manages power: what the PMU does, the same in every mode and style, and the numbers
of the application `power` against the report."""

import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
MODES = ((), ("--no-dmi",), ("--quantum", "1us"), ("--quantum", "37us"),
         ("--no-dmi", "--quantum", "3us"), ("--timing", "at"), ("--check-tlm",))
SPLITS = ("by_component", "by_initiator", "by_event", "by_domain", "by_phase")

COMMON = """
#include <stdio.h>
#include <string.h>
#include "drivers/energy.h"
#include "drivers/socinfo.h"
#include "drivers/timer.h"
#include "hal/cpu.h"
#include "hal/field.h"
#include "hal/memory_map.h"
#include "hal/mmio.h"
#include "runtime/clock.h"
#include "runtime/console.h"
#include "runtime/interrupt.h"
#include "runtime/power.h"
#include "runtime/soc.h"

/// Ends the program with the line's number where something is not as it must be.
#define REQUIRE(condition)                                   \\
    do {                                                     \\
        if (!(condition)) {                                  \\
            printf("line %d: %s\\n", __LINE__, #condition); \\
            return 60;                                       \\
        }                                                    \\
    } while (0)

static pmu_t pmu;
static cim_t* tiles;
static uint32_t host, fabric, tile, l2;

static int open_all(void) {
    socinfo_t info;
    REQUIRE(socinfo_read(&info, CIMERA_SOCINFO_BASE) == CIMERA_OK);
    REQUIRE(power_open(&pmu) == CIMERA_OK);
    REQUIRE(soc_open_tiles(&info, &tiles) == CIMERA_OK);
    REQUIRE(pmu_find(&pmu, PMU_HOST, 0, &host) == CIMERA_OK);
    REQUIRE(pmu_find(&pmu, PMU_FABRIC, 0, &fabric) == CIMERA_OK);
    REQUIRE(pmu_find(&pmu, PMU_L2, 0, &l2) == CIMERA_OK);
    REQUIRE(pmu_find(&pmu, PMU_TILE, 0, &tile) == CIMERA_OK);
    return 0;
}
"""

# Polls a tile while it wakes up and changes its point, in the host's own time; changes the host's
# clock between interrupts of a timer; sleeps in every depth. Prints what depends on time.
STEPS = COMMON + """
static timer_device_t timer;
static unsigned ticks;

static void on_timer(void* context) {
    (void)context;
    ++ticks;
    timer_interrupt(&timer);
}

static uint32_t spin(uint32_t n) {
    uint32_t x = n;
    for (uint32_t i = 0; i < n; ++i) {
        x = x * 1664525U + 1013904223U;
    }
    return x;
}

static void now(const char* what) {
    printf("%s %lu %lu %u\\n", what, (unsigned long)clock_time(), (unsigned long)clock_cycles(),
           ticks);
}

/// Asks without waiting, then polls: the end of the change falls between any two instructions.
static unsigned poll(volatile uint32_t* reg, uint32_t value) {
    mmio_write32(&pmu.regs->SELECT, tile);
    mmio_write32(reg, value);
    unsigned polls = 0;
    while (mmio_read32(&pmu.regs->STATUS) & PMU_STATUS_CHANGES_MASK) {
        ++polls;
    }
    return polls;
}

int main(void) {
    REQUIRE(open_all() == 0);
    REQUIRE(timer_init(&timer, CIMERA_TIMER_BASE) == CIMERA_OK);
    REQUIRE(interrupt_attach(CIMERA_IRQ_TIMER, on_timer, 0) == CIMERA_OK);
    REQUIRE(timer_start(&timer, 0, TIMER_PERIODIC, 1, 1711) == CIMERA_OK);
    for (uint32_t round = 0; round < 3; ++round) {
        REQUIRE(pmu_set_state(&pmu, tile, PMU_OFF) == CIMERA_OK);
        const unsigned up = poll(&pmu.regs->STATE, PMU_ON);
        REQUIRE(mmio_read32(&tiles[0].regs->ID) == 0x314D4943);
        const unsigned moved = poll(&pmu.regs->POINT, 1 + round % 2);
        REQUIRE(mmio_read32(&tiles[0].regs->ID) == 0x314D4943);
        printf("polls %u %u\\n", up, moved);
        now("tile");
        REQUIRE(pmu_set_point(&pmu, host, round) == CIMERA_OK);
        (void)spin(1000 + 777 * round);
        now("host");
        REQUIRE(pmu_set_point(&pmu, fabric, (round + 1) % 3) == CIMERA_OK);
        (void)spin(1000);
        now("fabric");
        clock_set_alarm(clock_time() + 1000);
        while (!clock_alarm_rang()) {
            cpu_wait_for_interrupt();
        }
        now("wfi");
    }
    REQUIRE(timer_stop(&timer, 0) == CIMERA_OK);
    for (uint32_t l2_state = PMU_ON; l2_state <= PMU_RETENTION; l2_state += PMU_RETENTION) {
        REQUIRE(pmu_configure_sleep(&pmu, CPU_MIE_TIMER, (pmu_state_t)l2_state) == CIMERA_OK);
        for (uint32_t state = PMU_CLOCK_GATED; state <= PMU_OFF; ++state) {
            console_flush();
            clock_set_alarm(clock_time() + 5000);
            REQUIRE(power_sleep(&pmu, (pmu_state_t)state) == CIMERA_OK);
            REQUIRE(clock_alarm_rang());
            REQUIRE(pmu_woken(&pmu) == (pmu_state_t)state);
            now("slept");
        }
    }
    energy_t energy;
    energy_init(&energy, CIMERA_ENERGY_BASE);
    energy_latch(&energy);
    for (uint32_t d = 0; d < energy_domains(&energy); ++d) {
        char name[ENERGY_NAME_BYTES];
        energy_name(&energy, ENERGY_DOMAIN, d, name);
        const uint64_t aj = energy_value(&energy, ENERGY_DOMAIN, d, ENERGY_ALL);
        printf("%s %08lx%08lx\\n", name, (unsigned long)(aj >> 32), (unsigned long)aj);
    }
    return 0;
}
"""

# Tile 0 is switched off with a job running and one waiting; its contents are noise then.
LOST = COMMON + """
static uint8_t weights[64 * 64];
static const cim_job_t program = {
    .OPERATION = CIM_PROGRAM | CIM_JOB_OPERATION_INTERRUPT_MASK,
    .PRECISION = FIELD_OF(8, CIM_JOB_PRECISION_INPUT_BITS) |
                 FIELD_OF(32, CIM_JOB_PRECISION_OUTPUT_BITS),
    .ROWS = FIELD_OF(64, CIM_JOB_ROWS_COUNT),
    .COLUMNS = FIELD_OF(128, CIM_JOB_COLUMNS_COUNT),
    .SOURCE = 0x80080000,
    .STRIDE = 64,
};

int main(void) {
    REQUIRE(open_all() == 0);
    memset(weights, 0x55, sizeof weights);
    memcpy((void*)0x80080000, weights, sizeof weights);
    volatile uint8_t* const cells = (uint8_t*)tiles[0].regs + mmio_read32(&tiles[0].regs->ARRAY_OFFSET);
    REQUIRE(cim_start(&tiles[0], &program) == CIMERA_OK);
    REQUIRE(cim_wait(&tiles[0]) == CIMERA_OK);
    REQUIRE(cells[0] == 0x55);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_RETENTION) == CIMERA_OK);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_ON) == CIMERA_OK);
    REQUIRE(cells[0] == 0x55);
    REQUIRE(cim_start(&tiles[0], &program) == CIMERA_OK);
    REQUIRE(cim_start(&tiles[0], &program) == CIMERA_OK);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_CLOCK_GATED) == CIMERA_PMU_BUSY);
    REQUIRE(pmu_set_point(&pmu, tile, 1) == CIMERA_PMU_BUSY);
    REQUIRE(pmu_set_point(&pmu, fabric, 1) == CIMERA_PMU_BUSY);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_OFF) == CIMERA_OK);
    clock_sleep_until(clock_time() + 1000);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_ON) == CIMERA_OK);
    REQUIRE(mmio_read32(&tiles[0].regs->ERROR_CODE) == 11);
    REQUIRE(mmio_read32(&tiles[0].regs->IRQ_STATUS) == CIM_IRQ_STATUS_ERROR_MASK);
    REQUIRE(cim_init(&tiles[0], (uintptr_t)tiles[0].regs) == CIMERA_OK);
    unsigned same = 0;
    for (int i = 0; i < 64; ++i) {
        same += cells[i] == 0x55 || cells[i] == 0;
    }
    REQUIRE(same < 8);
    printf("noise");
    for (int i = 0; i < 8; ++i) {
        printf(" %02x", cells[i]);
    }
    REQUIRE(cim_start(&tiles[0], &program) == CIMERA_OK);
    REQUIRE(cim_wait(&tiles[0]) == CIMERA_OK);
    REQUIRE(cells[0] == 0x55);
    printf("\\nok\\n");
    return 0;
}
"""

TOUCH = COMMON + """
int main(void) {
    REQUIRE(open_all() == 0);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_OFF) == CIMERA_OK);
    return (int)mmio_read32(&tiles[0].regs->STATUS);
}
"""

# The L2 goes to sleep under a transfer of the DMA.
TRANSFER = COMMON + """
#include "drivers/dma.h"

static dma_t dma;
static uint8_t from[40000], to[40000];

int main(void) {
    REQUIRE(open_all() == 0);
    REQUIRE(soc_open_dma(&dma) == CIMERA_OK);
    static const dma_descriptor_t copy = {
        .CONTROL = FIELD_OF(DMA_COPY, DMA_DESCRIPTOR_CONTROL_KIND) |
                   DMA_DESCRIPTOR_CONTROL_INTERRUPT_MASK,
        .SOURCE = (uint32_t)(uintptr_t)from, .DESTINATION = (uint32_t)(uintptr_t)to,
        .LENGTH = sizeof from, .ROWS = 1};
    REQUIRE(dma_start(&dma, 0, &copy, 0, 0) == CIMERA_OK);
    REQUIRE(pmu_set_point(&pmu, fabric, 1) == CIMERA_PMU_BUSY);
    REQUIRE(pmu_configure_sleep(&pmu, CPU_MIE_EXTERNAL, PMU_RETENTION) == CIMERA_OK);
    REQUIRE(power_sleep(&pmu, PMU_RETENTION) == CIMERA_OK);
    const cimera_status_t status = dma_wait(&dma, 0);
    REQUIRE(status == CIMERA_DMA_READ || status == CIMERA_DMA_WRITE);
    return 0;
}
"""

# The first run leaves everything at another point or switched off and is reset by the watchdog out
# of deep sleep; the second one finds the chip as after power-on.
RESET = COMMON + """
#include "drivers/watchdog.h"

int main(void) {
    watchdog_t watchdog;
    REQUIRE(open_all() == 0);
    REQUIRE(watchdog_init(&watchdog, CIMERA_WATCHDOG_BASE) == CIMERA_OK);
    for (uint32_t d = 0; d < pmu.domains; ++d) {
        REQUIRE(pmu_state(&pmu, d) == PMU_ON);
        REQUIRE(pmu_point(&pmu, d) == 0);
    }
    REQUIRE(pmu_woken(&pmu) == PMU_ON);
    REQUIRE(mmio_read32(&tiles[0].regs->ID) == 0x314D4943);
    const uint32_t begin = cpu_cycle_low();
    const uint64_t time = clock_time();
    while (clock_time() - time < 1000) {
    }
    printf("cause %d, %lu cycles\\n", (int)watchdog_cause(&watchdog),
           (unsigned long)(cpu_cycle_low() - begin));
    if (watchdog_cause(&watchdog) == WATCHDOG_NOT_FED) {
        return 0;
    }
    const watchdog_config_t config = {.timeout = 20000, .grace = 100};
    REQUIRE(watchdog_start(&watchdog, &config) == CIMERA_OK);
    REQUIRE(pmu_set_point(&pmu, tile, 1) == CIMERA_OK);
    REQUIRE(pmu_set_state(&pmu, tile, PMU_OFF) == CIMERA_OK);
    REQUIRE(pmu_set_point(&pmu, fabric, 1) == CIMERA_OK);
    REQUIRE(pmu_set_point(&pmu, host, 2) == CIMERA_OK);
    REQUIRE(pmu_configure_sleep(&pmu, CPU_MIE_SOFTWARE, PMU_OFF) == CIMERA_OK);
    (void)power_sleep(&pmu, PMU_OFF);
    return 61;
}
"""

# Runs in the NVM: the L2 can go off under it.
IN_NVM = """
.text
.globl _start
_start:
    li   s0, 0x10010000
    li   s1, 0x80001000
    li   t0, 0x12345678
    sw   t0, 0(s1)
    li   t0, 3                  # the L2
    sw   t0, 8(s0)
    li   t0, {state}
    sw   t0, 0x14(s0)
    sw   zero, 0x14(s0)
1:  lw   t0, 0x10(s0)
    andi t0, t0, 0x10
    bnez t0, 1b
    lw   t1, 0(s1)
    li   t0, 0x12345678
    sub  t1, t1, t0
    snez t1, t1
    slli t1, t1, 16             # code 1: lost
    li   t0, 0x3333
    add  t1, t1, t0
    li   t2, 0x100000
    sw   t1, 0(t2)
2:  j    2b
"""


def outcome(run):
    """What must not depend on the mode."""
    report = run.report
    return {"status": run.status, "uart": run.uart,
            **{key: report[key] for key in ("simulated_time_ps", "instructions", "cycles",
                                            "asleep_s", "energy_aJ", "power", "end_reason")}}


def warnings(run):
    return "\n".join(warning["text"] for warning in run.report["warnings"])


@unittest.skipIf(MISSING, MISSING)
class Power(unittest.TestCase):
    maxDiff = None

    def check_modes(self, elf, options=(), modes=MODES):
        first = cimera.run(elf, *options)
        self.assertIsNotNone(first.report, first.messages)
        for mode in modes[1:]:
            with self.subTest(mode=" ".join(mode)):
                other = cimera.run(elf, *options, *mode)
                self.assertEqual(outcome(other), outcome(first))
        exact = first.report["energy_aJ"]
        for split in SPLITS:
            self.assertEqual(sum(map(int, exact[split].values())), int(exact["total"]), split)
        for domain, intervals in first.report["power"].items():
            self.assertEqual(sum(int(interval["time_ps"]) for interval in intervals),
                             int(first.report["simulated_time_ps"]), domain)
        return first

    def test_steps_in_every_mode(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.firmware(folder, "steps", STEPS)
            first = self.check_modes(elf)
            self.assertEqual(first.status, 0, first.uart)
            self.assertEqual(first.report["warnings"], [])
            states = {(interval["state"], interval["point"])
                      for interval in first.report["power"]["host"]}
            self.assertLessEqual({("on", "nominal"), ("on", "low"), ("on", "lowest"),
                                  ("clock-gated", "nominal"), ("off", "lowest"),
                                  ("retention", "lowest")}, states)
            # What firmware reads is what the ledger has: only the rest of the run is missing.
            lines = first.uart.decode().splitlines()
            read = {name: int(value, 16) for name, value in
                    (line.split() for line in lines if re.fullmatch(r"\w+ [0-9a-f]{16}", line))}
            exact = first.report["energy_aJ"]["by_domain"]
            self.assertEqual(set(read), set(exact))
            for name, energy in read.items():
                self.assertLessEqual(energy, int(exact[name]), name)
                # It is still to be printed.
                self.assertGreater(energy, int(exact[name]) * 0.6, name)

    def test_lost_jobs_and_contents(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.firmware(folder, "lost", LOST)
            first = self.check_modes(elf, modes=MODES[:5])
            self.assertEqual(first.status, 0, first.uart)
            told = warnings(first)
            self.assertEqual(sum(warning["count"] for warning in first.report["warnings"]
                                 if "the tile was switched off before" in warning["text"]), 2)
            self.assertIn("domain cim0: work or a change is going on", told)
            self.assertIn("STATE (offset 0x14)", told)
            other = cimera.run(elf, "--seed", "2")
            self.assertNotEqual(other.uart, first.uart)  # other noise

    def test_touching_what_is_off(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.firmware(folder, "touch", TOUCH)
            run = cimera.run(elf)
            self.assertEqual(run.status, 97)
            told = warnings(run)
            self.assertRegex(told, r"cim0.*STATUS \(offset 0x34\).*domain cim0 is off")
            self.assertRegex(told, r"main\+.*mmio\.h:\d+.* us")

    def test_l2_off_under_code_in_the_nvm(self):
        with tempfile.TemporaryDirectory() as folder:
            for state, status in ((2, 0), (3, 1)):
                with self.subTest(state=state):
                    elf = cimera.build(folder, IN_NVM.format(state=state), f"nvm{state}",
                                       ("-Wl,-Ttext=0x20000000",))
                    self.assertEqual(self.check_modes(elf).status, status)
            checked = cimera.run(elf, "--check-memory")
            self.assertEqual(checked.report["memories"]["l2"]["unwritten_reads"], 1)

    def test_reset_out_of_deep_sleep(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.firmware(folder, "again", RESET)
            first = self.check_modes(elf)
            self.assertEqual(first.status, 0, first.uart)
            cycles = re.findall(rb"cause (\d), (\d+) cycles", first.uart)
            self.assertEqual([cause for cause, _ in cycles], [b"0", b"2"])
            self.assertEqual(cycles[0][1], cycles[1][1])
            self.assertIn("off", [interval["state"] for interval in first.report["power"]["l2"]])

    def test_l2_asleep_under_a_transfer(self):
        with tempfile.TemporaryDirectory() as folder:
            run = cimera.run(cimera.firmware(folder, "transfer", TRANSFER))
            self.assertEqual(run.status, 0, run.uart)
            self.assertRegex(warnings(run), r"l2 offset 0x[0-9a-f]+: domain l2 is in retention")

    def test_unknown_point(self):
        with tempfile.TemporaryDirectory() as folder:
            elf = cimera.firmware(folder, "touch", TOUCH)
            run = cimera.run(elf, "--set", "power.point.low.name=lov")
            self.assertEqual(run.status, cimera.USER_ERROR)
            self.assertIn("no entry 'lov' in [points]", run.messages)
            self.assertIn("did you mean 'low'", run.messages)

    def test_application(self):
        elf = cimera.applications().get("power")
        if elf is None:
            self.skipTest("skipped: the firmware is not built")
        loose = MODES[:5] + MODES[6:]
        first = self.check_modes(elf, modes=loose)
        self.assertEqual(first.status, 0, first.uart)
        # Host and tile meet in the L2: approximately timed, they wait otherwise, and nothing else.
        phased = cimera.run(elf, "--timing", "at").report["energy_aJ"]
        self.assertEqual(phased["dynamic"], first.report["energy_aJ"]["dynamic"])
        rows = [line.split() for line in first.uart.decode().splitlines()]
        table = {(row[0], row[1]): list(map(int, row[2:])) for row in rows if len(row) == 7
                 and row[2].isdigit()}
        phases = first.report["energy_aJ"]["by_phase"]
        points = ("nominal", "low", "lowest")
        for what, phase in (("host", "host"), ("tile", "tile")):
            for number, point in enumerate(points):
                with self.subTest(what=what, point=point):
                    dynamic = table[what, point][3]
                    inside = int(phases[f"{phase}{number}"]) * 1e-6
                    # The program reads its counters and marks the phase in between.
                    self.assertLess(inside, dynamic)
                    self.assertAlmostEqual(inside, dynamic, delta=2500)
        # The same instructions each time.
        self.assertAlmostEqual(table["host", "nominal"][3] - int(phases["host0"]) * 1e-6,
                               table["tile", "nominal"][3] - int(phases["tile0"]) * 1e-6, delta=2)
        # The same work at (0.7 / 0.9)^2 and (0.6 / 0.9)^2 of the energy. Small devices stay.
        whole = table["host", "nominal"][3]
        for point, voltage in (("low", 0.7), ("lowest", 0.6)):
            self.assertAlmostEqual(table["host", point][3] / whole, (voltage / 0.9) ** 2,
                                   delta=2e-3)
        # A state leaks what its share says, over the time that it lasted.
        on, gated, kept, off = (table["tile", state][2] for state in
                                ("on", "clock-gated", "retention", "off"))
        self.assertAlmostEqual(gated / on, 1, delta=0.01)
        self.assertAlmostEqual(off / on, 0.03, delta=0.002)
        self.assertLess(off, kept)
        self.assertLess(kept, 0.23 * on)
        # Most of what is left leaks in the L2, while the core sleeps or its supply ramps up.
        for state in ("retention", "off"):
            self.assertLess(table["host", f"{state}+l2"][1], 0.7 * table["host", state][1])


if __name__ == "__main__":
    unittest.main()
