"""`-m recent` remembers clients (ClientIP affinity), while every attempt is to start without a past."""

import asyncio


class AffinityLists:
    def __init__(self, lab):
        nodes = [lab.machines[f"node/{node['name']}"] for node in lab.topology["nodes"]]
        self.lists = [(node, paths) for node in nodes if (paths := paths_of(node))]
        self.balancers = {balancer["ip"] for balancer in lab.topology["loadBalancers"]}
        self.turns = {}

    def turn_of(self, request):
        """Requests of one source are one client to the rules, and so are those of a load balancer. None: no lists,
        or nobody answers and nobody is kept waiting."""
        if not self.lists or request["silence"] == "certain":
            return None
        source = "load balancer" if request["ip"] in self.balancers else request["from"]
        return self.turns.setdefault(source, asyncio.Lock())

    def forget(self):
        for node, paths in self.lists:
            with node.entered():
                for path in paths:
                    with open(path, "w") as file:
                        file.write("/")


def paths_of(node):
    return node.run(["sh", "-c", "ls -d /proc/net/xt_recent/* 2>/dev/null || true"]).split()
