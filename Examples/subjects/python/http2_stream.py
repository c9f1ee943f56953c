#!/usr/bin/env python3
"""One stream of HTTP/2 as a client or a server sees it: role `Endpoint`, instances `client` and
`server`, of specs/http2-stream/Stream.linger.
"""

from subject import Refused, Subject, Unsupported, serve

IDLE, RESERVED_LOCAL, RESERVED_REMOTE, OPEN, HALF_CLOSED_LOCAL, HALF_CLOSED_REMOTE, CLOSED = (
    "IDLE RESERVED_LOCAL RESERVED_REMOTE OPEN HALF_CLOSED_LOCAL HALF_CLOSED_REMOTE CLOSED".split()
)
KINDS = "HEADERS DATA PRIORITY RST_STREAM PUSH_PROMISE WINDOW_UPDATE GOAWAY".split()
ERRORS = "NO_ERROR PROTOCOL_ERROR STREAM_CLOSED CANCEL".split()
CONTENT = ("HEADERS", "DATA")


class Stream(Subject):
    name = "HTTP/2 stream in Python"
    roles = ("Endpoint",)
    faults = {
        "content-after-cancel-is-fatal": "content for a stream that it cancelled is an error",
        "late-control-is-fatal": "WINDOW_UPDATE or RST_STREAM for a closed stream is an error",
        "end-of-headers-ignored": "the END_STREAM of the first HEADERS is not looked at",
        "end-closes-both-ways": "END_STREAM closes the stream for what is to come, too",
        "content-after-end-taken": "content behind END_STREAM is no stream error",
        "error-in-silence": "a connection error ends the connection without GOAWAY",
        "reset-answered": "RST_STREAM is answered with RST_STREAM",
        "stream-error-in-idle": "a bad frame in idle is answered with RST_STREAM",
        "priority-opens": "PRIORITY opens an idle stream",
        "promise-taken-for-headers": "a promised stream is open at once",
    }

    def reset(self, parameters):
        if self.instance not in ("client", "server"):
            raise Unsupported("the instances are client and server")
        self.is_client = self.instance == "client"
        self.is_pushed = parameters.boolean("pushed", False)
        self.frames_left = parameters.integer("frames", 3)
        self.stream = IDLE
        self.is_up = True

    def state(self):
        return {"state": self.stream, "isUp": self.is_up, "framesLeft": self.frames_left}

    # What the application asks for. RFC 9113, section 5.1: what each state lets an end send.

    def call(self, name, arguments):
        ends = name in ("sendHeaders", "sendData") and arguments.boolean("endStream", False)
        if name == "err":
            raise Unsupported("this end makes no mistakes")
        arguments.end()
        kinds = {
            "sendHeaders": "HEADERS",
            "sendData": "DATA",
            "promise": "PUSH_PROMISE",
            "cancelStream": "RST_STREAM",
            "updateWindow": "WINDOW_UPDATE",
            "prioritize": "PRIORITY",
        }
        if name not in kinds:
            raise Unsupported(f"no call {name}")
        kind = kinds[name]
        if not self.is_up or self.frames_left == 0 or not self.may_send(kind):
            raise Refused(f"no {kind} may be sent in {self.stream}")
        self.frames_left -= 1
        self.frame(kind, ends, "CANCEL" if kind == "RST_STREAM" else "NO_ERROR")
        self.sent(kind, ends)

    def may_send(self, kind):
        if kind == "PRIORITY":
            return True
        if kind == "RST_STREAM":
            return self.stream not in (IDLE, CLOSED)
        if kind == "WINDOW_UPDATE":
            return self.stream not in (IDLE, RESERVED_LOCAL, CLOSED)
        if kind == "PUSH_PROMISE":
            return self.stream == IDLE and self.is_pushed and not self.is_client
        if kind == "HEADERS" and self.stream == IDLE:
            return self.is_client and not self.is_pushed
        if kind == "HEADERS" and self.stream == RESERVED_LOCAL:
            return True
        return self.stream in (OPEN, HALF_CLOSED_REMOTE)

    def sent(self, kind, ends):
        if kind == "RST_STREAM":
            self.stream = CLOSED
        elif kind == "PUSH_PROMISE":
            self.stream = RESERVED_LOCAL
        elif kind == "HEADERS" and self.stream == IDLE:
            self.stream = OPEN
        elif kind == "HEADERS" and self.stream == RESERVED_LOCAL:
            self.stream = HALF_CLOSED_REMOTE
        if ends and self.has("end-closes-both-ways"):
            self.stream = CLOSED
        elif ends:
            self.stream = HALF_CLOSED_LOCAL if self.stream == OPEN else CLOSED

    def frame(self, kind, ends=False, error="NO_ERROR"):
        self.send("Frame", kind=kind, endStream=ends, error=error)

    # What the peer sends.

    def receive(self, message, fields):
        if message != "Frame":
            raise Unsupported(f"no message {message}")
        kind, ends = fields.text("kind"), fields.boolean("endStream", False)
        error = fields.text("error", "NO_ERROR")
        fields.end()
        if kind not in KINDS or error not in ERRORS:
            raise Unsupported("no such frame")
        if not self.is_up:
            return
        if kind == "PRIORITY":
            if self.has("priority-opens") and self.stream == IDLE:
                self.stream = OPEN
        elif kind == "GOAWAY":
            self.is_up = False
            self.signal("failed", error=error)
        elif kind == "PUSH_PROMISE":
            self.promise_arrives()
        elif self.stream == IDLE:
            self.frame_in_idle(kind, ends)
        elif self.stream == CLOSED:
            self.frame_in_closed(kind)
        elif kind == "RST_STREAM":
            self.reset_arrives(error)
        elif kind == "WINDOW_UPDATE":
            if self.stream == RESERVED_REMOTE:
                self.connection_error("PROTOCOL_ERROR")
        else:
            self.content_arrives(kind, ends)

    def promise_arrives(self):
        if self.stream == IDLE and self.is_client and self.is_pushed:
            is_open = self.has("promise-taken-for-headers")
            self.stream = HALF_CLOSED_LOCAL if is_open else RESERVED_REMOTE
        else:
            self.connection_error("PROTOCOL_ERROR")

    def frame_in_idle(self, kind, ends):
        if kind == "HEADERS" and not self.is_client and not self.is_pushed:
            self.stream = OPEN
            if ends and not self.has("end-of-headers-ignored"):
                self.end_arrives()
        elif self.has("stream-error-in-idle"):
            self.frame("RST_STREAM", error="PROTOCOL_ERROR")
        else:
            self.connection_error("PROTOCOL_ERROR")

    def frame_in_closed(self, kind):
        """All of it may have been under way, and is discarded."""
        is_fatal = kind in CONTENT and self.has("content-after-cancel-is-fatal")
        is_fatal |= kind not in CONTENT and self.has("late-control-is-fatal")
        if is_fatal:
            self.connection_error("STREAM_CLOSED")

    def reset_arrives(self, error):
        self.stream = CLOSED
        if self.has("reset-answered"):
            self.frame("RST_STREAM", error="STREAM_CLOSED")
        self.signal("wasReset", error=error)

    def content_arrives(self, kind, ends):
        if self.stream == RESERVED_LOCAL or (self.stream == RESERVED_REMOTE and kind == "DATA"):
            self.connection_error("PROTOCOL_ERROR")
        elif self.stream == HALF_CLOSED_REMOTE:
            if not self.has("content-after-end-taken"):
                self.frame("RST_STREAM", error="STREAM_CLOSED")
                self.stream = CLOSED
        else:
            if self.stream == RESERVED_REMOTE:
                self.stream = HALF_CLOSED_LOCAL
            if ends:
                self.end_arrives()

    def end_arrives(self):
        self.stream = HALF_CLOSED_REMOTE if self.stream == OPEN else CLOSED
        self.signal("ended")

    def connection_error(self, error):
        if not self.has("error-in-silence"):
            self.frame("GOAWAY", error=error)
        self.is_up = False
        self.signal("failed", error=error)


if __name__ == "__main__":
    serve(Stream)
