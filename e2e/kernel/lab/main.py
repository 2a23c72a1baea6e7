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
import traceback

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
    asyncio.run(work(directory, json.load(sys.stdin)))


async def work(directory, asked):
    code = 0
    try:
        json.dump(await answer(Lab(directory), asked), sys.stdout)
        sys.stdout.flush()
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        code = 1
    # At once: whatever is still under way would complain of its end.
    os._exit(code)


async def answer(lab, asked):
    seen = await probes.send_all(lab, asked["probes"])
    running = await servers.start_all(lab)
    answers = await attempts.make_all(lab, asked["requests"])
    del running
    return {"attempts": answers, "frames": seen}


main(sys.argv[1], int(sys.argv[2]))
