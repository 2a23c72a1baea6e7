"""Builds the machines of `kubehop dump` on this machine's kernel: lab.py DIR < requests > answers (see traffic.py)."""

import ipaddress
import json
import os
import sys

import traffic
from namespaces import Namespace

VPC_TABLE = 100
GATEWAY_OF_INTERNET_HOSTS = "169.254.1.1"

QUIET = {
    "ipv6/conf/all/disable_ipv6": 1,
    "ipv6/conf/default/disable_ipv6": 1,
    "ipv4/icmp_ratelimit": 0,
    "ipv4/icmp_msgs_per_sec": 1_000_000,
    "ipv4/icmp_msgs_burst": 100_000,
    "ipv4/conf/all/send_redirects": 0,
    "ipv4/conf/default/send_redirects": 0,
    "ipv4/conf/all/rp_filter": 0,
    "ipv4/conf/default/rp_filter": 0,
}

# ARP gives up after 0.6 s instead of 3 s.
ARP_RETRY_MS = 200


class Lab:
    def __init__(self, directory):
        self.directory = directory
        with open(os.path.join(directory, "topology.json")) as file:
            self.topology = json.load(file)
        self.namespaces = {}
        self.bridged = set()
        self.links = 0
        self.router = self.machine("router")
        self.build_router()
        for node in self.topology["nodes"]:
            self.build_node(node)
        for pod in self.topology["pods"]:
            if not pod["hostNetwork"]:
                self.build_pod(pod)
        for host in self.topology["hosts"]:
            self.build_host(host)
        for balancer in self.topology["loadBalancers"]:
            self.build_load_balancer(balancer)
        for name, namespace in self.namespaces.items():
            device = {"router": "vpc0"}.get(name, "eth0")
            namespace.sysctl({f"ipv4/neigh/{device}/retrans_time_ms": ARP_RETRY_MS})
            if name in self.bridged:
                namespace.sysctl({"ipv4/neigh/cni0/retrans_time_ms": ARP_RETRY_MS})

    def machine(self, name):
        namespace = Namespace()
        namespace.sysctl(QUIET)
        namespace.ip("link set lo up")
        self.namespaces[name] = namespace
        return namespace

    def link(self, namespace, inside, setup):
        """A cable from `inside` to eth0 of `namespace`. Answers the name of the near end."""
        self.links += 1
        name = f"veth{self.links:08x}"
        inside.ip(
            f"link add {name} type veth peer name eth0 netns {namespace.path}",
            *[line.format(name=name) for line in setup],
            f"link set {name} up",
        )
        return name

    def build_router(self):
        """The VPC router and the internet: one link that all of the VPC is on, one to each host outside."""
        topology = self.topology
        inside = [node["ip"] for node in topology["nodes"]]
        inside += [host["ip"] for host in topology["hosts"] if host["zone"] == "vpc"]
        inside += [balancer["vpcIp"] for balancer in topology["loadBalancers"]]
        gateways = sorted({gateway_of(ip) for ip in inside})
        self.router.sysctl({"ipv4/ip_forward": 1, "bridge/bridge-nf-call-iptables": 0})
        self.router.ip(
            "link add vpc0 type bridge",
            "link set vpc0 up",
            *[f"addr add {gateway}/24 dev vpc0" for gateway in gateways],
            # What the VPC and the internet do not know, they are silent about.
            "route add blackhole default",
            # The internet does not know the ways to pods, whoever else does.
            f"rule add iif vpc0 lookup {VPC_TABLE}",
            *[
                f"route add {row['destination']} via {row['via']} dev vpc0 table {VPC_TABLE}"
                for row in topology["vpcRoutes"]
            ],
        )
        self.router.run(["iptables-restore"], "*filter\n:OUTPUT ACCEPT\n-A OUTPUT -p icmp -j DROP\nCOMMIT\n")

    def build_node(self, node):
        options = self.topology["options"]
        namespace = self.machine(f"node/{node['name']}")
        localnet = int(options["routeLocalnet"])
        namespace.sysctl(
            {
                "ipv4/ip_forward": 1,
                "ipv4/conf/all/rp_filter": options["rpFilter"],
                "ipv4/conf/default/rp_filter": options["rpFilter"],
                "ipv4/conf/all/route_localnet": localnet,
                "ipv4/conf/default/route_localnet": localnet,
                "bridge/bridge-nf-call-iptables": int(options["bridgeNfCallIptables"]),
            }
        )
        self.link(namespace, self.router, ["link set {name} master vpc0"])
        devices = read_addresses(self.file(node, "ip-addr"))
        setup = ["link set eth0 up"]
        if "cni0" in devices:
            setup += ["link add cni0 type bridge", "link set cni0 up"]
            self.bridged.add(f"node/{node['name']}")
        for device in ("eth0", "cni0"):
            setup += [f"addr add {address} dev {device}" for address in devices.get(device, [])]
        routes = self.file(node, "ip-route").splitlines()
        setup += [f"route add {route}" for route in routes if "proto kernel" not in route]
        namespace.ip(*setup)
        namespace.run(["iptables-restore"], self.file(node, "iptables-save"))

    def file(self, node, name):
        with open(os.path.join(self.directory, "nodes", node["name"], name)) as file:
            return file.read()

    def build_pod(self, pod):
        node = next(node for node in self.topology["nodes"] if node["name"] == pod["node"])
        name = f"pod/{pod['namespace']}/{pod['name']}"
        namespace = self.machine(name)
        on_node = self.namespaces[f"node/{pod['node']}"]
        port = self.link(namespace, on_node, ["link set {name} master cni0"])
        hairpin = "on" if self.topology["options"]["hairpinMode"] else "off"
        on_node.run(["bridge", "link", "set", "dev", port, "hairpin", hairpin])
        pods = ipaddress.ip_network(node["podCIDR"])
        prefix = pods.prefixlen if ipaddress.ip_address(pod["ip"]) in pods else 32
        namespace.ip(
            "link set eth0 up",
            f"addr add {pod['ip']}/{prefix} dev eth0",
            f"route add default via {pods[1]} dev eth0 onlink",
        )

    def build_host(self, host):
        namespace = self.machine(f"host/{host['name']}")
        if host["zone"] == "vpc":
            self.attach_to_vpc(namespace, host["ip"])
            return
        setup = [f"addr add {GATEWAY_OF_INTERNET_HOSTS}/32 dev {{name}}", "link set {name} up"]
        self.link(namespace, self.router, [*setup, f"route add {host['ip']}/32 dev {{name}}"])
        namespace.ip(
            f"addr add {host['ip']}/32 dev eth0",
            "link set eth0 up",
            f"route add default via {GATEWAY_OF_INTERNET_HOSTS} dev eth0 onlink",
        )

    def build_load_balancer(self, balancer):
        namespace = self.machine(f"elb/{balancer['service']}")
        self.attach_to_vpc(namespace, balancer["vpcIp"])
        namespace.ip(f"addr add {balancer['ip']}/32 dev lo")
        self.router.ip(f"route add {balancer['ip']}/32 via {balancer['vpcIp']} dev vpc0")

    def attach_to_vpc(self, namespace, ip):
        self.link(namespace, self.router, ["link set {name} master vpc0"])
        namespace.ip(
            f"addr add {ip}/24 dev eth0",
            "link set eth0 up",
            f"route add default via {gateway_of(ip)} dev eth0",
        )


def gateway_of(ip):
    return str(ipaddress.ip_interface(f"{ip}/24").network[1])


def read_addresses(text):
    """`ip addr`: device to addresses with prefix."""
    devices = {}
    name = ""
    for line in text.splitlines():
        words = line.split()
        if not line.startswith(" "):
            name = words[1].rstrip(":")
        elif words[0] == "inet":
            devices.setdefault(name, []).append(words[1])
    return devices


if __name__ == "__main__":
    requests = json.load(sys.stdin)
    json.dump(traffic.run(Lab(sys.argv[1]), requests), sys.stdout)
