"""All machines of one scenario, cabled up."""

import security_groups
from dump import Dump
from fabric import Fabric
from machine import Machine

# ARP gives up after 0.6 s instead of 3 s, and keeps every packet that waits for it.
# Who answers for others does so at once.
ARP = {"retrans_time_ms": 200, "unres_qlen_bytes": 1 << 24, "proxy_delay": 0}


def proxies(topology):
    """The load balancers that are machines; others are rules of the router."""
    return [balancer for balancer in topology["loadBalancers"] if balancer["kind"] == "proxy"]


class Lab:
    def __init__(self, directory):
        self.dump = Dump(directory)
        self.topology = self.dump.topology
        self.machines = {}
        self.fabric = Fabric(self.add("router"), self.topology)
        for name in self.topology["devices"]:
            self.add(name).sysctl_lines(self.dump.lines(name, "sysctl"), of_devices=False)
        for name, devices in self.topology["devices"].items():
            for device in devices:
                self.add_device(name, device)
        for name, devices in self.topology["devices"].items():
            self.set_up(self.machines[name], name, devices)
        for node in self.topology["nodes"]:
            self.fabric.answer_for_pods(self.machines[f"node/{node['name']}"], node)
        for host in self.topology["hosts"]:
            if host["zone"] == "internet":
                self.fabric.add_host(self.add(f"host/{host['name']}"), host)
        for balancer in proxies(self.topology):
            self.fabric.add_load_balancer(self.add(f"elb/{balancer['service']}"), balancer)
        self.fabric.add_rules()
        security_groups.close(self)
        for machine in self.machines.values():
            machine.neighbour_settings(ARP)

    def add(self, name):
        self.machines[name] = Machine()
        return self.machines[name]

    def add_device(self, owner, device):
        """Creates one interface, and a veth's other end with it."""
        machine = self.machines[owner]
        kind, name = device["kind"], device["name"]
        if kind == "ethernet":
            self.fabric.cable(machine, name, owner)
        elif kind == "bridge":
            machine.ip(f"link add {name} type bridge")
        elif kind == "veth":
            peer = device["peer"]
            if not machine.has_device(name):
                other = self.machines[peer["netns"]]
                machine.ip(f"link add {name} type veth peer name {peer['name']} netns {other.path}")
        elif kind == "vxlan":
            vxlan = device["vxlan"]
            machine.ip(
                f"link add {name} type vxlan id {vxlan['vni']} local {vxlan['local']}"
                f" dstport {vxlan['port']} nolearning"
            )
        else:
            raise ValueError(f"{name}: the lab has no devices of kind {kind}")

    def set_up(self, machine, name, devices):
        """Everything that `dump` says of one machine, in an order that the kernel takes."""
        machine.set_up_devices(devices)
        machine.add_addresses(self.dump.addresses(name))
        machine.sysctl_lines(self.dump.lines(name, "sysctl"), of_devices=True)
        machine.add_routes(self.dump.lines(name, "ip-route"))
        machine.ip(*[f"rule add {line}" for line in self.dump.rules(name)])
        machine.ip(*[f"neigh replace {line}" for line in self.dump.neighbours(name)])
        machine.bridge(*[f"fdb append {line}" for line in self.dump.lines(name, "bridge-fdb")])
        sets = self.dump.text(name, "ipset")
        if sets:
            machine.run(["ipset", "restore"], sets)
        rules = self.dump.text(name, "iptables-save")
        if rules:
            machine.run(["iptables-restore"], rules)
