"""Sends real packets through a router with given rules. stdin: a list of {rules, steps}; stdout: for each what every step
came to, and the router's conntrack table at the end. See lab.ts for the same machines in the simulation."""

import errno
import json
import selectors
import socket
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])
from machine import Machine  # noqa: E402

CLIENTS = [f"10.1.0.{n}" for n in range(2, 8)]
SERVERS = [f"10.2.0.{n}" for n in range(2, 8)]
NEIGHBOURS = ["10.1.0.8", "10.1.0.9"]
PORTS = [80, 81, 82, 83, 8080, 8082]
SILENCE_S = 0.5
WARM_UP_TRIES = 50


def build(bridged):
    """Where it bridges, the router has a neighbour of the client behind another port of its bridge."""
    client, router, server, neighbour = Machine(), Machine(), Machine(), Machine()
    for namespace in (client, router, server, neighbour):
        namespace.ip("link set lo up")
    router.ip(
        f"link add c0 type veth peer name eth0 netns {client.path}",
        f"link add s0 type veth peer name eth0 netns {server.path}",
        f"link add n0 type veth peer name eth0 netns {neighbour.path}",
        "addr add 10.2.0.1/24 dev s0",
        "link set c0 up",
        "link set s0 up",
    )
    if bridged:
        router.ip(
            "link add br0 type bridge",
            "link set c0 master br0",
            "link set n0 master br0",
            "addr add 10.1.0.1/24 dev br0",
            "link set br0 up",
            "link set n0 up",
        )
        router.sysctl({"bridge/bridge-nf-call-iptables": 1})
    else:
        router.ip("addr add 10.1.0.1/24 dev c0")
    for namespace, addresses, gateway in (
        (client, CLIENTS, "10.1.0.1"),
        (server, SERVERS, "10.2.0.1"),
        (neighbour, NEIGHBOURS, "10.1.0.1"),
    ):
        namespace.ip(
            *[f"addr add {ip}/24 dev eth0" for ip in addresses],
            "link set eth0 up",
            f"route add default via {gateway}",
        )
    router.sysctl({"ipv4/ip_forward": 1, "ipv4/icmp_ratelimit": 0, "ipv4/icmp_msgs_per_sec": 100000})
    server.sysctl({"ipv4/icmp_ratelimit": 0})
    return client, router, server, neighbour


class Servers(threading.Thread):
    """Answers with the address that was reached and the one that asked."""

    def __init__(self, sites):
        super().__init__(daemon=True)
        self.selector = selectors.DefaultSelector()
        for namespace, addresses in sites:
            with namespace.entered():
                for ip in addresses:
                    for port in PORTS:
                        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                            one = socket.socket(socket.AF_INET, kind)
                            one.bind((ip, port))
                            if kind == socket.SOCK_STREAM:
                                one.listen(16)
                            one.setblocking(False)
                            self.selector.register(one, selectors.EVENT_READ)
        self.stopped = False

    def run(self):
        while not self.stopped:
            for key, _ in self.selector.select(0.05):
                self.answer(key.fileobj)

    def answer(self, one):
        try:
            if one.type == socket.SOCK_DGRAM:
                _, peer = one.recvfrom(100)
                one.sendto(text_of(one.getsockname(), peer), peer)
            else:
                connection, peer = one.accept()
                connection.sendall(text_of(connection.getsockname(), peer))
                connection.recv(1)
                connection.close()
        except OSError:
            pass

    def stop(self):
        self.stopped = True
        self.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()


def text_of(local, peer):
    return f"{local[0]}:{local[1]} {peer[0]}:{peer[1]}".encode()


def attempt(client, step, kept, patience=SILENCE_S):
    time.sleep(step.get("waitMs", 0) / 1000)
    kind = socket.SOCK_STREAM if step["protocol"] == "tcp" else socket.SOCK_DGRAM
    name = (step["protocol"], step["src"], step["sport"])
    one = kept.get(name) if kind == socket.SOCK_DGRAM else None
    if one is None:
        with client.entered():
            one = socket.socket(socket.AF_INET, kind)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((step["src"], step["sport"]))
    one.settimeout(patience)
    try:
        one.connect((step["dst"], step["dport"]))
        if kind == socket.SOCK_DGRAM:
            one.send(b"datagram")
        reached, seen = one.recv(100).decode().split(" ")
        return {"reached": reached, "seen": seen}
    except socket.timeout:
        return {"error": "silence"}
    except OSError as error:
        return {"error": errno.errorcode.get(error.errno, str(error.errno))}
    finally:
        if kind == socket.SOCK_DGRAM:
            kept[name] = one
        else:
            one.close()


def warm_up(client, targets):
    """Until links are up and everybody's ARP entry is there. Without rules nothing is tracked yet."""
    for source in CLIENTS:
        for target in targets:
            for _ in range(WARM_UP_TRIES):
                step = {"protocol": "udp", "src": source, "sport": 0, "dst": target, "dport": 80}
                kept = {}
                answer = attempt(client, step, kept, 0.1)
                for one in kept.values():
                    one.close()
                if "reached" in answer:
                    break


def run(case):
    bridged = case.get("isBridged", False)
    client, router, server, neighbour = build(bridged)
    servers = Servers([(server, SERVERS), (neighbour, NEIGHBOURS), (router, ["10.1.0.1", "10.2.0.1"])])
    servers.start()
    warm_up(client, SERVERS + (NEIGHBOURS if bridged else []))
    router.run(["iptables-restore"], case["rules"])
    kept = {}
    results = []
    for step in case["steps"]:
        if "command" in step:
            router.run(["sh", "-c", step["command"]])
            continue
        results.append(attempt(client, step, kept))
    time.sleep(0.05)
    table = router.run(["conntrack", "-L"]) if case.get("conntrack") else ""
    for one in kept.values():
        one.close()
    servers.stop()
    return {"results": results, "conntrack": table.splitlines()}


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
