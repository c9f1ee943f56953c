#!/usr/bin/env python3
"""Makes real TCP connections between two network namespaces and captures both ends.

    connections.py FOLDER

Writes FOLDER/a.pcap (the client's end) and FOLDER/b.pcap (the server's), of link type LINUX_SLL with
the kernel's times. Exit code 77 and a reason where the machine does not allow it: it takes Linux,
the right to make namespaces and packet sockets, and the program `ip`.
"""

import ctypes
import os
import socket
import struct
import subprocess
import sys
import threading
import time

CLONE_NEWNET = 0x40000000
SO_TIMESTAMPNS = 35
ETH_P_ALL = 3
CLIENT, SERVER = "10.99.0.1", "10.99.0.2"
FIRST_PORT = 8000


def skip(reason):
    print(reason)
    os._exit(77)


def new_namespace():
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        skip("no network namespace: " + os.strerror(ctypes.get_errno()))


def ip(*words):
    try:
        done = subprocess.run(["ip", *words], capture_output=True, text=True)
    except FileNotFoundError:
        skip("the program ip is missing")
    if done.returncode != 0:
        skip("ip " + " ".join(words) + ": " + done.stderr.strip())


class Capture(threading.Thread):
    """Everything on one interface, as pcap of link type LINUX_SLL (113)."""

    def __init__(self, interface, path):
        super().__init__(daemon=True)
        self.path = path
        try:
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        except OSError as error:
            skip("no packet socket: %s" % error)
        self.socket.bind((interface, ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.settimeout(0.1)
        self.over = False
        self.frames = []

    def run(self):
        while True:
            try:
                data, extra, _, source = self.socket.recvmsg(1 << 17, 256)
            except socket.timeout:
                if self.over:
                    return
                continue
            when = time.time_ns()
            for level, kind, value in extra:
                if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                    seconds, nanoseconds = struct.unpack("qq", value[:16])
                    when = seconds * 10**9 + nanoseconds
            _, protocol, packet_type, hardware, address = source
            header = struct.pack("!HHH8sH", packet_type, hardware, len(address), address, protocol)
            self.frames.append((when, header + data))

    def finish(self):
        self.over = True
        self.join()
        # Each direction is in order; the two may have been handed over across one another.
        self.frames.sort(key=lambda frame: frame[0])
        with open(self.path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 113))
            for when, frame in self.frames:
                seconds, rest = divmod(when, 10**9)
                file.write(struct.pack("<IIII", seconds, rest, len(frame), len(frame)))
                file.write(frame)


def drain(connection):
    while True:
        try:
            if not connection.recv(1 << 16):
                return
        except ConnectionResetError:
            return


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# Each scenario is what the client and the server do with a connection that is open; `pause` lets
# what is under way arrive.
def pause():
    time.sleep(0.08)


def client_first(end, is_client):
    if is_client:
        end.sendall(b"question")
        pause()
        end.shutdown(socket.SHUT_WR)
        drain(end)
    else:
        drain(end)
        pause()
    end.close()


def server_first(end, is_client):
    client_first(end, not is_client)


def at_once(end, is_client):
    # Both wait for the same moment of the clock.
    moment = (time.time() // 0.2 + 2) * 0.2
    time.sleep(max(0, moment - time.time()))
    end.shutdown(socket.SHUT_WR)
    drain(end)
    end.close()


def half_closed(end, is_client):
    if is_client:
        end.shutdown(socket.SHUT_WR)
        drain(end)
    else:
        drain(end)
        end.sendall(b"x" * 3000)
        pause()
        end.sendall(b"y" * 10)
    end.close()


def large(end, is_client):
    if is_client:
        end.sendall(b"z" * 200_000)
        end.shutdown(socket.SHUT_WR)
        drain(end)
    else:
        drain(end)
    end.close()


def client_aborts(end, is_client):
    if is_client:
        end.sendall(b"1234")
        pause()
        reset(end)
    else:
        drain(end)
        end.close()


def server_aborts(end, is_client):
    client_aborts(end, not is_client)


def unread_data(end, is_client):
    # RFC 2525, 2.17: who closes with data unread sends a reset.
    if is_client:
        end.sendall(b"nobody reads this")
        pause()
        drain(end)
    else:
        pause()
    end.close()


SCENARIOS = [
    client_first, server_first, at_once, half_closed, large, client_aborts, server_aborts,
    unread_data,
]


def serve(ready):
    listeners = []
    for number in range(len(SCENARIOS)):
        listener = socket.create_server((SERVER, FIRST_PORT + number))
        listeners.append(listener)
    os.write(ready, b"r")
    for listener, scenario in zip(listeners, SCENARIOS):
        end, _ = listener.accept()
        scenario(end, False)
    pause()


def main(folder):
    to_server, from_server = os.pipe(), os.pipe()
    server = os.fork()
    if server == 0:
        new_namespace()
        os.write(from_server[1], b"n")
        os.read(to_server[0], 1)
        ip("addr", "add", SERVER + "/24", "dev", "b0")
        ip("link", "set", "b0", "up")
        capture = Capture("b0", os.path.join(folder, "b.pcap"))
        capture.start()
        serve(from_server[1])
        os.read(to_server[0], 1)
        capture.finish()
        os._exit(0)
    new_namespace()
    if os.read(from_server[0], 1) != b"n":
        skip("the other namespace could not be made")
    ip("link", "add", "a0", "type", "veth", "peer", "name", "b0", "netns", str(server))
    ip("addr", "add", CLIENT + "/24", "dev", "a0")
    ip("link", "set", "a0", "up")
    os.write(to_server[1], b"g")
    capture = Capture("a0", os.path.join(folder, "a.pcap"))
    capture.start()
    if os.read(from_server[0], 1) != b"r":
        skip("the server's end could not be made")
    time.sleep(0.3)
    for number, scenario in enumerate(SCENARIOS):
        end = socket.create_connection((SERVER, FIRST_PORT + number), timeout=10)
        scenario(end, True)
        pause()
    # A port where nobody listens.
    try:
        socket.create_connection((SERVER, FIRST_PORT - 1), timeout=10)
    except ConnectionRefusedError:
        pass
    time.sleep(0.7)
    # The interface goes with the server's namespace.
    capture.finish()
    os.write(to_server[1], b"e")
    os.waitpid(server, 0)


if __name__ == "__main__":
    if not sys.platform.startswith("linux"):
        skip("network namespaces are Linux's")
    if len(sys.argv) != 2:
        sys.exit("usage: connections.py FOLDER")
    main(sys.argv[1])
