#!/usr/bin/env python3
"""Both ends of the alternating bit protocol: roles `Sender` and `Receiver` of
specs/alternating-bit/AlternatingBit.linger.
"""

from subject import SECOND, Refused, Subject, Unsupported, serve


class AlternatingBit(Subject):
    name = "alternating bit in Python"
    roles = ("Sender", "Receiver")
    faults = {
        "sender-ignores-bit": "the sender takes every acknowledgement for the one it waits for",
        "bit-not-turned": "the sender gives every message the same bit",
        "no-retransmission": "the sender sends each frame once",
        "retransmits-other-bit": "the sender turns the bit when it sends a frame again",
        "patience-doubled": "the sender waits twice as long before it sends again",
        "receiver-ignores-bit": "the receiver accepts what it has accepted before",
        "duplicate-not-acknowledged": "the receiver does not answer a frame that comes again",
        "duplicate-acknowledged-wrongly": "the receiver answers it with the bit that it waits for",
        "not-delivered": "the receiver acknowledges and hands nothing over",
    }

    def reset(self, parameters):
        self.messages = parameters.integer("messages", 3)
        self.patience = parameters.duration("patience", SECOND)
        if self.has("patience-doubled"):
            self.patience *= 2
        # The sender's.
        self.bit = 0
        self.done = 0
        self.is_waiting = False
        # The receiver's.
        self.expected = 0

    def state(self):
        if self.role == "Receiver":
            return {"expected": self.expected}
        return {"bit": self.bit, "done": self.done, "isWaiting": self.is_waiting}

    def call(self, name, arguments):
        arguments.end()
        if self.role != "Sender" or name != "submit":
            raise Unsupported(f"{self.role} has no call {name}")
        if self.is_waiting or self.done >= self.messages:
            raise Refused("not now")
        self.is_waiting = True
        self.send_frame(self.bit)

    def send_frame(self, bit):
        self.send("Frame", bit=bit, item=self.done)
        if not self.has("no-retransmission"):
            self.start("retransmission", self.patience)

    def expire(self, timer):
        self.send_frame(1 - self.bit if self.has("retransmits-other-bit") else self.bit)

    def receive(self, message, fields):
        if self.role == "Sender" and message == "Acknowledgement":
            bit = fields.integer("bit")
            fields.end()
            self.acknowledged(bit)
        elif self.role == "Receiver" and message == "Frame":
            bit, item = fields.integer("bit"), fields.integer("item")
            fields.end()
            self.frame_came(bit, item)
        else:
            raise Unsupported(f"{self.role} gets no {message}")

    def acknowledged(self, bit):
        if not self.is_waiting or (bit != self.bit and not self.has("sender-ignores-bit")):
            return
        self.cancel("retransmission")
        self.is_waiting = False
        self.done += 1
        if not self.has("bit-not-turned"):
            self.bit = 1 - self.bit

    def frame_came(self, bit, item):
        if bit == self.expected or self.has("receiver-ignores-bit"):
            if not self.has("not-delivered"):
                self.signal("deliver", item=item)
            self.expected = 1 - bit
            self.send("Acknowledgement", bit=bit)
        elif self.has("duplicate-acknowledged-wrongly"):
            self.send("Acknowledgement", bit=self.expected)
        elif not self.has("duplicate-not-acknowledged"):
            self.send("Acknowledgement", bit=bit)


if __name__ == "__main__":
    serve(AlternatingBit)
