# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Firmware on the small devices of the control bus: timer and watchdog."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

MISSING = cimera.need(cimera.COMPILER)
MODES = ((), ("--no-dmi",), ("--quantum", "1us"), ("--no-dmi", "--quantum", "7us"))
# What may differ between modes.
OWN = ("wall_time_s", "host_mips", "quantum_s")

COMMON = """
#include <stdio.h>
#include "drivers/socinfo.h"
#include "hal/memory_map.h"
#include "runtime/clock.h"
#include "runtime/interrupt.h"

/// Ends the program with the line's number where something is not as it must be.
#define REQUIRE(condition)                                   \\
    do {                                                     \\
        if (!(condition)) {                                  \\
            printf("line %d: %s\\n", __LINE__, #condition); \\
            return 60;                                       \\
        }                                                    \\
    } while (0)
"""

TIMER = COMMON + """
#include "drivers/timer.h"

static timer_device_t timer;
static unsigned interrupts;

static void on_timer(void* context) {
    (void)context;
    ++interrupts;
    timer_interrupt(&timer);
}

int main(void) {
    socinfo_t info;
    REQUIRE(socinfo_read(&info, CIMERA_SOCINFO_BASE) == CIMERA_OK);
    REQUIRE(socinfo_has(&info, CIMERA_TIMER_BASE));
    REQUIRE(timer_init(&timer, CIMERA_TIMER_BASE) == CIMERA_OK);
    REQUIRE(interrupt_attach(CIMERA_IRQ_TIMER, on_timer, 0) == CIMERA_OK);
    // 100 MHz: every 250 us on channel 0, once after 1.1 ms on channel 3.
    const uint64_t begin = clock_time();
    REQUIRE(timer_start(&timer, 0, TIMER_PERIODIC, 25, 1000) == CIMERA_OK);
    REQUIRE(timer_start(&timer, 3, TIMER_ONE_SHOT, 1, 110000) == CIMERA_OK);
    for (unsigned n = 1; n <= 4; ++n) {
        REQUIRE(timer_wait(&timer, 0) == CIMERA_OK);
        const uint64_t late = clock_time() - begin - n * 2500;
        REQUIRE(late < 60);
    }
    REQUIRE(timer_count(&timer, 3) > 100000 && timer_count(&timer, 3) < 101000);
    REQUIRE(timer_wait(&timer, 3) == CIMERA_OK);
    REQUIRE(clock_time() - begin - 11000 < 60);
    REQUIRE(timer_count(&timer, 3) == 110000);
    REQUIRE(timer_stop(&timer, 0) == CIMERA_OK);
    REQUIRE(interrupts == 5);
    printf("timer: %u interrupts\\n", interrupts);
    return 0;
}
"""

# The first run feeds in time, notes the bark and hangs; the second feeds too early; the third finds
# a fixed watchdog's reset of a program that waits for nothing; the last one ends.
WATCHDOG = COMMON + """
#include "drivers/watchdog.h"
#include "hal/cpu.h"

static watchdog_t watchdog;

static void on_bark(void* context) {
    (void)context;
    watchdog_acknowledge(&watchdog);
    (void)watchdog_set_note(&watchdog, 3, watchdog_count(&watchdog));
}

static int start(uint32_t timeout, uint32_t grace, uint32_t window, bool fixed) {
    const watchdog_config_t config = {timeout, grace, window, fixed};
    REQUIRE(watchdog_start(&watchdog, &config) == CIMERA_OK);
    return 0;
}

int main(void) {
    REQUIRE(watchdog_init(&watchdog, CIMERA_WATCHDOG_BASE) == CIMERA_OK);
    REQUIRE(interrupt_attach(CIMERA_IRQ_WATCHDOG, on_bark, 0) == CIMERA_OK);
    uint32_t note = 0;
    REQUIRE(watchdog_note(&watchdog, 3, &note) == CIMERA_OK);
    printf("cause %d, bites %u, note %u\\n", (int)watchdog_cause(&watchdog),
           (unsigned)watchdog_bites(&watchdog), (unsigned)note);
    switch (watchdog_bites(&watchdog)) {
        case 0:
            REQUIRE(start(20000, 5000, 100, false) == 0);
            for (int n = 0; n < 5; ++n) {
                clock_sleep_until(clock_time() + 19000);
                watchdog_feed(&watchdog);
            }
            for (;;) {
            }
        case 1:
            REQUIRE(start(20000, 5000, 15000, false) == 0);
            clock_sleep_until(clock_time() + 10000);
            watchdog_feed(&watchdog);
            return 61;
        case 2:
            REQUIRE(start(1000, 0, 0, true) == 0);
            REQUIRE(watchdog_stop(&watchdog) == CIMERA_LOCKED);
            cpu_disable_interrupts(~0U);
            cpu_wait_for_interrupt();
            return 62;
        default:
            return 0;
    }
}
"""


@unittest.skipIf(MISSING, MISSING)
class SmallDevices(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_everywhere(self, elf, *options):
        """The run, which must be the same in every mode."""
        runs = [cimera.run(elf, *options, *mode) for mode in MODES]
        for mode, run in zip(MODES, runs):
            for key in OWN:
                run.report.pop(key)
            self.assertEqual(run.status, runs[0].status, mode)
            self.assertEqual(run.uart, runs[0].uart, mode)
            self.assertEqual(run.report, runs[0].report, mode)
        return runs[0]


class Timer(SmallDevices):
    def test_periods_and_delays(self):
        run = self.run_everywhere(cimera.firmware(self.folder, "periods", TIMER))
        self.assertEqual((run.status, run.uart), (0, b"timer: 5 interrupts\n"), run.messages)
        self.assertEqual(run.report["warnings"], [])
        # Channel 0: 1.1 ms of 10 ns cycles and 4 counts per 100; channel 3: 110,000 counts.
        events = run.report["energy_aJ"]["by_event"]
        counts = int(events["timer.count"]) / (2 * 1700)
        self.assertAlmostEqual(counts, 110_000 * (1 + 1 / 25) + 110_000, delta=1500)

    def test_is_not_on_the_virt_board(self):
        elf = cimera.firmware(self.folder, "periods", TIMER)
        run = cimera.run(elf, "-c", "virt")
        self.assertEqual(run.status, 60, run.messages)
        self.assertIn(b"socinfo_has", run.uart)
        self.assertEqual(
            cimera.run(elf, "-c", "virt", "--set", "host.virtio_slots=0").status, 0)
        self.assertEqual(
            cimera.run(elf, "-c", "virt", "--set", "host.virtio_slots=3").status, 0)


class Watchdog(SmallDevices):
    def test_bites(self):
        run = self.run_everywhere(cimera.firmware(self.folder, "bites", WATCHDOG))
        lines = run.uart.decode().splitlines()
        note = int(lines[1].split()[-1])
        self.assertEqual(lines, ["cause 0, bites 0, note 0", f"cause 2, bites 1, note {note}",
                                 f"cause 3, bites 2, note {note}",
                                 f"cause 2, bites 3, note {note}"], run.messages)
        self.assertEqual(run.status, 0)
        # The bark's handler ran within microseconds.
        self.assertLess(note - 20000, 100)
        texts = [warning["text"].split("\n")[0] for warning in run.report["warnings"]]
        self.assertEqual(texts, [
            "watchdog resets the chip: not fed for 25000 ticks of 100 ns",
            "watchdog resets the chip: fed within the 15000 ticks of 100 ns in which it must not be",
            "watchdog resets the chip: not fed for 1000 ticks of 100 ns"])
        self.assertIn("main", run.report["warnings"][0]["text"])
        # 5 * 1.9 ms + 2.5 ms, 1 ms, 0.1 ms; start-up and messages beside.
        self.assertAlmostEqual(run.report["simulated_time_s"], 13.1e-3, delta=2e-3)

    def test_is_not_on_the_virt_board(self):
        described = cimera.program("describe", "-c", "virt").uart.decode()
        self.assertNotIn("watchdog", described)
        self.assertIn("virtio4", described)

    def test_a_hang_without_a_watchdog_is_the_end(self):
        source = COMMON + """
#include "hal/cpu.h"
int main(void) {
    cpu_disable_interrupts(~0U);
    cpu_wait_for_interrupt();
    return 0;
}
"""
        run = cimera.run(cimera.firmware(self.folder, "hang", source))
        self.assertEqual(run.status, cimera.DIED)
        self.assertIn("wfi with no interrupt enabled", run.report["end_reason"])


if __name__ == "__main__":
    unittest.main()
