"""Just enough SCTP over raw sockets for a client to learn who answers: INIT, answered by INIT ACK, or by ABORT where
nobody listens. Only for kernels without SCTP of their own, which would answer, too. Source: RFC 9260."""

import asyncio
import contextlib
import errno
import random
import socket
import struct

IPPROTO_SCTP = 132
IP_PKTINFO = 8
IP_RECVERR = 11
INIT, INIT_ACK, ABORT = 1, 2, 6
STATE_COOKIE = struct.pack("!HHI", 7, 8, 0)
WINDOW, STREAMS = 65_535, 1
EPHEMERAL = (32_768, 60_999)
CASTAGNOLI = 0x82F63B78


class Responders:
    """One for each machine. `answered` says which server took which association, by the client's tag."""

    def __init__(self, lab, served):
        """served: {machine: {port: server}}"""
        self.answered = {}
        self.sockets = []
        for name, machine in lab.machines.items():
            if name != "router":
                sock = raw_socket(machine)
                self.sockets.append(sock)
                asyncio.get_running_loop().add_reader(sock, self.receive, sock, served.get(name, {}))

    def receive(self, sock, served):
        packet = sock.recv(2048)
        source, local, sctp = parse(packet)
        sport, dport, _, kind, tag = sctp
        if kind != INIT:
            return
        server = served.get(dport)
        if server:
            self.answered[tag] = {"server": server, "sees": source, "local": f"{local}:{dport}"}
            body = init_body(random.getrandbits(32)) + STATE_COOKIE
            reply = chunk(INIT_ACK, body)
        else:
            reply = chunk(ABORT, b"")
        answer = message(dport, sport, tag, reply)
        with contextlib.suppress(OSError):
            # From the address that was asked.
            sock.sendmsg([answer], [(socket.IPPROTO_IP, IP_PKTINFO, pktinfo(local))], 0, (source, 0))


async def ask(machine, request, responders):
    """Raises what the kernel reports; ends when somebody answers."""
    loop = asyncio.get_running_loop()
    tag, port = random.getrandbits(32), random.randint(*EPHEMERAL)
    with raw_socket(machine) as sock:
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
        sock.connect((request["ip"], 0))
        with contextlib.suppress(PermissionError):  # The node's own rules stopped it; they may have answered as well.
            await loop.sock_sendall(sock, message(port, request["port"], 0, chunk(INIT, init_body(tag))))
        while True:
            try:
                packet = await loop.sock_recv(sock, 2048)
            except OSError:
                if is_about_another(sock, port):
                    continue
                raise
            _, _, (sport, dport, verification, kind, _) = parse(packet)
            if (sport, dport, verification) != (request["port"], port, tag):
                continue
            if kind == ABORT:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "aborted")
            if kind == INIT_ACK:
                return responders.answered[tag]


def is_about_another(sock, port):
    """Raw sockets hear of errors by address alone; what is reported quotes the ports."""
    try:
        quoted, *_ = sock.recvmsg(2048, 512, socket.MSG_ERRQUEUE)
    except BlockingIOError:
        return False
    return struct.unpack_from("!H", quoted)[0] != port


def raw_socket(machine):
    with machine.entered():
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, IPPROTO_SCTP)
    sock.setblocking(False)
    return sock


def parse(packet):
    """(source, destination, (sport, dport, verification tag, kind of the first chunk, its first word))"""
    source, local = (socket.inet_ntoa(packet[start : start + 4]) for start in (12, 16))
    head = 4 * (packet[0] & 15)
    sport, dport, verification, _, kind = struct.unpack_from("!HHIIB", packet, head)
    first = struct.unpack_from("!I", packet + bytes(4), head + 16)[0]
    return source, local, (sport, dport, verification, kind, first)


def pktinfo(local):
    return struct.pack("I4s4s", 0, socket.inet_aton(local), bytes(4))


def init_body(tag):
    return struct.pack("!IIHHI", tag, WINDOW, STREAMS, STREAMS, tag)


def chunk(kind, body):
    return struct.pack("!BBH", kind, 0, 4 + len(body)) + body


def message(sport, dport, verification, chunks):
    head = struct.pack("!HHI", sport, dport, verification)
    return head + struct.pack("<I", crc32c(head + bytes(4) + chunks)) + chunks


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (CASTAGNOLI if value & 1 else 0)
    return value ^ 0xFFFFFFFF
