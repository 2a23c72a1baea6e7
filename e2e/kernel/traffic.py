"""Servers that say who they are, load balancers, and clients, all in one event loop: a socket stays in the network
namespace that it was made in."""

import asyncio
import contextlib
import errno
import json
import random
import socket
import struct

TIMEOUT_S = 2.5
PARALLEL = 64
IP_PKTINFO = 8
IP_RECVERR = 11
REFUSED = {errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPIPE}


def run(lab, requests):
    return asyncio.run(_run(lab, requests))


async def _run(lab, requests):
    """requests: [{id, from, ip, port, protocol, count, silent: no answer is expected}]; answers: {id: [{verdict, …}]}."""
    servers = await serve(lab)
    affinity = AffinityLists(lab)
    gate = asyncio.Semaphore(PARALLEL)
    answers = {request["id"]: [] for request in requests}

    async def attempt(request):
        async with affinity.turn_of(request), gate:
            affinity.forget()
            answers[request["id"]].append(await call(lab.namespaces[request["from"]], request))

    attempts = [attempt(request) for request in requests for _ in range(request["count"])]
    random.shuffle(attempts)
    await asyncio.gather(*attempts)
    del servers
    return answers


class AffinityLists:
    """`-m recent` remembers clients; every attempt is to start without. So those with one source take
    turns, except for those that nobody will answer: they would hold the others up."""

    def __init__(self, lab):
        nodes = [lab.namespaces[f"node/{node['name']}"] for node in lab.topology["nodes"]]
        self.nodes = [(node, lists) for node in nodes if (lists := self.lists(node))]
        self.balancers = {balancer["ip"] for balancer in lab.topology["loadBalancers"]}
        self.turns = {}

    def turn_of(self, request):
        if not self.nodes or request["silent"]:
            return contextlib.nullcontext()
        source = "load balancer" if request["ip"] in self.balancers else request["from"]
        return self.turns.setdefault(source, asyncio.Lock())

    def lists(self, node):
        return node.run(["sh", "-c", "ls -d /proc/net/xt_recent/* 2>/dev/null || true"]).split()

    def forget(self):
        for node, lists in self.nodes:
            with node.entered():
                for name in lists:
                    with open(name, "w") as file:
                        file.write("/")


def new_socket(namespace, protocol):
    kind = socket.SOCK_DGRAM if protocol.upper() == "UDP" else socket.SOCK_STREAM
    with namespace.entered():
        sock = socket.socket(socket.AF_INET, kind)
    sock.setblocking(False)
    return sock


def bound(namespace, protocol, port):
    sock = new_socket(namespace, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("0.0.0.0", port))
    if sock.type == socket.SOCK_STREAM:
        sock.listen(1024)
    else:
        sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    return sock


async def serve(lab):
    servers = []
    for pod in lab.topology["pods"]:
        name = f"pod/{pod['namespace']}/{pod['name']}"
        where = f"node/{pod['node']}" if pod["hostNetwork"] else name
        servers += [await start(lab.namespaces[where], name, listen) for listen in pod["listens"]]
    for host in lab.topology["hosts"]:
        name = f"host/{host['name']}"
        servers += [await start(lab.namespaces[name], name, listen) for listen in host["listens"]]
    for node in lab.topology["nodes"]:
        name = f"node/{node['name']}"
        servers += [await start(lab.namespaces[name], name, listen) for listen in node.get("listens", [])]
    for balancer in lab.topology["loadBalancers"]:
        servers += [await start_proxy(lab, balancer, port) for port in balancer["ports"]]
    return servers


async def start(namespace, name, listen):
    sock = bound(namespace, listen["protocol"], listen["port"])
    if sock.type == socket.SOCK_DGRAM:
        asyncio.get_running_loop().add_reader(sock, answer_datagram, sock, name)
        return sock

    async def answer(reader, writer):
        try:
            await reader.readline()
            peer, local = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
            writer.write(identity(name, peer[0], f"{local[0]}:{local[1]}"))
            await writer.drain()
        except OSError:
            pass
        writer.close()

    return await asyncio.start_server(answer, sock=sock)


def identity(name, peer, local):
    return (json.dumps({"server": name, "sees": peer, "local": local}) + "\n").encode()


def answer_datagram(sock, name):
    try:
        _, ancillary, _, peer = sock.recvmsg(2048, 256)
    except OSError:
        return
    destination = asked_address(ancillary)
    local = f"{socket.inet_ntoa(destination)}:{sock.getsockname()[1]}"
    answer_from(sock, destination, peer, identity(name, peer[0], local))


def asked_address(ancillary):
    return struct.unpack("I4s4s", ancillary[0][2][:12])[2]


def answer_from(sock, address, peer, data):
    """The answer comes from the address that was asked, as resolvers do it."""
    pktinfo = struct.pack("I4s4s", 0, address, b"\0\0\0\0")
    with contextlib.suppress(OSError):
        sock.sendmsg([data], [(socket.IPPROTO_IP, IP_PKTINFO, pktinfo)], 0, peer)


async def start_proxy(lab, balancer, port):
    namespace = lab.namespaces[f"elb/{balancer['service']}"]
    addresses = {node["name"]: node["ip"] for node in lab.topology["nodes"]}
    sock = bound(namespace, port["protocol"], port["port"])
    targets = [(addresses[name], port["nodePort"]) for name in balancer["targets"]]
    if sock.type == socket.SOCK_DGRAM:
        return await start_datagram_proxy(namespace, sock, targets)

    async def relay(reader, writer):
        client = writer.get_extra_info("socket")
        outside = None
        try:
            outside = new_socket(namespace, "TCP")
            if not targets:
                raise ConnectionRefusedError
            loop = asyncio.get_running_loop()
            await asyncio.wait_for(loop.sock_connect(outside, random.choice(targets)), 2 * TIMEOUT_S)
            await loop.sock_sendall(outside, await reader.readline())
            writer.write(await loop.sock_recv(outside, 2048))
            await writer.drain()
        except (OSError, asyncio.TimeoutError) as error:
            if not isinstance(error, asyncio.TimeoutError):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if outside:
            outside.close()
        writer.close()

    return await asyncio.start_server(relay, sock=sock)


async def start_datagram_proxy(namespace, sock, targets):
    loop = asyncio.get_running_loop()

    async def relay(data, asked, client):
        with new_socket(namespace, "UDP") as outside:
            try:
                outside.connect(random.choice(targets))
                outside.send(data)
                answer = await asyncio.wait_for(loop.sock_recv(outside, 2048), TIMEOUT_S)
                answer_from(sock, asked, client, answer)
            except (OSError, asyncio.TimeoutError):
                pass

    def arrived():
        data, ancillary, _, client = sock.recvmsg(2048, 256)
        if targets:
            asked = asked_address(ancillary)
            tasks.add(task := asyncio.ensure_future(relay(data, asked, client)))
            task.add_done_callback(tasks.discard)

    tasks = set()
    loop.add_reader(sock, arrived)
    return sock


async def call(namespace, request):
    loop = asyncio.get_running_loop()
    with new_socket(namespace, request["protocol"]) as sock:
        # A datagram socket hears of an unreachable host only when it asks for it.
        sock.setsockopt(socket.IPPROTO_IP, IP_RECVERR, int(sock.type == socket.SOCK_DGRAM))
        try:
            return await asyncio.wait_for(ask(loop, sock, request), TIMEOUT_S)
        except asyncio.TimeoutError:
            return {"verdict": "dropped"}
        except OSError as error:
            if error.errno not in REFUSED:
                raise
            return {"verdict": "refused", "error": errno.errorcode[error.errno]}


async def ask(loop, sock, request):
    await loop.sock_connect(sock, (request["ip"], request["port"]))
    try:
        await loop.sock_sendall(sock, b"who are you?\n")
    except PermissionError:
        pass  # The node's own rules stopped a datagram; whether they also answered shows below.
    answer = await loop.sock_recv(sock, 2048)
    if answer == b"":
        raise ConnectionResetError(errno.ECONNRESET, "closed without an answer")
    return {"verdict": "delivered", **json.loads(answer)}
