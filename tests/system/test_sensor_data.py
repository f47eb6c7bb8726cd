# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""Recordings of the data sets (CIMERA_DATA) through the sensor, as the firmware sees them."""

import os
import pathlib
import re
import sys
import tarfile
import tempfile
import unittest
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import cimera  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

DATA = os.environ.get("CIMERA_DATA")
MISSING = (cimera.need(cimera.COMPILER) or (None if numpy else "skipped: no NumPy") or
           (None if DATA else "skipped: CIMERA_DATA names no data sets"))

# Streams all there is by polling; prints what it is and a sum over the words, without arrivals.
LISTENER = """
#include <stdio.h>
#include "hal/mmio.h"
#include "regs/sensor_regs.h"
int main(void) {
    sensor_regs_t* camera = (sensor_regs_t*)0x10020000;
    const uint32_t events = camera->CAPABILITY & SENSOR_CAPABILITY_EVENTS_MASK;
    const uint32_t frames = camera->FRAMES;
    const uint32_t words = (camera->FRAME_BYTES + 3) / 4;
    uint32_t sum = 0, first = 0, last = 0;
    camera->CTRL = SENSOR_CTRL_RUN_MASK | SENSOR_CTRL_STREAM_MASK;
    for (uint32_t frame = 0; frame < frames; ++frame) {
        while ((camera->STATUS & SENSOR_STATUS_READY_MASK) == 0) {
        }
        last = camera->TIME_LO;
        first = frame == 0 ? last : first;
        for (uint32_t word = 0; word < words; ++word) {
            const uint32_t value = camera->DATA;
            sum = events != 0 && word == 1 ? sum : (sum ^ value) * 0x01000193U;
        }
    }
    printf("shape=%lx bytes=%lu frames=%lu sum=%08lx ticks=%lu lost=%lu\\n",
           (unsigned long)camera->SHAPE, (unsigned long)camera->FRAME_BYTES, (unsigned long)frames,
           (unsigned long)sum, (unsigned long)(last - first), (unsigned long)camera->OVERFLOWS);
    return 0;
}
"""


def checksum(words):
    total = 0
    for word in words:
        total = ((total ^ int(word)) * 0x01000193) & 0xFFFFFFFF
    return total


@unittest.skipIf(MISSING, MISSING)
class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.elf = cimera.firmware(cls.folder, "listener", LISTENER)
        cls.data = pathlib.Path(DATA)

    def unpack(self, archive, member):
        with tarfile.open(self.data / archive) as packed:
            path = self.folder / pathlib.Path(member).name
            path.write_bytes(packed.extractfile(member).read())
        return path

    def hear(self, sensor, *options):
        result = cimera.run(self.elf, "--sensor", f"camera={sensor}", *options)
        self.assertEqual(result.status, 0, result.messages)
        return dict(re.findall(r"(\w+)=(\w+)", result.uart.decode()))

    def test_nmnist(self):
        path = self.unpack("nmnist/NMNISTsmall.tar.xz", "NMNISTsmall/1.bs2")
        raw = numpy.fromfile(path, numpy.uint8).reshape(-1, 5).astype(numpy.uint32)
        time = (raw[:, 2] & 127) << 16 | raw[:, 3] << 8 | raw[:, 4]
        heard = self.hear(path)
        self.assertEqual(int(heard["frames"]), len(raw))
        self.assertEqual(int(heard["bytes"]), 8)
        self.assertEqual(int(heard["shape"], 16),
                         int(raw[:, 0].max() + 1) << 16 | int(raw[:, 1].max() + 1))
        self.assertEqual(int(heard["sum"], 16),
                         checksum(raw[:, 0] | raw[:, 1] << 16 | raw[:, 2] >> 7 << 31))
        self.assertAlmostEqual(int(heard["ticks"]), 10 * int(time[-1] - time[0]), delta=1)
        self.assertEqual(heard["lost"], "0")
        fast = self.hear(f"{path},speed=10")
        self.assertAlmostEqual(int(fast["ticks"]), int(time[-1] - time[0]), delta=1)
        self.assertEqual(fast["sum"], heard["sum"])

    def test_nmnist_as_text(self):
        path = self.unpack("nmnist/NMNISTsmall.tar.xz", "NMNISTsmall/2.bs2")
        raw = numpy.fromfile(path, numpy.uint8).reshape(-1, 5).astype(numpy.uint32)
        time = (raw[:, 2] & 127) << 16 | raw[:, 3] << 8 | raw[:, 4]
        text = self.folder / "events.csv"
        rows = numpy.stack([time + 10**9, raw[:, 0], raw[:, 1], raw[:, 2] >> 7], 1)
        numpy.savetxt(text, rows, "%d", ",", header="t,x,y,p", comments="")
        self.assertEqual(self.hear(text), self.hear(path))
        numpy.savetxt(text, rows, "%d", ",")
        self.assertEqual(self.hear(f"{text},as=events"), self.hear(path))

    def test_spoken_digit(self):
        path = self.unpack("fsdd/recordings.tar.xz", "recordings/0_george_27.wav")
        with wave.open(str(path)) as sound:
            self.assertEqual((sound.getnchannels(), sound.getsampwidth()), (1, 2))
            samples = numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")
            rate = sound.getframerate()
        frames = -(-len(samples) // 160)
        padded = numpy.zeros(160 * frames, "<i2")
        padded[:len(samples)] = samples
        heard = self.hear(f"{path},samples=160")
        self.assertEqual(int(heard["frames"]), frames)
        self.assertEqual(int(heard["sum"], 16), checksum(padded.view("<u4")))
        self.assertAlmostEqual(int(heard["ticks"]), (frames - 1) * 160 * 10**7 // rate, delta=1)

    def test_spectra(self):
        spectra = numpy.load(self.data / "fsdd" / "fsdd_logmel_20x32_u8.npz")
        name = next(n for n in spectra.files if spectra[n].dtype == numpy.uint8 and
                    spectra[n].ndim == 3)
        part = spectra[name][:20]
        for kind in ("|u1", "<i2", ">i2", "<i4", "<i8"):
            with self.subTest(kind=kind):
                path = self.folder / "spectra.npy"
                numpy.save(path, part.astype(kind))
                wide = part.astype("|u1" if kind == "|u1" else "<i4" if kind == "<i4" else "<i2")
                heard = self.hear(path, "--set", 'sensor.camera.fifo="4 KiB"')
                self.assertEqual(int(heard["shape"], 16), part.shape[2] << 16 | part.shape[1])
                self.assertEqual(int(heard["sum"], 16), checksum(
                    numpy.frombuffer(wide.tobytes(), "<u4")))

    def test_heartbeats(self):
        """Floats are refused; scaled and rounded they are not. At 30 Hz nothing drifts."""
        path = self.data / "ecg5000" / "ECG5000_TEST_4499.npy"
        self.assertEqual(cimera.program("run", self.elf, "--sensor", f"camera={path}").status,
                         cimera.USER_ERROR)
        scaled = self.folder / "beats.npy"
        beats = (numpy.load(path)[:31] * 1000).round().astype(numpy.int16)
        numpy.save(scaled, beats)  # NumPy keeps the order of the file, Fortran's
        self.assertEqual(cimera.program("run", self.elf, "--sensor", f"camera={scaled}").status,
                         cimera.USER_ERROR)
        numpy.save(scaled, numpy.ascontiguousarray(beats))
        heard = self.hear(f"{scaled},rate=30Hz")
        self.assertEqual(int(heard["frames"]), 31)
        self.assertEqual(int(heard["ticks"]), 10**7)  # thirty periods: a second


if __name__ == "__main__":
    unittest.main()
