"""The subject's side of the line protocol: what every subject written in Python shares.

A subject is a class derived from `Subject` and one call, `serve(TheClass)`. Requests come as lines
of JSON on standard input, replies go as lines to standard output; docs/line-protocol.md has them
all. `tcp_close.py` is the model to copy.

Times are whole nanoseconds inside: a sum of binary fractions such as 0.12 + 1 is not exact, and
the reply's times are compared exactly.
"""

import argparse
import json
import sys
from decimal import Decimal

from lines import Lines
from mischief import Mischief

SECOND = 1_000_000_000


class Refused(Exception):
    """The request makes no sense in this state; nothing has happened."""

    code = "refused"


class Unsupported(Exception):
    """This subject does not know such a request; nothing has happened."""

    code = "unsupported"


class Subject:
    """One instance under test: its clock, its timers, and what came out of it."""

    name = "subject"
    roles = ()
    faults = {}  # the name of each fault and what it is like

    def __init__(self, role, instance):
        self.role = role
        self.instance = instance
        self.fault = None
        self.seed = 0
        self.now = 0
        self.timers = {}
        self.out = []

    # To be written for each protocol.

    def reset(self, parameters):
        """The initial state; `parameters` is a `Fields` of the spec's parameters. Whatever is left
        to chance takes `self.seed`, so that the same run can be had again."""

    def call(self, name, arguments):
        raise Unsupported(f"no call {name}")

    def receive(self, message, fields):
        raise Unsupported(f"no message {message}")

    def expire(self, timer):
        pass

    def state(self):
        return {}

    # To be used by it.

    def has(self, fault):
        """Whether this is the planted fault."""
        return self.fault == fault

    def send(self, message, **fields):
        self.out.append({"at": self.now / SECOND, "message": message, "fields": fields})

    def signal(self, name, **arguments):
        line = {"at": self.now / SECOND, "signal": name}
        self.out.append(line | {"arguments": arguments} if arguments else line)

    def start(self, timer, duration):
        self.timers.pop(timer, None)
        self.timers[timer] = self.now + duration

    def cancel(self, timer):
        self.timers.pop(timer, None)

    # What the loop below does with it.

    def next_deadline(self):
        return min(self.timers.values(), default=None)

    def advance(self, to, late=False):
        """Expires what is due by then, in order; `late`: all of it only now, by a real clock."""
        while self.timers:
            timer = min(self.timers, key=self.timers.get)
            if self.timers[timer] > to:
                break
            self.now = to if late else self.timers[timer]
            del self.timers[timer]
            self.expire(timer)
        self.now = to


class Fields:
    """The members of a JSON object, each taken once, with its type checked."""

    def __init__(self, members, what):
        if not isinstance(members, dict):
            raise Unsupported(f"{what} is not an object")
        self.members = dict(members)
        self.what = what

    def _take(self, name, default, fits, wanted):
        if name not in self.members and default is not None:
            return default
        value = self.members.pop(name, None)
        if not fits(value):
            raise Unsupported(f"{self.what}: {name} is not {wanted}")
        return value

    def integer(self, name, default=None):
        def fits(value):
            return type(value) is int and -(2**63) <= value < 2**63

        return self._take(name, default, fits, "an integer of 64 bits")

    def boolean(self, name, default=None):
        return self._take(name, default, lambda v: type(v) is bool, "true or false")

    def text(self, name, default=None):
        return self._take(name, default, lambda v: type(v) is str, "a name")

    def duration(self, name, default=None):
        """Seconds as nanoseconds."""
        if name not in self.members and default is not None:
            return default
        return nanoseconds(self.members.pop(name, None), f"{self.what}: {name}")

    def end(self):
        """Nothing may be left: a field that nobody knows cannot be ignored."""
        for name in self.members:
            raise Unsupported(f"{self.what}: no field {name}")


def text_in(request, name):
    if type(request.get(name)) is not str:
        raise Unsupported(f"{name} is not a name")
    return request[name]


def nanoseconds(value, what):
    if type(value) is not int and not isinstance(value, Decimal):
        raise Unsupported(f"{what} is not a number of seconds")
    # More would not fit 64 bits.
    exact = value * SECOND if 0 <= value < 2**63 // SECOND else -1
    if exact < 0 or exact != int(exact):
        raise Unsupported(f"{what} is not a whole number of nanoseconds from 0 on")
    return int(exact)


class Session:
    """The conversation: one request, one reply."""

    def __init__(self, make, options):
        self.make = make
        self.options = options
        self.mischief = Mischief(options)
        self.subject = None
        self.runs = 0
        self.lines = Lines(sys.stdin)

    def run(self):
        while True:
            line = self.lines.next(self.seconds_to_next_deadline())
            if line is None:
                self.expire_by_clock()
            elif line == b"" or self.answer(line):
                return

    def answer(self, line):
        """Answers one line; whether it was the last one."""
        request = None
        try:
            request = parse(line)
            if request.get("type") == "bye":
                return True
            self.mischief.before(request.get("type"))
            reply = self.reply(request)
        except (Refused, Unsupported) as problem:
            reply = {"type": "error", "code": problem.code, "definite": True, "text": str(problem)}
        reply["re"] = request.get("id") if request else None
        self.write(reply)
        if self.mischief.says_it_twice():
            self.write(reply)
        return False

    def reply(self, request):
        kind = request.get("type")
        if kind == "hello":
            return self.hello(request)
        if kind not in ("reset", "call", "receive", "advance"):
            raise Unsupported(f"no request {kind}")
        if self.subject is None:
            raise Refused("hello comes first")
        if kind == "reset":
            self.reset(request)
        elif self.runs == 0:
            raise Refused("reset comes first")
        else:
            self.step(kind, request)
        return self.done()

    def hello(self, request):
        if self.subject is not None:
            raise Refused("hello was said already")
        if request.get("version") != 1:
            raise Unsupported("only version 1 is spoken here")
        role = text_in(request, "role")
        if role not in self.make.roles:
            raise Unsupported(f"the roles played here: {', '.join(self.make.roles)}")
        self.subject = self.make(role, request.get("instance"))
        capabilities = {
            "virtualTime": not self.options.wall_clock,
            "state": not self.options.bare,
            "reset": not self.options.no_reset,
        }
        return {
            "type": "hello_ok",
            "version": 1,
            "name": self.make.name,
            "capabilities": capabilities,
        }

    def reset(self, request):
        if self.options.no_reset and self.runs > 0:
            raise Unsupported("one run for each process")
        subject = self.make(self.subject.role, self.subject.instance)
        # With --changes-its-mind only every second run has the fault.
        if not self.options.changes_its_mind or self.runs % 2 == 1:
            subject.fault = self.options.fault
        subject.seed = request.get("seed", 0)
        if type(subject.seed) is not int:
            raise Unsupported("the seed is not an integer")
        subject.reset(Fields(request.get("parameters", {}), "parameters"))
        self.subject = subject
        self.runs += 1
        self.lines.restart_clock()

    def step(self, kind, request):
        subject = self.subject
        at = nanoseconds(request.get("to" if kind == "advance" else "at"), "the time")
        if self.options.wall_clock:
            if kind == "advance":
                self.pass_time(at)
            self.expire_by_clock()
        elif at < subject.now:
            raise Refused("that time is over")
        else:
            subject.advance(at)
        if kind == "call":
            name = text_in(request, "name")
            subject.call(name, Fields(request.get("arguments", {}), f"arguments of {name}"))
        elif kind == "receive":
            message = text_in(request, "message")
            subject.receive(message, Fields(request.get("fields", {}), message))

    def done(self):
        subject = self.subject
        reply = {"type": "done", "out": subject.out}
        if not self.options.bare:
            due = subject.next_deadline()
            reply["state"] = subject.state()
            reply["next"] = None if due is None else due / SECOND
        subject.out = []
        return reply

    def write(self, line):
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")
        sys.stdout.flush()

    # The clock on the wall: timers expire unasked.

    def seconds_to_next_deadline(self):
        if not self.options.wall_clock or self.subject is None:
            return None
        due = self.subject.next_deadline()
        return None if due is None else max(0, due - self.lines.clock()) / SECOND

    def pass_time(self, to):
        while self.lines.clock() < to:
            due = self.subject.next_deadline()
            self.lines.wait_until(to if due is None else min(to, due))
            self.expire_by_clock()

    def expire_by_clock(self):
        self.subject.advance(self.lines.clock(), late=True)
        for event in self.subject.out:
            self.write({"type": "event"} | event)
        self.subject.out = []


def parse(line):
    def no_constant(text):
        raise ValueError(text)

    try:
        request = json.loads(line, parse_float=Decimal, parse_constant=no_constant)
    except (ValueError, ArithmeticError, RecursionError) as problem:
        raise Unsupported(f"not a line of JSON: {problem}") from None
    if not isinstance(request, dict):
        raise Unsupported("not an object")
    return request


def serve(make):
    """Reads the arguments, then answers requests until `bye` or the end of the input."""
    parser = argparse.ArgumentParser(description=make.name)
    parser.add_argument("--fault", choices=make.faults, metavar="NAME", help="plants this fault")
    parser.add_argument("--faults", action="store_true", help="lists the faults and ends")
    parser.add_argument("--bare", action="store_true", help="tells neither state nor deadlines")
    parser.add_argument("--wall-clock", action="store_true", help="no virtual time")
    Mischief.add_options(parser)
    options = parser.parse_args()
    if options.faults:
        for name, like in make.faults.items():
            print(f"{name}: {like}")
        return
    if options.changes_its_mind and options.fault is None:
        options.fault = next(iter(make.faults))
    try:
        Session(make, options).run()
    except (BrokenPipeError, KeyboardInterrupt):
        # Whoever asked is gone; without this Python complains when it flushes at the end.
        sys.stderr.close()
        sys.exit(1)
