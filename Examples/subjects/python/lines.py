"""Lines from a pipe, with a time to wait, and the clock that such times are of."""

import os
import select
import time


class Lines:
    def __init__(self, stream):
        self.descriptor = stream.fileno()
        self.buffer = bytearray()
        self.ended = False
        self.restart_clock()

    def restart_clock(self):
        self.begin = time.monotonic_ns()

    def clock(self):
        """Nanoseconds since the clock was started last."""
        return time.monotonic_ns() - self.begin

    def wait_until(self, when):
        while (left := when - self.clock()) > 0:
            time.sleep(left / 1e9)

    def next(self, seconds):
        """The next line that is not empty, `b""` at the end, `None` when the time is over."""
        while True:
            end = self.buffer.find(b"\n")
            if end >= 0:
                line = bytes(self.buffer[:end]).strip()
                del self.buffer[: end + 1]
                if line:
                    return line
            elif self.ended:
                line = bytes(self.buffer).strip()
                self.buffer.clear()
                return line
            elif seconds is not None and not select.select([self.descriptor], [], [], seconds)[0]:
                return None
            else:
                part = os.read(self.descriptor, 1 << 16)
                self.buffer += part
                self.ended = not part
