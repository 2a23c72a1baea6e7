"""Sockets in network namespaces: a socket stays in the one that it was made in, so one process can be everywhere."""

import contextlib
import socket
import struct

IP_PKTINFO = 8
IP_RECVERR = 11
TOTAL_RETRANSMISSIONS = struct.Struct("8x92xI")


def new_socket(machine, protocol):
    kind = socket.SOCK_DGRAM if protocol.upper() == "UDP" else socket.SOCK_STREAM
    with machine.entered():
        sock = socket.socket(socket.AF_INET, kind)
    sock.setblocking(False)
    if kind == socket.SOCK_DGRAM:
        # A datagram socket hears of an unreachable host only when it asks for it.
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, 1)
    return sock


def listening_socket(machine, protocol, port):
    sock = new_socket(machine, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("0.0.0.0", port))
    if sock.type == socket.SOCK_STREAM:
        sock.listen(1024)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    return sock


def was_retransmitted(sock):
    """Whether TCP had to repeat itself: the first packet was lost, and its repetition may have fared differently."""
    if sock.type != socket.SOCK_STREAM:
        return False
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
    return TOTAL_RETRANSMISSIONS.unpack_from(info)[0] > 0


def receive_datagram(sock):
    """(data, address that was asked, sender); None when there was only an error to hear of."""
    try:
        data, ancillary, _, sender = sock.recvmsg(2048, 256)
    except OSError:
        return None
    asked = struct.unpack("I4s4s", ancillary[0][2][:12])[2]
    return data, asked, sender


def answer_from(sock, asked, receiver, data):
    """The answer comes from the address that was asked, as resolvers do it."""
    pktinfo = struct.pack("I4s4s", 0, asked, b"\0\0\0\0")
    with contextlib.suppress(OSError):
        sock.sendmsg([data], [(socket.IPPROTO_IP, IP_PKTINFO, pktinfo)], 0, receiver)
