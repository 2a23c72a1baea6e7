"""Datagrams made by hand, and captures on every interface that show what became of them.

probes: [{id, from, into: {mac}, src, dst, sport, dport, ttl}]; answers: {id: [line for each frame that was seen]}."""

import asyncio
import re
import socket
import struct

ETH_P_ALL = 3
ETH_P_IP = 0x0800
# For experiments: nobody takes it in. Source: IEEE 802.
ETH_P_NOTHING = 0x88B5
BROADCAST = b"\xff" * 6
PACKET_OUTGOING = 4
ICMP = 1
UDP = 17
# All errors have come by then, those for addresses that ARP does not find included.
PATIENCE_S = 1.5
MARK = re.compile(rb"kubehop probe (\d+)\.")


async def send_all(lab, probes):
    if not probes:
        return {}
    watched = {name: machine for name, machine in lab.machines.items() if name != "router"}
    for machine in watched.values():
        # Bridges are to know who is where: then nobody sees what is for others. And a capture on one sees everything.
        announce(machine)
    set_promiscuous(lab, "on")
    captures = [Capture(name, machine) for name, machine in watched.items()]
    for index, probe in enumerate(probes):
        send(lab.machines[probe["from"]], index, probe)
    await asyncio.sleep(PATIENCE_S)
    answers = {probe["id"]: [] for probe in probes}
    for capture in captures:
        for index, line in capture.lines():
            sent = probes[index]
            if not line.startswith(f"{sent['from']} eth0 out {sent['src']} > {sent['dst']} udp"):
                answers[sent["id"]].append(line)
        capture.close()
    set_promiscuous(lab, "off")
    return answers


def set_promiscuous(lab, state):
    """Only while captures run: the machine's own stack gets a copy of what such a bridge passes on."""
    for name, devices in lab.topology["devices"].items():
        bridges = [device["name"] for device in devices if device["kind"] == "bridge"]
        lab.machines[name].ip(*[f"link set {bridge} promisc {state}" for bridge in bridges])


def announce(machine):
    send_frame(machine, BROADCAST, ETH_P_NOTHING, b"")


def send(machine, index, probe):
    target = bytes.fromhex(probe["into"]["mac"].replace(":", ""))
    send_frame(machine, target, ETH_P_IP, datagram(index, probe))


def send_frame(machine, target, protocol, payload):
    with machine.entered():
        sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    with sock:
        sock.bind(("eth0", 0))
        source = sock.getsockname()[4]
        sock.send(target + source + struct.pack("!H", protocol) + payload)


def datagram(index, probe):
    payload = b"kubehop probe %d." % index
    udp = struct.pack("!HHHH", probe["sport"], probe["dport"], 8 + len(payload), 0) + payload
    addresses = socket.inet_aton(probe["src"]) + socket.inet_aton(probe["dst"])
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), index, 0, probe["ttl"], UDP, 0)
    return head[:10] + struct.pack("!H", checksum(head + addresses)) + addresses + udp


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Capture:
    """All interfaces of one machine."""

    def __init__(self, name, machine):
        self.name = name
        with machine.entered():
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)

    def lines(self):
        """(number of the probe, line), each frame once."""
        seen = set()
        while True:
            try:
                packet, (device, protocol, kind, *_) = self.sock.recvfrom(2048)
            except BlockingIOError:
                return sorted(seen)
            mark = MARK.search(packet)
            # As tcpdump does on lo, where everything that goes out comes in.
            is_twice = device == "lo" and kind == PACKET_OUTGOING
            if protocol == ETH_P_IP and mark and not is_twice:
                direction = "out" if kind == PACKET_OUTGOING else "in"
                line = f"{self.name} {device} {direction} {describe(packet)}"
                seen.add((int(mark[1]), line))

    def close(self):
        self.sock.close()


def describe(packet):
    """`10.0.9.20 > 10.244.1.2 udp ttl 64`, or `… icmp 3/3 ttl 64`."""
    ttl, protocol = packet[8], packet[9]
    source, destination = (socket.inet_ntoa(packet[start : start + 4]) for start in (12, 16))
    head = 4 * (packet[0] & 15)
    what = f"icmp {packet[head]}/{packet[head + 1]}" if protocol == ICMP else "udp"
    return f"{source} > {destination} {what} ttl {ttl}"
