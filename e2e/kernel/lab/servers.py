"""Servers that say who they are, on every machine that serves, and the load balancers in front of them."""

import asyncio
import functools
import json
import socket

import gateway
import load_balancer
from lab import proxies
from sctp import Responders
from sockets import answer_from, listening_socket, receive_datagram


async def start_all(lab):
    """The list has to be kept: sockets close with it."""
    topology = lab.topology
    running = []
    associations = {}
    gateways = {
        (one["pod"], port): one["routes"] for one in topology["gateways"] for port in one["ports"]
    }
    for name, where, listens in places(topology):
        for one in listens:
            if one["protocol"] == "SCTP":
                associations.setdefault(where, {})[one["port"]] = name
            elif (routes := gateways.get((name, one["port"]))) is not None:
                own = functools.partial(identity, name)
                running.append(await gateway.start(lab.machines[where], one["port"], routes, own))
            else:
                running.append(await start(lab.machines[where], name, one))
    for balancer in proxies(topology):
        ports = [port for port in balancer["ports"] if port["protocol"] != "SCTP"]
        running += [await load_balancer.start(lab, balancer, port) for port in ports]
    lab.sctp = Responders(lab, associations)
    return running


def places(topology):
    """(who serves, in which namespace, what)"""
    for pod in topology["pods"]:
        name = f"pod/{pod['namespace']}/{pod['name']}"
        yield name, f"node/{pod['node']}" if pod["hostNetwork"] else name, pod["listens"]
    for kind in ("node", "host"):
        for machine in topology[f"{kind}s"]:
            name = f"{kind}/{machine['name']}"
            yield name, name, machine["listens"]


async def start(machine, name, listen):
    sock = listening_socket(machine, listen["protocol"], listen["port"])
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
    received = receive_datagram(sock)
    if received:
        _, asked, sender = received
        local = f"{socket.inet_ntoa(asked)}:{sock.getsockname()[1]}"
        answer_from(sock, asked, sender, identity(name, sender[0], local))
