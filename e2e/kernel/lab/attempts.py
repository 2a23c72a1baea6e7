"""Many attempts at once, without their getting in each other's way.

requests: [{id, from, ip, port, protocol, count, silence: "certain" | "possible" | "never"}], where `silence` says
whether no answer is what the simulation expects. answers: {id: [see client.call]}."""

import asyncio
import random

from affinity import AffinityLists
from client import SILENCE, call

# Long enough for an ARP failure; silence that nobody expected may be a busy moment, and is listened to again.
PATIENCE_S = 2
LONG_PATIENCE_S = 5
PARALLEL = 128
PARALLEL_AGAIN = 16
# Silent attempts cost nothing but time.
PARALLEL_SILENT = 4_000
# By then a client's first packet has met the rules.
FIRST_PACKET_S = 0.1


async def make_all(lab, requests):
    random_order = [request for request in requests for _ in range(request["count"])]
    random.shuffle(random_order)
    crowd = Crowd(lab, {request["id"]: [] for request in requests})
    silent = [request for request in random_order if request["silence"] == "certain"]
    others = [request for request in random_order if request["silence"] != "certain"]
    if crowd.affinity.lists:
        # Those that nobody answers are in the lists as well, and their repetitions: first them, then the others.
        await crowd.make(silent)
        await crowd.make(others)
    else:
        await crowd.make(silent + others)
    await crowd.ask_again()
    return crowd.answers


class Crowd:
    def __init__(self, lab, answers):
        self.lab = lab
        self.answers = answers
        self.affinity = AffinityLists(lab)
        self.gate = asyncio.Semaphore(PARALLEL)
        self.silent_gate = asyncio.Semaphore(PARALLEL_SILENT)
        self.unanswered = {}

    async def make(self, requests):
        await asyncio.gather(*[self.attempt(request) for request in requests])

    async def attempt(self, request):
        turn = self.affinity.turn_of(request)
        answer = await (self.call_in_turn(request, turn) if turn else self.call_gated(request))
        if answer == SILENCE and request["silence"] == "never":
            self.unanswered[request["id"]] = request
        else:
            self.answers[request["id"]].append(answer)

    async def ask_again(self):
        """Once for each request, in a smaller crowd."""
        gate = asyncio.Semaphore(PARALLEL_AGAIN)

        async def ask(request):
            async with gate:
                self.affinity.forget()
                self.answers[request["id"]].append(await self.call(request, LONG_PATIENCE_S))

        await asyncio.gather(*[ask(request) for request in self.unanswered.values()])

    async def call_gated(self, request):
        async with self.silent_gate if request["silence"] == "certain" else self.gate:
            return await self.call(request, PATIENCE_S)

    async def call_in_turn(self, request, turn):
        """Clients that an affinity list would take for one another take turns with their first packets."""
        async with turn:
            self.affinity.forget()
            task = asyncio.ensure_future(self.call(request, PATIENCE_S))
            await asyncio.wait({task}, timeout=FIRST_PACKET_S)
        return await task

    def call(self, request, patience_s):
        return call(self.lab, request, patience_s)
