# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Cimera authors
"""A bare client of the GDB remote serial protocol, and the run it talks to."""

import re
import socket
import subprocess

import cimera


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(elf, *options):
    """Starts a run with a GDB server; the process and the port."""
    process = subprocess.Popen(
        ["timeout", "180", cimera.PROGRAM, "run", elf, "-q", "--gdb", "0", *map(str, options)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    found = re.search(r"target remote 127\.0\.0\.1:(\d+)", line)
    if found is None:
        rest = process.communicate(timeout=10)[1]
        raise AssertionError(f"no GDB server: {line}{rest}")
    return process, int(found.group(1))


def finish(process):
    """Ends a process, whatever it does."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


class Client:
    """One connection; acknowledges nothing and ignores acknowledgements."""

    def __init__(self, port, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, payload):
        data = payload if isinstance(payload, bytes) else payload.encode()
        self.raw(b"$" + data + b"#%02x" % (sum(data) % 256))

    def receive(self):
        """The next packet; None once the connection is closed."""
        while True:
            found = re.search(rb"\$([^#]*)#..", self.buffer, re.DOTALL)
            if found:
                self.buffer = self.buffer[found.end():]
                return found.group(1).decode("latin-1")
            data = self.socket.recv(65536)
            if not data:
                return None
            self.buffer += data

    def ask(self, payload):
        self.send(payload)
        return self.receive()
