"""main.py DIR PARENT < asked > answers: builds the machines of `kubehop dump` (docs/dump-format.md) on this machine's
kernel and sends real packets. asked: {requests: see attempts.py, probes: see probes.py}; answers: {attempts, frames}.

Nothing outside is touched and nothing stays: the namespaces have no names, are held by this process alone, and go when
it goes, however it ends. So do the addresses, routes and rules inside them."""

import asyncio
import ctypes
import json
import os
import resource
import signal
import sys

import attempts
import probes
import servers
from lab import Lab

PR_SET_PDEATHSIG = 1
OPEN_FILES = 16_384


def main(directory, parent):
    # Whoever started this may be killed, or have been: then nobody waits for the answers.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("nobody waits for the answers")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most), most))
    asked = json.load(sys.stdin)
    json.dump(asyncio.run(answer(Lab(directory), asked)), sys.stdout)


async def answer(lab, asked):
    seen = await probes.send_all(lab, asked["probes"])
    running = await servers.start_all(lab)
    answers = await attempts.make_all(lab, asked["requests"])
    del running
    return {"attempts": answers, "frames": seen}


main(sys.argv[1], int(sys.argv[2]))
