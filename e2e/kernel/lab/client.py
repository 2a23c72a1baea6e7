"""One attempt: a client's request and what came of it."""

import asyncio
import contextlib
import errno
import json

import sctp
from sockets import new_socket, was_retransmitted

# EINVAL: the node's own route for it is a blackhole.
REFUSED = {
    errno.ECONNREFUSED,
    errno.ECONNRESET,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.ENOPROTOOPT,
    errno.EPIPE,
    errno.EINVAL,
}
SILENCE = {"verdict": "dropped"}


async def call(lab, request, patience_s):
    """{verdict: delivered, server, sees, local} | {verdict: refused, error} | {verdict: dropped}"""
    machine = lab.machines[request["from"]]
    asking = sctp.ask(machine, request, lab.sctp) if request["protocol"] == "sctp" else ask(machine, request)
    try:
        answer = await asyncio.wait_for(asking, patience_s)
        return {"verdict": "delivered", **answer} if answer else SILENCE
    except asyncio.TimeoutError:
        return SILENCE
    except OSError as error:
        if error.errno not in REFUSED:
            raise
        return {"verdict": "refused", "error": errno.errorcode[error.errno]}


def question(request):
    http = request.get("http")
    return f"GET http://{http['host']}{http['path']} HTTP/1.1\n".encode() if http else b"who are you?\n"


async def ask(machine, request):
    """None: the first packet was lost, whatever became of its repetition."""
    loop = asyncio.get_running_loop()
    with new_socket(machine, request["protocol"]) as sock:
        await loop.sock_connect(sock, (request["ip"], request["port"]))
        if was_retransmitted(sock):
            return None
        with contextlib.suppress(PermissionError):  # The node's own rules stopped it; they may have answered as well.
            await loop.sock_sendall(sock, question(request))
        answer = await loop.sock_recv(sock, 2048)
    if answer == b"":
        raise ConnectionResetError(errno.ECONNRESET, "closed without an answer")
    return json.loads(answer)
