#!/usr/bin/env python3
"""Holds the two subjects of the TCP close against each other, and against the spec.

Both play peer a with the same random calls, segments and times; peer b is an honest one, and the
network between them loses, duplicates and reorders. Every reply of the two must be the same, with
each fault and without. With `--linger PROGRAM` the logs are also judged by `linger conform`: honest
ones must conform, and the table tells how many of the faulty ones violate.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SPEC = HERE.parent.parent / "specs/tcp-close/TCPClose.linger"
PYTHON = [sys.executable, str(HERE / "python/tcp_close.py")]
C = [str(HERE / "build/tcp_close")]
MSL = 120.0


class Peer:
    """A subject in a process of its own."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.id = 0

    def ask(self, **request):
        self.id += 1
        request["id"] = self.id
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        assert reply.pop("re") == self.id
        reply.pop("name", None)
        return reply

    def end(self):
        self.process.stdin.write('{"type":"bye"}\n')
        self.process.stdin.close()
        return self.process.wait()


class Pair:
    """Subjects that are told the same; they must answer the same."""

    def __init__(self, commands):
        self.peers = [Peer(command) for command in commands]
        self.log = []

    def ask(self, **request):
        replies = [peer.ask(**request) for peer in self.peers]
        texts = [strip(reply) for reply in replies]
        if any(text != texts[0] for text in texts):
            raise AssertionError(f"asked {request}\n" + "\n".join(map(str, texts)))
        self.note(request, replies[0])
        return replies[0]

    def note(self, request, reply):
        """Logs it as `linger conform` reads logs."""
        if reply["type"] == "error":
            return  # a request that was refused would count as one that happened
        if request["type"] == "advance":
            # An advance says that the time is over, so what came out by then stands before it.
            self.log += [{"type": "event"} | event for event in reply["out"]]
            reply = reply | {"out": []}
        self.log += [request, reply]

    def end(self):
        assert [peer.end() for peer in self.peers] == [0] * len(self.peers)


def strip(reply):
    """What two programs must agree in: not the words of an error."""
    return {key: value for key, value in reply.items() if key != "text"}


class World:
    """Two peers and the network between them."""

    def __init__(self, dice, ends, is_wild):
        self.dice = dice
        self.ends = ends
        self.is_wild = is_wild
        self.now = 0.0
        self.next = [None, None]
        self.flying = []  # (born, to, fields)
        # Each run has a temper of its own: rare states need a calm network, others a bad one.
        self.loss = dice.choice((0, 0.1, 0.3))
        self.duplication = dice.choice((0, 0.1, 0.3))
        self.patience = dice.choice((0.02, 0.1, 0.3))

    def ask(self, end, **request):
        reply = self.ends[end].ask(**request)
        for event in reply.get("out", []):
            if "message" in event:
                self.flying.append((event["at"], 1 - end, event["fields"]))
        if reply["type"] == "done":
            self.next[end] = reply["next"]

    def advance(self, to):
        self.now = to
        for end in (0, 1):
            self.ask(end, type="advance", to=to)
        self.flying = [each for each in self.flying if to - each[0] < MSL]

    def step(self):
        if self.is_wild and self.dice.random() < 0.15:
            self.ask(0, type="receive", at=self.now, message="Segment", fields=self.wild_fields())
        elif self.dice.random() < self.patience:
            self.advance_to_deadline()
        elif self.dice.random() < 0.1:
            self.advance(round(self.now + self.dice.choice((0.001, 0.25, 0.999, 20)), 3))
        elif self.dice.random() < 0.6 and self.flying:
            self.deliver()
        else:
            end = self.dice.randrange(2)
            name = self.dice.choice(("write", "close"))
            self.ask(end, type="call", at=self.now, name=name, arguments={})

    def deliver(self):
        index = self.dice.randrange(len(self.flying))
        born, to, fields = self.flying.pop(index)
        luck = self.dice.random()
        if luck < self.loss:
            return
        if luck < self.loss + self.duplication:
            self.flying.append((born, to, fields))
        self.ask(to, type="receive", at=self.now, message="Segment", fields=fields)

    def advance_to_deadline(self):
        due = [time for time in self.next if time is not None]
        if due:
            self.advance(min(due))

    def wild_fields(self):
        kind = self.dice.choice(("data", "fin", "rst", None))
        fields = {"seq": self.dice.randrange(4), "ack": self.dice.randrange(4)}
        return fields | {kind: True} if kind else fields

    def finish(self):
        """Until no timer runs: silence behind the last line of a log proves nothing."""
        for _ in range(40):
            if self.dice.random() < 0.3 and self.flying:
                self.deliver()
            else:
                self.advance_to_deadline()
        for _ in range(40):
            self.advance_to_deadline()
        self.advance(self.now + 300)


def random_parameters(dice):
    return {"dataSegments": dice.randrange(3), "resends": dice.randrange(4)}


def drive(fault, options, is_wild):
    """Some runs; the log of peer a."""
    dice = random.Random(f"{options.seed} {is_wild}")
    switch = ["--fault", fault] if fault else []
    a, b = Pair([PYTHON + switch, C + switch]), Pair([C])
    for end, name in ((a, "a"), (b, "b")):
        end.ask(type="hello", version=1, spec="TCPClose", role="Peer", instance=name)
    parameters = random_parameters(dice) if is_wild else {}
    for run in range(options.runs):
        for end in (a, b):
            end.ask(type="reset", seed=run, parameters=parameters)
        world = World(dice, (a, b), is_wild)
        for _ in range(dice.randrange(5, 40)):
            world.step()
        world.finish()
    a.end()
    b.end()
    return a.log


def judge(log, options):
    """What `linger conform` says of each run of a log, counted."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps(line) + "\n" for line in log)
        file.flush()
        command = [options.linger, "conform", str(SPEC), "--log", "--quiet", file.name]
        # Else a profile may explain a fault: TIME-WAIT of lwIP is half as long.
        for setting in ("timeWait=240 s", "finWait2Timeout=60 s", "limitsFinWait2=true"):
            command += ["--set", setting]
        command += ["--set", "answersRestartTimeWait=true"]
        done = subprocess.run(command, capture_output=True, text=True)
    last = done.stdout.strip().split("\n")[-1]
    counts = {verdict: 0 for verdict in ("conform", "violate", "inconclusive", "unknown")}
    for number, verdict in re.findall(r"(\d+) (conform|violate|inconclusive|unknown)", last):
        counts[verdict] = int(number)
    return counts, done


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--linger", help="the program that judges the logs")
    parser.add_argument("--fault", help="this one only; `none` is the honest subject")
    options = parser.parse_args()

    lists = [subprocess.run(c + ["--faults"], capture_output=True, text=True) for c in (PYTHON, C)]
    assert lists[0].stdout == lists[1].stdout, "the lists of faults differ"
    faults = [None] + [line.split(":")[0] for line in lists[0].stdout.splitlines()]
    if options.fault:
        faults = [None if options.fault == "none" else options.fault]

    wrong = 0
    for fault in faults:
        drive(fault, options, is_wild=True)
        log = drive(fault, options, is_wild=False)
        verdict = ""
        if options.linger:
            counts, done = judge(log, options)
            verdict = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
            if fault is None and counts["conform"] != options.runs:
                wrong += 1
                verdict += "  <-- wrong\n" + (done.stdout + done.stderr)[-2000:]
            elif fault and counts["violate"] == 0:
                verdict += "  (not met by chance in so few runs)"
        print(f"{fault or 'honest'}: the same in {2 * options.runs} runs; {verdict}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
