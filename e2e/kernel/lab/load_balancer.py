"""A load balancer ends its client's connection and calls a random target; what the target does, the client sees."""

import asyncio
import random
import socket
import struct

from sockets import answer_from, listening_socket, new_socket, receive_datagram, was_retransmitted

# Longer than any client waits.
PATIENCE_S = 15


async def start(lab, balancer, port):
    machine = lab.machines[f"elb/{balancer['service']}"]
    addresses = {node["name"]: node["ip"] for node in lab.topology["nodes"]}
    sock = listening_socket(machine, port["protocol"], port["port"])
    targets = [(addresses[name], port["nodePort"]) for name in balancer["targets"]]
    if sock.type == socket.SOCK_DGRAM:
        return start_datagrams(machine, sock, targets)

    async def relay(reader, writer):
        client = writer.get_extra_info("socket")
        try:
            request = await reader.readline()
            writer.write(await asyncio.wait_for(call_tcp(machine, targets, request), PATIENCE_S))
            await writer.drain()
        except asyncio.TimeoutError:
            pass
        except OSError:
            reset_at_close(client)
        writer.close()

    return await asyncio.start_server(relay, sock=sock)


async def call_tcp(machine, targets, request):
    if not targets:
        raise ConnectionRefusedError
    loop = asyncio.get_running_loop()
    with new_socket(machine, "TCP") as outside:
        await loop.sock_connect(outside, random.choice(targets))
        if was_retransmitted(outside):
            await asyncio.sleep(PATIENCE_S)
        await loop.sock_sendall(outside, request)
        return await loop.sock_recv(outside, 2048)


def reset_at_close(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def start_datagrams(machine, sock, targets):
    loop = asyncio.get_running_loop()
    tasks = set()

    async def relay(data, asked, client):
        with new_socket(machine, "UDP") as outside:
            try:
                outside.connect(random.choice(targets))
                outside.send(data)
                answer = await asyncio.wait_for(loop.sock_recv(outside, 2048), PATIENCE_S)
                answer_from(sock, asked, client, answer)
            except (OSError, asyncio.TimeoutError):
                pass

    def arrived():
        received = receive_datagram(sock)
        if received and targets:
            tasks.add(task := asyncio.ensure_future(relay(*received)))
            task.add_done_callback(tasks.discard)

    loop.add_reader(sock, arrived)
    return sock
