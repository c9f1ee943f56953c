#!/usr/bin/env python3
"""A participant of two-phase commit: role `Participant` of
specs/two-phase-commit/TwoPhaseCommit.linger. It never crashes by itself. What it votes is left to
chance, by the seed of the run.
"""

import random

from subject import SECOND, Subject, Unsupported, serve

WORKING, PREPARED, COMMITTED, ABORTED = "WORKING PREPARED COMMITTED ABORTED".split()


class Participant(Subject):
    name = "two-phase commit in Python"
    roles = ("Participant",)
    faults = {
        "doubt-aborts": "a participant in doubt aborts instead of asking",
        "doubt-commits": "a participant in doubt commits instead of asking",
        "asks-once": "a participant in doubt asks only once",
        "vote-changes": "it votes no when it is asked again after a yes",
        "votes-after-the-end": "it votes again although the outcome is known",
        "outcome-not-acknowledged": "no Done is sent",
        "acknowledged-once": "Done is not sent again when the outcome comes again",
    }

    def reset(self, parameters):
        self.patience = parameters.duration("patience", SECOND)
        self.dice = random.Random(self.seed)
        self.phase = WORKING
        self.has_asked = False

    def state(self):
        return {"phase": self.phase}

    def receive(self, message, fields):
        if message == "Prepare":
            fields.end()
            self.prepare()
        elif message == "Outcome":
            commit = fields.boolean("commit")
            fields.end()
            self.outcome(commit)
        else:
            raise Unsupported(f"a participant gets no {message}")

    def prepare(self):
        if self.phase == WORKING and self.dice.random() < 0.75:
            self.phase = PREPARED
            self.send("Vote", yes=True)
            self.start("asking", self.patience)
        elif self.phase == WORKING:
            self.phase = ABORTED
            self.send("Vote", yes=False)
        elif self.phase == PREPARED:
            self.send("Vote", yes=not self.has("vote-changes"))
        elif self.has("votes-after-the-end"):
            self.send("Vote", yes=self.phase == COMMITTED)

    def outcome(self, commit):
        if self.phase == WORKING and commit:
            raise Unsupported("nobody can have decided to commit without this one's vote")
        was_told = self.phase in (COMMITTED, ABORTED)
        if not was_told:
            self.phase = COMMITTED if commit else ABORTED
            self.cancel("asking")
        is_silent = self.has("outcome-not-acknowledged") or (
            was_told and self.has("acknowledged-once")
        )
        if not is_silent:
            self.send("Done")

    def expire(self, timer):
        if self.has("doubt-aborts"):
            self.phase = ABORTED
        elif self.has("doubt-commits"):
            self.phase = COMMITTED
        else:
            self.send("Inquiry")
            if not self.has("asks-once"):
                self.start("asking", self.patience)


if __name__ == "__main__":
    serve(Participant)
