"""Switches that make a subject misbehave as a *program*, to test whoever drives it.

`--crash-at 3` crashes at the third call, message or advance of a run; `--crash-at hello` and
`--crash-at reset` at those requests. A subject for a protocol of your own needs none of this.
"""

import os
import sys
import time

KINDS = {
    "crash": "ends by a signal",
    "exit": "ends as if all were well",
    "hang": "does not answer and does not end",
    "garbage": "writes a line that is not JSON before it answers",
    "flood": "answers with a line that does not end",
    "twice": "answers twice",
}


def moment(text):
    return text if text in ("hello", "reset") else int(text)


class Mischief:
    @staticmethod
    def add_options(parser):
        for kind, what in KINDS.items():
            parser.add_argument(f"--{kind}-at", type=moment, metavar="N", help=f"{what} there")
        parser.add_argument(
            "--changes-its-mind", action="store_true", help="the fault is in every second run only"
        )
        parser.add_argument(
            "--no-reset", action="store_true", help="can be reset once, for one run only"
        )

    def __init__(self, options):
        self.moments = {kind: getattr(options, f"{kind}_at") for kind in KINDS}
        self.steps = 0
        self.now = None

    def before(self, request):
        """Does what is to be done instead of answering this request."""
        if request in ("call", "receive", "advance"):
            self.steps += 1
            self.now = self.steps
        else:
            self.steps = 0
            self.now = request
        if self.is_time_for("crash"):
            print("about to crash, as asked", file=sys.stderr, flush=True)
            os.abort()
        if self.is_time_for("exit"):
            print("about to exit, as asked", file=sys.stderr, flush=True)
            sys.exit(0)
        if self.is_time_for("hang"):
            print("about to hang, as asked", file=sys.stderr, flush=True)
            while True:
                time.sleep(3600)
        if self.is_time_for("garbage"):
            sys.stdout.write("this is not a line of JSON\n")
            sys.stdout.flush()
        while self.is_time_for("flood"):
            sys.stdout.write("flood " * 10_000)

    def says_it_twice(self):
        return self.is_time_for("twice")

    def is_time_for(self, kind):
        return self.moments[kind] is not None and self.moments[kind] == self.now
