"""A reverse proxy in a pod: it reads a request, and calls the Service that host and path lead to from its own namespace."""

import asyncio
import re

from sockets import listening_socket, new_socket, was_retransmitted

# Longer than any client waits.
PATIENCE_S = 15
REQUEST = re.compile(r"GET http://([^/]*)(/\S*) HTTP/1.1")


async def start(machine, port, routes, identity):
    async def serve(reader, writer):
        try:
            line = await reader.readline()
            peer, local = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
            own = identity(peer[0], f"{local[0]}:{local[1]}")
            asked = REQUEST.match(line.decode())
            route = find_route(routes, *asked.groups()) if asked else None
            try:
                answer = await asyncio.wait_for(call(machine, route, line), PATIENCE_S) if route else own
            except OSError:
                answer = own
            writer.write(answer)
            await writer.drain()
        except (OSError, asyncio.TimeoutError):
            pass
        writer.close()

    return await asyncio.start_server(serve, sock=listening_socket(machine, "TCP", port))


async def call(machine, route, line):
    loop = asyncio.get_running_loop()
    with new_socket(machine, "TCP") as outside:
        await loop.sock_connect(outside, (route["ip"], route["port"]))
        if was_retransmitted(outside):
            await asyncio.sleep(PATIENCE_S)
        await loop.sock_sendall(outside, line)
        return await loop.sock_recv(outside, 2048)


def find_route(routes, host, path):
    """First the host, then the path among its own."""
    for wanted in (host, "*." + host.partition(".")[2], ""):
        own = [route for route in routes if route["host"] == wanted]
        if own:
            fitting = [route for route in own if fits(route, path)]
            fitting.sort(key=lambda route: (route["pathType"] == "Exact", len(route["path"])), reverse=True)
            return fitting[0] if fitting else None
    return None


def fits(route, path):
    if route["pathType"] == "Exact":
        return path == route["path"]
    stem = route["path"].rstrip("/")
    return path == stem or path.startswith(stem + "/")
