#!/usr/bin/env python3
"""A TCP from ESTABLISHED to CLOSED, as role `Peer` of specs/tcp-close/TCPClose.linger.

Written as one writes a TCP: a control block, and a function for each thing that happens. Each data
segment takes one sequence number, and so does the FIN.
"""

from subject import SECOND, Refused, Subject, Unsupported, serve

ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSING, TIME_WAIT, CLOSE_WAIT, LAST_ACK, CLOSED = (
    "ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSING TIME_WAIT CLOSE_WAIT LAST_ACK CLOSED".split()
)

FAULTS = {
    "fin-wait-1-to-close-wait": "a FIN in FIN-WAIT-1 leads to CLOSE-WAIT, FreeRTOS-Plus-TCP #1303",
    "fin-wait-1-to-last-ack": "a FIN in FIN-WAIT-1 leads to LAST-ACK, FreeRTOS-Plus-TCP #1303",
    "fin-wait-1-to-time-wait": "a FIN in FIN-WAIT-1 leads to TIME-WAIT, ours not acknowledged",
    "closing-retransmits-without-fin": "CLOSING retransmits without the FIN, demikernel #1537",
    "own-fin-never-sent": "a close after the peer's FIN sends none, smoltcp #398",
    "last-ack-closes-on-any-ack": "LAST-ACK ends with any acknowledgement, smoltcp #477",
    "last-ack-resets-old-ack": "an old acknowledgement in LAST-ACK is reset, smoltcp #1060",
    "reset-answered-with-ack": "a reset is answered with an acknowledgement, smoltcp #338",
    "lost-fin-never-sent-again": "no timer runs for the FIN, zephyr #46350",
    "time-wait-does-not-acknowledge": "TIME-WAIT leaves a FIN without an answer, zephyr #46407",
    "fin-wait-1-does-not-retransmit": "FIN-WAIT-1 counts time-outs and sends nothing, tricep #27",
    "last-ack-does-not-retransmit": "LAST-ACK counts time-outs and sends nothing, tricep #27",
    "time-wait-too-short": "TIME-WAIT lasts half its time, tricep #104",
    "time-wait-not-restarted": "a FIN in TIME-WAIT does not start it anew, tricep #104",
    "fin-wait-2-timer-lost": "an old acknowledgement stops FIN-WAIT-2's timer, mirage-tcpip #176",
    "fin-wait-2-drops-fin-with-old-ack": "FIN-WAIT-2 drops a FIN with an old number acknowledged,"
    " Linux 795a7dfbc3d9",
    "fin-not-counted": "the peer's FIN takes no sequence number",
    "time-wait-skipped": "closed at once where TIME-WAIT should begin",
    "data-dropped-after-close": "data after the own close is dropped",
    "reset-outside-window-taken": "a reset with an old number ends the connection",
    "reset-ignored": "a reset with the right number is dropped",
    "never-gives-up": "retransmits for ever",
    "gives-up-early": "gives up one retransmission early",
    "gives-up-late": "gives up one retransmission late",
    "rto-too-long": "the retransmission timer runs half as long again",
    "rto-not-restarted": "an acknowledgement of a part does not restart the timer",
    "retransmits-newest": "what was sent last is sent again, not what was sent first",
    "retransmission-not-stopped": "the timer runs on when all is acknowledged",
    "resent-not-cleared": "an acknowledgement does not clear the count of retransmissions",
    "closing-not-signalled": "the application is not told that the peer closed",
    "closing-signalled-twice": "the application is told again when the FIN comes again",
    "time-out-not-signalled": "the application is not told that the connection was given up",
    "reset-not-signalled": "the application is not told of the reset",
    "old-data-delivered-again": "data that comes again is handed over again",
    "ack-one-behind": "data is acknowledged with its own number, not the next",
    "data-acknowledged-twice": "data is acknowledged twice",
    "old-fin-closes": "a FIN that comes again counts as an acknowledgement of ours",
    "fin-over-gap": "a FIN is taken although data before it is missing",
    "closed-does-not-reset": "CLOSED answers nothing",
    "reset-with-wrong-number": "the reset carries the number of the segment that it answers",
    "fin-wait-2-unlimited": "FIN-WAIT-2 has no limit",
    "fin-wait-2-restarted": "data in FIN-WAIT-2 starts its limit anew",
    "fin-sent-twice": "the FIN is sent twice at once",
    "old-segment-not-answered": "an old segment is dropped without an answer",
}


class Segment:
    def __init__(self, fields):
        self.seq = fields.integer("seq")
        self.ack = fields.integer("ack", 0)
        self.data = fields.boolean("data", False)
        self.fin = fields.boolean("fin", False)
        self.rst = fields.boolean("rst", False)
        fields.end()
        if self.data and self.fin:
            raise Unsupported("a segment takes one number: it carries data or a FIN")


class TCP(Subject):
    name = "tcp-close in Python"
    roles = ("Peer",)
    faults = FAULTS

    def reset(self, parameters):
        msl = parameters.duration("msl", 120 * SECOND)
        self.time_wait = parameters.duration("timeWait", 2 * msl)
        self.rto = parameters.duration("rto", SECOND)
        self.resends = parameters.integer("resends", 2)
        self.limits_fin_wait_2 = parameters.boolean("limitsFinWait2", True)
        self.fin_wait_2_timeout = parameters.duration("finWait2Timeout", 60 * SECOND)
        self.reset_ends_time_wait = parameters.boolean("resetEndsTimeWait", True)
        self.answers_restart_time_wait = parameters.boolean("answersRestartTimeWait", True)
        self.resets_left = parameters.integer("resets", 1)
        # The FIN comes after all data.
        self.fin_number = parameters.integer("dataSegments", 1)

        self.connection = ESTABLISHED
        self.snd_una = 0
        self.snd_nxt = 0
        self.rcv_nxt = 0
        self.resent = 0
        if self.has("rto-too-long"):
            self.rto += self.rto // 2
        if self.has("time-wait-too-short"):
            self.time_wait //= 2
        if self.has("gives-up-early"):
            self.resends = max(0, self.resends - 1)
        if self.has("gives-up-late"):
            self.resends += 1

    def state(self):
        return {
            "state": self.connection,
            "sndUna": self.snd_una,
            "sndNxt": self.snd_nxt,
            "rcvNxt": self.rcv_nxt,
        }

    # The application.

    def call(self, name, arguments):
        arguments.end()
        if name == "write":
            self.write()
        elif name == "close":
            self.close()
        else:
            raise Unsupported(f"no call {name}")

    def write(self):
        if self.connection not in (ESTABLISHED, CLOSE_WAIT) or self.snd_nxt >= self.fin_number:
            raise Refused("nothing can be written any more")
        self.transmit(self.snd_nxt)
        self.snd_nxt += 1
        self.start("retransmission", self.rto)

    def close(self):
        if self.connection not in (ESTABLISHED, CLOSE_WAIT) or self.snd_nxt > self.fin_number:
            raise Refused("it is closed already")
        if self.snd_nxt < self.fin_number:
            raise Refused("the application still has data to write")
        forgets_fin = self.has("own-fin-never-sent") and self.connection == CLOSE_WAIT
        self.connection = FIN_WAIT_1 if self.connection == ESTABLISHED else LAST_ACK
        if forgets_fin:
            return
        self.transmit(self.snd_nxt)
        if self.has("fin-sent-twice"):
            self.transmit(self.snd_nxt)
        self.snd_nxt += 1
        if not self.has("lost-fin-never-sent-again"):
            self.start("retransmission", self.rto)

    # Segments out.

    def transmit(self, number):
        """The segment that takes this number: data, or the FIN after all data."""
        fin = number == self.fin_number
        if self.has("closing-retransmits-without-fin") and self.connection == CLOSING:
            self.segment(seq=number)
        else:
            self.segment(seq=number, data=not fin, fin=fin)

    def acknowledge(self):
        self.segment(seq=self.snd_nxt)

    def segment(self, seq, data=False, fin=False):
        self.send("Segment", seq=seq, ack=self.rcv_nxt, data=data, fin=fin, rst=False)

    def send_reset(self, seq):
        self.send("Segment", seq=seq, ack=0, data=False, fin=False, rst=True)

    # Timers.

    def expire(self, timer):
        if timer == "retransmission":
            self.retransmission_timeout()
        else:  # TIME-WAIT is over, or the limit of FIN-WAIT-2
            self.connection = CLOSED

    def retransmission_timeout(self):
        if self.resent >= self.resends and not self.has("never-gives-up"):
            self.connection = CLOSED
            if not self.has("time-out-not-signalled"):
                self.signal("connectionTimedOut")
            return
        is_silent = (
            self.has("fin-wait-1-does-not-retransmit")
            and self.connection == FIN_WAIT_1
            or self.has("last-ack-does-not-retransmit")
            and self.connection == LAST_ACK
        )
        newest = self.has("retransmits-newest") or self.snd_una == self.snd_nxt
        if not is_silent:
            self.transmit(self.snd_nxt - 1 if newest else self.snd_una)
        self.resent += 1
        self.start("retransmission", self.rto)

    def stop_timers(self):
        self.timers.clear()

    # Segments in. RFC 9293, section 3.10.7.

    def receive(self, message, fields):
        if message != "Segment":
            raise Unsupported(f"no message {message}")
        segment = Segment(fields)
        if self.connection == CLOSED:
            self.segment_in_closed(segment)
        elif segment.rst:
            self.reset_arrives(segment)
        elif segment.seq < self.rcv_nxt:
            self.old_segment(segment)
        elif segment.seq > self.rcv_nxt:
            if self.has("fin-over-gap") and segment.fin:
                self.rcv_nxt = segment.seq
                self.next_segment(segment)
            # Else it is dropped: what precedes it comes again, and it too.
        else:
            self.next_segment(segment)

    def segment_in_closed(self, segment):
        if segment.rst or self.resets_left == 0 or self.has("closed-does-not-reset"):
            return
        self.resets_left -= 1
        self.send_reset(segment.seq if self.has("reset-with-wrong-number") else segment.ack)

    def reset_arrives(self, segment):
        if self.has("reset-answered-with-ack"):
            self.acknowledge()
        is_wanted = segment.seq == self.rcv_nxt and not self.has("reset-ignored")
        is_old = segment.seq < self.rcv_nxt
        if not is_wanted and not (is_old and self.has("reset-outside-window-taken")):
            return
        if self.connection == TIME_WAIT and not self.reset_ends_time_wait:
            return
        self.stop_timers()
        self.connection = CLOSED
        if not self.has("reset-not-signalled"):
            self.signal("connectionReset")

    def old_segment(self, segment):
        """It was received before: our acknowledgement was lost, or it is late."""
        if self.has("old-segment-not-answered"):
            return
        if segment.data and self.has("old-data-delivered-again"):
            self.signal("received")
        if segment.fin and self.has("closing-signalled-twice"):
            self.signal("connectionClosing")
        if self.connection == TIME_WAIT and self.has("time-wait-does-not-acknowledge"):
            return
        self.acknowledge()
        if self.connection == TIME_WAIT and (segment.fin or self.answers_restart_time_wait):
            if not self.has("time-wait-not-restarted"):
                self.start("timeWait", self.time_wait)
        if segment.fin and self.has("old-fin-closes") and self.connection in (CLOSING, LAST_ACK):
            self.fin_acknowledged()

    def next_segment(self, segment):
        if segment.ack > self.snd_nxt:  # of what was not sent yet
            self.acknowledge()
            return
        if segment.fin and self.connection == FIN_WAIT_2 and segment.ack < self.snd_una:
            if self.has("fin-wait-2-drops-fin-with-old-ack"):
                return
        self.acknowledgement(segment)
        if segment.data:
            self.text()
        elif segment.fin:
            self.fin()

    def acknowledgement(self, segment):
        is_pure = not segment.data and not segment.fin
        if segment.ack <= self.snd_una:
            if self.has("last-ack-closes-on-any-ack") and is_pure and self.connection == LAST_ACK:
                self.stop_timers()
                self.connection = CLOSED
            if self.has("last-ack-resets-old-ack") and is_pure and self.connection == LAST_ACK:
                self.send_reset(segment.ack)
            if self.has("fin-wait-2-timer-lost") and is_pure and self.connection == FIN_WAIT_2:
                self.cancel("finWait2")
            return
        self.snd_una = segment.ack
        if not self.has("resent-not-cleared"):
            self.resent = 0
        if self.snd_una < self.snd_nxt:
            if not self.has("rto-not-restarted"):
                self.start("retransmission", self.rto)
        elif not self.has("retransmission-not-stopped"):
            self.cancel("retransmission")
        if self.snd_una > self.fin_number:
            self.fin_acknowledged()

    def fin_acknowledged(self):
        if self.connection == FIN_WAIT_1:
            self.connection = FIN_WAIT_2
            if self.limits_fin_wait_2 and not self.has("fin-wait-2-unlimited"):
                self.start("finWait2", self.fin_wait_2_timeout)
        elif self.connection == CLOSING:
            self.enter_time_wait()
        elif self.connection == LAST_ACK:
            self.stop_timers()
            self.connection = CLOSED

    def text(self):
        if self.connection not in (ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2):
            return  # nothing comes after a FIN
        if self.has("data-dropped-after-close") and self.connection != ESTABLISHED:
            return
        if self.has("fin-wait-2-restarted") and "finWait2" in self.timers:
            self.start("finWait2", self.fin_wait_2_timeout)
        if self.has("ack-one-behind"):
            self.signal("received")
            self.acknowledge()
            self.rcv_nxt += 1
            return
        self.rcv_nxt += 1
        self.signal("received")
        self.acknowledge()
        if self.has("data-acknowledged-twice"):
            self.acknowledge()

    def fin(self):
        if self.connection not in (ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2):
            return  # it has come before
        if not self.has("fin-not-counted"):
            self.rcv_nxt += 1
        if not self.has("closing-not-signalled"):
            self.signal("connectionClosing")
        self.acknowledge()
        if self.connection == ESTABLISHED:
            self.connection = CLOSE_WAIT
        elif self.connection == FIN_WAIT_2:
            self.cancel("finWait2")
            self.enter_time_wait()
        elif self.has("fin-wait-1-to-close-wait"):
            self.connection = CLOSE_WAIT
        elif self.has("fin-wait-1-to-last-ack"):
            self.connection = LAST_ACK
        elif self.has("fin-wait-1-to-time-wait"):
            self.stop_timers()
            self.enter_time_wait()
        else:
            self.connection = CLOSING

    def enter_time_wait(self):
        if self.has("time-wait-skipped"):
            self.connection = CLOSED
            return
        self.connection = TIME_WAIT
        self.start("timeWait", self.time_wait)


if __name__ == "__main__":
    serve(TCP)
