"""One attempt: a client's request and what came of it."""

import asyncio
import errno
import json

from sockets import new_socket, was_retransmitted

REFUSED = {errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPIPE}
SILENCE = {"verdict": "dropped"}


async def call(machine, request, patience_s):
    """{verdict: delivered, server, sees, local} | {verdict: refused, error} | {verdict: dropped}"""
    with new_socket(machine, request["protocol"]) as sock:
        try:
            return await asyncio.wait_for(ask(sock, request), patience_s)
        except asyncio.TimeoutError:
            return SILENCE
        except OSError as error:
            if error.errno not in REFUSED:
                raise
            return {"verdict": "refused", "error": errno.errorcode[error.errno]}


async def ask(sock, request):
    loop = asyncio.get_running_loop()
    await loop.sock_connect(sock, (request["ip"], request["port"]))
    if was_retransmitted(sock):
        return SILENCE
    try:
        await loop.sock_sendall(sock, b"who are you?\n")
    except PermissionError:
        pass  # The node's own rules stopped a datagram; whether they also answered shows below.
    answer = await loop.sock_recv(sock, 2048)
    if answer == b"":
        raise ConnectionResetError(errno.ECONNRESET, "closed without an answer")
    return {"verdict": "delivered", **json.loads(answer)}
