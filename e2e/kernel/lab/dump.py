"""The files of `kubehop dump`: see docs/dump-format.md."""

import json
import os

# Rules of `ip rule` that every namespace has.
DEFAULT_RULES = {"0": "local", "32766": "main", "32767": "default"}


class Dump:
    def __init__(self, directory):
        self.directory = directory
        with open(os.path.join(directory, "topology.json")) as file:
            self.topology = json.load(file)

    def text(self, machine, name):
        """Empty where there is no such file: `node/a` has its files in nodes/a."""
        kind, _, rest = machine.partition("/")
        path = os.path.join(self.directory, f"{kind}s", rest, name)
        if not os.path.exists(path):
            return ""
        with open(path) as file:
            return file.read()

    def lines(self, machine, name):
        return [line.strip() for line in self.text(machine, name).splitlines() if line.strip()]

    def addresses(self, machine):
        """[(device, address with prefix)]"""
        found = []
        device = ""
        for line in self.text(machine, "ip-addr").splitlines():
            words = line.split()
            if not line.startswith(" "):
                device = words[1].rstrip(":").partition("@")[0]
            elif words[0] == "inet" and (device, words[1]) != ("lo", "127.0.0.1/8"):
                found.append((device, words[1]))
        return found

    def rules(self, machine):
        """`512:	from all to 10.0.1.7 lookup main` is given to `ip rule add` as it is, with `priority 512`."""
        rows = [line.partition(":") for line in self.lines(machine, "ip-rule")]
        return [
            f"{rest.strip()} priority {priority}"
            for priority, _, rest in rows
            if DEFAULT_RULES.get(priority) != rest.split()[-1]
        ]

    def neighbours(self, machine):
        """`ip neigh` prints states in capitals and takes them in small letters."""
        rows = [line.split() for line in self.lines(machine, "ip-neigh")]
        return [" ".join([*row[:-1], "nud", row[-1].lower()]) for row in rows]
