#!/usr/bin/env python3
"""Finds where lwIP and the kernel depart from the letter of RFC 9293; writes docs/departures.md.

    departures.py --linger .build/release/linger > docs/departures.md

Each stack is driven against the profile `rfc9293` of specs/tcp, then again with those knobs set to
its way that would end most runs early. Seeds are fixed. What fails is sorted by `RULES`: a failure
that none of them names gets a row of its own with a question mark.
"""

import argparse
import json
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SPEC = HERE.parent.parent / "specs/tcp/TCP.linger"
ALL_FAULTS = "loss,duplication,reordering,forgery"

# What would end most runs before they get far.
LWIP_OPENS = [
    "resetsAcknowledge=true", "resetsBareAck=true", "opensAtOnce=false",
    "firstCheck=.acknowledgementAlone", "synWhileOpening=.isIgnored",
]
LWIP_CLOSES = LWIP_OPENS + ["takesOldAcknowledgements=true", "resetsWhenClosing=true"]
LINUX_OPENS = ["firstCheck=.acknowledgement", "synWhileOpening=.resets"]
LINUX_STAYS = LINUX_OPENS + ["staysInWindow=true"]

# Name, program with its switches, and stages: knobs, faults, runs, seed.
LWIP = [
    ([], [], ALL_FAULTS, 3000, 1),
    ([], LWIP_OPENS, ALL_FAULTS, 4000, 2),
    ([], LWIP_OPENS, "loss,duplication,reordering", 4000, 3),
    ([], LWIP_CLOSES, ALL_FAULTS, 6000, 4),
    ([], LWIP_CLOSES, "loss,duplication,reordering", 4000, 5),
    (["--data", "3"], LWIP_CLOSES, ALL_FAULTS, 4000, 6),
    (["--full-close"], LWIP_CLOSES, ALL_FAULTS, 4000, 7),
    (["--full-close"], LWIP_CLOSES, "loss,duplication,reordering", 4000, 8),
]
KERNEL = [
    ([], [], ALL_FAULTS, 150, 1),
    ([], LINUX_STAYS, ALL_FAULTS, 200, 2),
    ([], LINUX_OPENS + ["takesOldAcknowledgements=true"], "loss,duplication,reordering", 150, 3),
    (["--full-close"], LINUX_STAYS + ["takesResetOfFin=true", "takesOldAcknowledgements=true"],
     ALL_FAULTS, 350, 4),
]

FIRST = "§3.10.7.4, first"
SECOND = "§3.10.7.4, second"
FOURTH = "§3.10.7.4, fourth"
FIFTH = "§3.10.7.4, fifth"
# By stack: what a sort of failure looks like (with the knobs of its stage before it), the clause,
# and what the stack does instead. The first that fits counts.
RULES = {
    "lwIP": [
        (r"SYN_SENT, on Segment\((fin, )?hasAck\), sends Segment\(rst, hasAck\)", r"wrong time",
         "§3.10.7.3, fifth", "A bare acknowledgement of its SYN meets a reset; it is to be dropped"),
        (r"(CLOSED|LISTEN|SYN_SENT|SYN_RECEIVED), on Segment\(syn, fin.*sends Segment\(rst, hasA",
         r"resetsAcknowledge|CLOSED, on Segment\(syn, fin\)",
         "§3.10.7.1; §3.4", "SYN and FIN in one segment count as one number, not two"),
        (r"(CLOSED|LISTEN|SYN_SENT), on Segment\(.*hasAck\), sends Segment\(rst, hasAck\)", r"",
         "§3.10.7.1 to §3.10.7.3", "A reset that answers an acknowledgement has ACK set too"),
        (r"SYN_RECEIVED, on Segment\(.*hasAck\), sends Segment\(rst, hasAck\)", r"",
         FIRST, "An acknowledgement of something else meets a reset (with ACK set), whatever the"
         " sequence number; where that does not fit, an acknowledgement is due"),
        (r"missing output: in SYN_SENT, on Segment\(syn", r"",
         "§3.5, MUST-10", "No simultaneous open: a SYN in SYN-SENT is dropped"),
        (r"in SYN_(SENT|RECEIVED), as time passes", r"",
         "§3.8.3, MUST-23", "A SYN is given up after some 20 seconds; 3 minutes are the least"),
        (r"in SYN_RECEIVED, on Segment\(.*rst.*sends Segment\(hasAck\)", r"",
         SECOND, "A reset one beyond the window's last number is challenged; it is to be dropped"),
        (r"wrong state: in SYN_RECEIVED, on Segment\(.*hasAck", r"",
         FIRST, "An acknowledgement of its SYN leads from SYN-RECEIVED to ESTABLISHED, whatever the"
         " sequence number"),
        (r"in SYN_RECEIVED, on Segment\(syn", r"",
         FOURTH, "A SYN in the window does not lead back to LISTEN"),
        (r"in (ESTABLISHED|FIN_WAIT_1|FIN_WAIT_2), on Segment\((fin)?\)", r"",
         FIFTH, "Data or a FIN without ACK is taken; such a segment is to be dropped"),
        (r"in (ESTABLISHED|FIN_WAIT_1|FIN_WAIT_2|CLOSE_WAIT)", r"took without ACK",
         FIFTH, "Data or a FIN without ACK is taken; such a segment is to be dropped"),
        (r"in FIN_WAIT_[12], on Segment\(fin, hasAck\)", r"vanishes",
         "§3.6.1, MUST-13, SHLD-3", "The application has closed both ways, and data comes with the FIN:"
         " the connection is gone, with neither an answer nor TIME-WAIT"),
        (r"in (ESTABLISHED|FIN_WAIT_1|FIN_WAIT_2), on Segment\(.*hasAck", r"ACK of unsent",
         FIFTH, "A segment that acknowledges what was not sent is answered, and then taken; it is to"
         " be dropped"),
        (r"(wrong state|missing output): in (ESTABLISHED|CLOSE_WAIT|FIN_WAIT_1), as time passes",
         r"", "§3.8.6.3, MUST-40", "While Nagle's algorithm holds data back, no acknowledgement is"
         " sent: seconds, where half a second is the most"),
        (r"", r"SYN,ACK in SYN_RECEIVED",
         FOURTH, "A SYN that comes with the acknowledgement in SYN-RECEIVED is taken for a byte of"
         " data: RCV.NXT is one too high from then on"),
        (r"wrong (state|time): in (FIN_WAIT_1|CLOSING|LAST_ACK), on Segment\(.*hasAck", r"",
         FIRST, "The acknowledgement in a segment that does not fit counts"),
        (r"unexpected output: in FIN_WAIT_1, on Segment\(.*hasAck.*sends Segment\(hasAck", r"",
         FIRST, "The acknowledgement in a segment that does not fit counts"),
        (r"in (ESTABLISHED|CLOSE_WAIT|FIN_WAIT_1|CLOSING|LAST_ACK), on (call close|Seg.*hasAck)",
         r"sends data",
         FIRST, "The window in a segment that does not fit counts: data goes beyond the last one"),
        (r"missing output: in TIME_WAIT", r"",
         FIRST, "An old segment without data gets no acknowledgement in TIME-WAIT"),
        (r"in TIME_WAIT, on Segment\(.*syn.*sends Segment\(rst", r"",
         FOURTH, "A SYN in the window meets a reset in TIME-WAIT; a challenge is due"),
        (r"in TIME_WAIT, on Segment\(.*rst", r"",
         SECOND, "A reset does not end TIME-WAIT (as RFC 1337 advises)"),
        (r"in TIME_WAIT, on Segment\((fin)?\), sends Segment\(hasAck", r"",
         FIFTH, "A segment without ACK is answered in TIME-WAIT; it is to be dropped"),
        (r"in TIME_WAIT, as time passes|time passes.*TIME_WAIT", r"",
         "§3.4.2, §3.6.1", "TIME-WAIT is over after 120 s: its MSL is one minute, not two"),
        (r"wrong time: in LAST_ACK, as time passes", r"",
         "§3.8.3, MUST-23", "LAST-ACK is over 120 s after the latest segment came, though the FIN"
         " has not gone for 100 s"),
        (r"in FIN_WAIT_2, as time passes", r"",
         "§3.10.8", "FIN-WAIT-2 ends by itself, where the application has closed both ways"),
        (r"in (CLOSING|LAST_ACK), on call abort", r"",
         "§3.10.5", "ABORT in CLOSING and LAST-ACK sends a reset; only the connection is to go"),
        (r"missing output: in (CLOSE_WAIT|CLOSING|LAST_ACK), as time passes", r"one beyond the window",
         FIRST, "A segment one beyond the window's last number is taken to lie in it, and not"
         " answered"),
        (r"in ESTABLISHED, on Segment\(hasAck\), sends Segment\(hasAck\)", r"acknowledges a FIN",
         "§3.10.7.4, eighth", "A FIN that waits, having come out of order, is put behind data that"
         " reaches beyond it; it lies before the window then and is to be dropped"),
        (r"", r"data for a closed application",
         "§3.10.7.4; SHLD-3", "Data after the application closed both ways: a reset (permitted), but"
         " with another number than the one asked for"),
    ],
    "Linux": [
        (r"in SYN_RECEIVED, on Segment\(", r"bad.*meets a reset",
         FIRST, "The acknowledgement is looked at before the sequence number: a bad one meets a"
         " reset, where an acknowledgement is due"),
        (r"wrong state: in SYN_RECEIVED, on Segment\((syn.*)\), sends Segment\(rst", r"",
         FOURTH, "A SYN in the window meets a reset on the way back to LISTEN (as RFC 793 had it)"),
        (r"in SYN_RECEIVED, on Segment\([^)]*rst", r"",
         SECOND, "A reset whose number lies before the window may be answered in SYN-RECEIVED; it is"
         " to be dropped"),
        (r"wrong state: in SYN_RECEIVED, on Segment\([^)]*hasAck\)", r"passive.*to ESTABLISHED",
         FIRST, "An acknowledgement one beyond the window's last number is taken"),
        (r"in SYN_RECEIVED, on .*", r"active.*to ESTABLISHED",
         FIRST, "After a simultaneous open a segment leads to ESTABLISHED though it is old and only ends"
         " at RCV.NXT, or acknowledges nothing (SEG.ACK = SND.UNA)"),
        (r"in SYN_RECEIVED, on .*sends Segment\(hasAck\)", r"active.*number of the SYN",
         FIRST, "After a simultaneous open with a window of nothing, acknowledgements carry the"
         " number of the SYN, not SND.NXT"),
        (r"in ESTABLISHED, on call abort", r"",
         FIRST, "A segment that reaches beyond the window is dropped whole; what lies in the window"
         " is to be taken"),
        (r"in ESTABLISHED, on Segment\(.*hasAck.*sends Segment\(hasAck", r"beyond the window",
         FIRST, "A segment that reaches beyond the window is taken whole where nothing waits to be"
         " read; what lies beyond is not to be"),
        (r"in (CLOSE_WAIT|CLOSING|LAST_ACK), on Segment\([^)]*rst", r"",
         SECOND, "A reset that carries the number of the peer's FIN, RCV.NXT - 1, ends the"
         " connection; it lies before the window and is to be dropped"),
        (r"in (CLOSE_WAIT|CLOSING|LAST_ACK), on Segment\(.*sends Segment\(rst", r"",
         "§3.10.7.4, seventh", "Data behind the peer's FIN meets a reset; the text is to be ignored"),
        (r"in (FIN_WAIT_1|CLOSING|LAST_ACK), on .*sends Segment\(hasAck\)", r"number in the window",
         FIRST, "Where the peer took its window back (a segment that is old, but ends at RCV.NXT, can"
         " do that), an acknowledgement carries the last number in the window, not SND.NXT"),
        (r"in FIN_WAIT_2, on Segment\([^)]*rst.*sends Segment\(hasAck", r"",
         SECOND, "In FIN-WAIT-2 without a socket a reset outside of the window is answered; it is to"
         " be dropped"),
        (r"in FIN_WAIT_2, on Segment\([^)]*rst", r"",
         SECOND, "In FIN-WAIT-2 without a socket a reset in the window ends the connection, whatever"
         " its number; a challenge is due"),
        (r"in FIN_WAIT_2, on Segment\(.*syn.*sends Segment\(rst", r"",
         FOURTH, "In FIN-WAIT-2 without a socket a SYN in the window meets a reset; a challenge is"
         " due"),
        (r"wrong state: in (FIN_WAIT_1|CLOSING|LAST_ACK), on Segment\(.*fin.*hasAck", r"bad",
         FIFTH + ", MAY-12", "A FIN with an acknowledgement older than the largest window is dropped"
         " and answered (RFC 5961: permitted; the spec lacks it)"),
    ],
}


def segment(text):
    """`Segment(seq: 0, ack: 1, length: 0, syn, hasAck, window: 9)` as `SYN,ACK 0 ack 1`."""
    fields = dict(re.findall(r"(\w+): (-?\d+)", text))
    flags = re.findall(r"\b(syn|fin|rst|hasAck)\b", text)
    names = [flag.upper() for flag in flags if flag != "hasAck"]
    words = [",".join(names + (["ACK"] if "hasAck" in flags else [])) or "no flags"]
    # A number without a connection is the stack's own choice.
    words.append(fields["seq"] if abs(int(fields["seq"])) < 1_000_000 else "…")
    if "hasAck" in flags:
        words += ["ack", fields["ack"]]
    if fields["length"] != "0":
        words += ["data", fields["length"]]
    return " ".join(words)


def shown(text):
    return re.sub(r"Segment\([^)]*\)", lambda match: segment(match.group()), text)


def is_silly(step):
    return step["text"].startswith("call") and "state" not in step and not step["outputs"]


def in_short(failure, virtual):
    """A run on one line; of the times only what is exact."""
    parts = []
    for step in failure["steps"]:
        if is_silly(step):
            continue
        text = shown(step["text"]).removeprefix("call ").removesuffix(" arrives")
        if text == "time passes":
            text = f"until {step['time']}" if virtual else "a while"
        outputs = [re.sub(r"^(at [^:]*: )?sent ", "", shown(out)) for out in step["outputs"]]
        if len(outputs) > 2:
            outputs = [outputs[0], f"{len(outputs) - 1} more"]
        parts.append(f"{text} → {', '.join(outputs)}" if outputs else text)
    state = failure["steps"][-1].get("state", "").removeprefix("state ")
    return "; ".join(parts) + (f"; then {state}" if state else "")


def takes_without_ack(step):
    """Whether data or a FIN came without ACK."""
    text = step["text"]
    return ("arrives" in text and not re.search(r"\b(hasAck|syn|rst)\b", text)
            and (re.search(r"\bfin\b", text) or "length: 0" not in text))


def sent_up_to(steps):
    """The number after the last that a stack sent."""
    end = 0
    for out in (out for step in steps for out in step["outputs"] if "rst" not in out):
        fields = {name: int(value) for name, value in re.findall(r"(\w+): (-?\d+)", out)}
        flags = len(re.findall(r"\b(syn|fin)\b", out))
        end = max(end, fields.get("seq", 0) + fields.get("length", 0) + flags)
    return end


def offered_up_to(steps):
    """The number behind the last window that a stack offered."""
    fields = [dict(re.findall(r"(\w+): (-?\d+)", out)) for step in steps for out in step["outputs"]]
    return max((int(each["ack"]) + int(each["window"]) for each in fields if "ack" in each),
               default=0)


def traits(failure, knobs):
    """What rules may ask of a failure beside its sort."""
    steps = [step for step in failure["steps"] if not is_silly(step)]
    words = [failure["kind"], failure["sort"]] + knobs
    before = ""
    for step in steps[:-1]:
        if "syn," in step["text"] and "hasAck" in step["text"] and "SYN_RECEIVED" in before:
            words.append("SYN,ACK in SYN_RECEIVED")
        before = step.get("state", before)
    opened = [step["text"] for step in steps if step["text"] in ("call listen()", "call connect()")]
    if any(takes_without_ack(step) for step in steps[:-1]):
        words.append("took without ACK")
    words.append("passive" if opened and "listen" in opened[-1] else "active")
    last, outputs = steps[-1], steps[-1]["outputs"]
    arrived = dict(re.findall(r"(\w+): (-?\d+)", last["text"]))
    syns = [out for step in steps for out in step["outputs"] if re.search(r"\bsyn\b", out)]
    number = int(re.search(r"seq: (-?\d+)", syns[-1]).group(1)) if syns else 0
    if "hasAck" in last["text"] and int(arrived.get("ack", 0)) != number + 1:
        words.append("bad")
    if "hasAck" in last["text"] and int(arrived.get("ack", 0)) > sent_up_to(steps[:-1]):
        words.append("ACK of unsent")
    if int(arrived.get("length", 0)) >= 64240:
        words.append("beyond the window")
    if outputs and "rst" in outputs[-1]:
        words.append("meets a reset")
    came = [step for step in steps if step["text"].endswith(" arrives")]
    if came and f"(seq: {offered_up_to(steps)}," in came[-1]["text"]:
        words.append("one beyond the window")
    behind = int(arrived.get("seq", 0)) + int(arrived.get("length", 0)) + 1
    if outputs and "fin" not in last["text"] and f"ack: {behind}," in outputs[-1]:
        words.append("acknowledges a FIN")
    if outputs and f"(seq: {sent_up_to(steps[:-1]) - 1}," in outputs[-1]:
        words.append("number in the window")
    if "fin" in last["text"] and not outputs and "CLOSED" in last.get("state", ""):
        words.append("vanishes")
    if "ESTABLISHED" in last.get("state", "") and "SYN_RECEIVED" in before:
        words.append("to ESTABLISHED")
    if outputs and "(seq: 0," in outputs[-1]:
        words.append("number of the SYN")
    if outputs and "length: 0" not in outputs[-1]:
        words.append("sends data")
    if arrived.get("length", "0") != "0" and outputs and "rst" in outputs[-1]:
        words.append("data for a closed application")
    return " ".join(words)


def rule_for(stack, failure, knobs):
    name = f"{failure['kind']}: {failure['sort']}".replace(", timestamp", "")
    name = name.replace("(timestamp)", "()")
    words = traits(failure, knobs).replace(", timestamp", "").replace("(timestamp)", "()")
    for pattern, needed, clause, words_of_it in RULES[stack]:
        if re.search(pattern, name) and re.search(needed, words):
            return clause, words_of_it
    return "?", f"`{name}`"


def drive(linger, program, stage, virtual):
    switches, knobs, faults, runs, seed = stage
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [linger, "test", str(SPEC), "--profile", "rfc9293", "--all", "--quiet",
                   "--faults", faults, "--runs", str(runs), "--seed", str(seed),
                   "--steps", "60" if virtual else "30", "--format", f"json={report.name}"]
        for knob in knobs:
            command += ["--set", knob]
        if not virtual:
            command += ["--quiet-time", "20ms", "--longest-wait", "1500ms"]
        done = subprocess.run(command + ["--", str(program)] + switches, capture_output=True)
        if done.returncode not in (0, 1, 3):
            print(done.stderr.decode(), file=sys.stderr)
            return None
        return json.load(open(report.name))


def table(linger, stack, program, stages, virtual):
    rows, exchanges, runs, flaky = {}, 0, 0, 0
    for stage in stages:
        report = drive(linger, program, stage, virtual)
        if report is None:
            return None
        exchanges += report["exchanges"]
        runs += report["runs"]
        for failure in report["failures"]:
            again = failure["repetitions"]
            if again["failed"] < again["of"]:
                flaky += 1
                continue
            short = in_short(failure, virtual)
            if stage[0]:
                short += f" (`{' '.join(stage[0])}`)"
            rows.setdefault(rule_for(stack, failure, stage[1]), []).append(short)
    lines = [f"{runs:,} runs." + (f" {exchanges:,} exchanges." if virtual else ""), ""]
    if flaky:
        lines = [f"{runs:,} runs. What failed but not in each of five repetitions is left out.", ""]
    lines += ["| RFC 9293 | What it does | Sorts | The shortest run |", "|---|---|---|---|"]
    for (clause, words), found in sorted(rows.items(), key=lambda row: (row[0][0] == "?", row[0])):
        best = min(found, key=lambda short: (short.count(";"), len(short), short))
        lines.append(f"| {clause} | {words} | {len(found)} | {best} |")
    return lines


def name_of(program):
    """What a program calls itself."""
    if not program.exists():
        return "lwIP"
    hello = {"type": "hello", "id": 1, "version": 1, "spec": "TCP", "role": "Peer",
             "instance": "a", "parameters": {}}
    answer = subprocess.run([str(program)], input=json.dumps(hello) + "\n", capture_output=True,
                            text=True)
    return json.loads(answer.stdout.splitlines()[0])["name"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--linger", required=True)
    parser.add_argument("--only", choices=["lwIP", "Linux"])
    options = parser.parse_args()
    print("""# Where lwIP and Linux depart from RFC 9293

Generated by `Examples/subjects/departures.py --linger .build/release/linger`; do not edit.
Each stack ran behind [its adapter](../Examples/subjects/README.md), against the profile `rfc9293` of
[specs/tcp](../specs/tcp/README.md): the letter. What fails ends a run, so each stack also ran with
knobs of the spec set to its own way, which is how runs get to what lies behind.

Many sorts of failure (the state, what came, what was sent) are one departure; the table has the
shortest of their shrunk runs. Segments are flags, sequence number, acknowledgement; an arrow is
what the stack sent. Numbers count from each side's initial one. Runs begin closed.""")
    for stack, name, stages, virtual in (
        ("lwIP", "lwip_tcp", LWIP, True),
        ("Linux", "kernel_tcp", KERNEL, False),
    ):
        program = HERE / "build" / name
        if options.only not in (None, stack):
            continue
        lines = table(options.linger, stack, program, stages, virtual) if program.exists() else None
        title = name_of(program) if virtual else f"Linux {platform.release().split('-')[0]}"
        note = ("On virtual time: the same again each time." if virtual
                else "By the clock on the wall: a run here and there differs.")
        print(f"\n## {title}\n\n{note}", *(lines or ["It does not run on this machine."]), sep="\n")


if __name__ == "__main__":
    main()
