# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Firmware on the small devices of the control bus: timer, watchdog, GPIO, random source."""

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

# A button on pin 5 toggles a lamp on pin 0; pin 1 shows that the program runs; pin 6 ends it.
GPIO = COMMON + """
#include "drivers/gpio.h"

static gpio_t gpio;

static void on_pins(void* context) {
    (void)context;
    gpio_interrupt(&gpio);
}

int main(void) {
    enum { LAMP = 1, RUNNING = 2, LOOP = 4, BUTTON = 1 << 5, END = 1 << 6 };
    REQUIRE(gpio_init(&gpio, CIMERA_GPIO_BASE) == CIMERA_OK);
    REQUIRE(interrupt_attach(CIMERA_IRQ_GPIO, on_pins, 0) == CIMERA_OK);
    gpio_make_outputs(&gpio, LAMP | RUNNING | LOOP, RUNNING);
    REQUIRE(gpio_notify(&gpio, LOOP, GPIO_FALLING) == CIMERA_OK);
    gpio_set(&gpio, LOOP);
    gpio_clear(&gpio, LOOP);
    REQUIRE(gpio_wait(&gpio, LOOP) == LOOP);
    REQUIRE(gpio_notify(&gpio, BUTTON, GPIO_RISING) == CIMERA_OK);
    REQUIRE(gpio_notify(&gpio, END, GPIO_BOTH_EDGES) == CIMERA_OK);
    unsigned presses = 0;
    for (uint32_t seen = 0; (seen & END) == 0;) {
        seen = gpio_wait(&gpio, BUTTON | END);
        if ((seen & BUTTON) != 0) {
            ++presses;
            REQUIRE((gpio_read(&gpio) & BUTTON) != 0);
            gpio_toggle(&gpio, LAMP);
        }
    }
    gpio_clear(&gpio, RUNNING);
    gpio_make_inputs(&gpio, RUNNING);
    printf("%u presses\\n", presses);
    return 0;
}
"""

BLINK = COMMON + """
#include "drivers/gpio.h"
int main(void) {
    gpio_t gpio;
    REQUIRE(gpio_init(&gpio, CIMERA_GPIO_BASE) == CIMERA_OK);
    gpio_make_outputs(&gpio, 1, 0);
    for (int n = 0; n < 2500; ++n) {
        gpio_toggle(&gpio, 1);
    }
    return 0;
}
"""

RNG = COMMON + """
#include "drivers/rng.h"

static rng_t rng;

static void on_rng(void* context) {
    (void)context;
    rng_interrupt(&rng);
}

int main(void) {
    REQUIRE(rng_init(&rng, CIMERA_RNG_BASE) == CIMERA_OK);
    REQUIRE(interrupt_attach(CIMERA_IRQ_RNG, on_rng, 0) == CIMERA_OK);
    REQUIRE(rng_self_test(&rng) == CIMERA_OK);
    const uint64_t begin = clock_time();
    for (int n = 0; n < 64; ++n) {
        uint32_t word = 0;
        REQUIRE(rng_word(&rng, &word) == CIMERA_OK);
        printf("%08x\\n", (unsigned)word);
    }
    // 5.12 us a word.
    REQUIRE(clock_time() - begin >= 64 * 51);
    return 0;
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


class Pins(SmallDevices):
    def script(self, text):
        path = self.folder / "pins.csv"
        path.write_text(text)
        return path

    def test_from_file_to_report(self):
        script = self.script("time,pin,level\n1ms,5,1\n1.2ms,5,0\n2 ms,5,1\n2.5ms,5,0\n"
                             "2.5ms,6,1\n4ms,31,1\n")
        elf = cimera.firmware(self.folder, "button", GPIO)
        run = self.run_everywhere(elf, "--gpio-in", script)
        self.assertEqual((run.status, run.uart), (0, b"2 presses\n"), run.messages)
        pins = run.report["gpio"]
        changes = [line.removesuffix("\n").split(",") for line in pins["outputs"]]
        self.assertEqual([(pin, level) for _, pin, level in changes],
                         [("0", "0"), ("1", "1"), ("2", "0"), ("2", "1"), ("2", "0"), ("0", "1"),
                          ("0", "0"), ("1", "0"), ("1", "z")])
        times = [int(time.removesuffix("ps")) * 1e-12 for time, _, _ in changes]
        self.assertEqual(times, sorted(times))
        for time, expected in zip(times[5:8], (1e-3, 2e-3, 2.5e-3)):
            self.assertGreater(time, expected)
            self.assertLess(time, expected + 10e-6)
        self.assertEqual((pins["changes"], pins["dropped"]), (9, 0))
        # Two edges of pin 2, two of the lamp, one of pin 1.
        self.assertEqual(run.report["energy_aJ"]["by_event"]["gpio.toggle"], str(5 * 16_200_000))
        # What the lamp did can be played.
        script = self.script("".join(line + "\n" for line in pins["outputs"] if line[-1] != "z"))
        self.assertEqual(cimera.run(elf, "--gpio-in", script, "--max-time", "5ms").status,
                         cimera.DIED)

    def test_file_of_the_firmware(self):
        elf = cimera.firmware(self.folder, "button", GPIO)
        self.script("1ms,5,1\n1.2ms,5,0\n2 ms,5,1\n2.5ms,5,0\n2.5ms,6,1\n4ms,31,1\n")
        defaults = self.folder / "button.run.toml"
        defaults.write_text('gpio_in = "pins.csv"\n')
        run = cimera.run(elf)
        self.assertEqual((run.status, run.uart), (0, b"2 presses\n"), run.messages)
        # The command line wins; what is wrong names the file that asks for it.
        other = self.folder / "none.csv"
        other.write_text("")
        self.assertEqual(cimera.run(elf, "--gpio-in", other, "--max-time", "5ms").status,
                         cimera.DIED)
        run = cimera.run(elf, "-c", "virt")
        self.assertEqual(run.status, cimera.USER_ERROR)
        self.assertIn(f"{defaults}: SoC 'virt' has no GPIO", run.messages)

    def test_many_changes_are_counted(self):
        pins = cimera.run(cimera.firmware(self.folder, "blink", BLINK)).report["gpio"]
        self.assertEqual((pins["changes"], pins["dropped"], len(pins["outputs"])),
                         (2501, 1501, 1000))

    def test_mistakes(self):
        elf = cimera.firmware(self.folder, "blink", BLINK)
        for text, message in (("1ms,5,1\n1ms,77,1\n", "pins.csv:2: there is no pin '77'"),
                              ("1ms,5,1\n10us,5,1\n", "pins.csv:2: earlier than the line before"),
                              ("1,5,1\n", "pins.csv:1: "), ("1ms 5 1\n", "pins.csv:1: 1 columns")):
            run = cimera.run(elf, "--gpio-in", self.script(text))
            self.assertEqual(run.status, cimera.USER_ERROR)
            self.assertIn(message, run.messages)
        run = cimera.run(elf, "--gpio-in", self.folder / "none.csv")
        self.assertEqual(run.status, cimera.USER_ERROR)
        self.assertIn("none.csv: no such file", run.messages)
        run = cimera.run(elf, "-c", "virt", "--gpio-in", self.script("1ms,5,1\n"))
        self.assertEqual(run.status, cimera.USER_ERROR)
        self.assertIn("SoC 'virt' has no GPIO", run.messages)


class RandomSource(SmallDevices):
    def test_words(self):
        elf = cimera.firmware(self.folder, "words", RNG)
        run = self.run_everywhere(elf)
        self.assertEqual(run.status, 0, run.messages)
        words = run.uart.decode().split()
        self.assertEqual(len(set(words)), 64)
        ones = sum(int(word, 16).bit_count() for word in words)
        self.assertLess(abs(ones - 1024), 5 * 22.7)  # five standard deviations of 2048 bits
        self.assertEqual(cimera.run(elf, "--seed", "1").uart, run.uart)
        other = cimera.run(elf, "--seed", "2").uart.decode().split()
        self.assertEqual(len(set(words) & set(other)), 0)
        # 64 words, two of the self-test, and one that nobody reads.
        spent = int(run.report["energy_aJ"]["by_event"]["rng.word"])
        self.assertIn(spent, (66 * 71_400_000, 67 * 71_400_000))


if __name__ == "__main__":
    unittest.main()
