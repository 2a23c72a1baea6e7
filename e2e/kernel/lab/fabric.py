"""What lies between machines: the VPC as one link with a router on it, the internet, and the gateways between."""

import ipaddress

VPC_CIDR = "10.0.0.0/16"
VPC_TABLE = 100
UNKNOWN_TABLE = 101
AFTER_MAIN = 40000
FROM_INSIDE = 1
TRANSLATED_BACK = 2
GATEWAY_OF_INTERNET_HOSTS = "169.254.1.1"
ONLY_ITS_OWN = {"arp_ignore": 1, "arp_announce": 2}

# It passes on what it is given, whatever the source says.
ROUTER = {
    "ipv4/ip_forward": 1,
    "ipv4/conf/all/accept_local": 1,
    "ipv4/conf/all/route_localnet": 1,
    "bridge/bridge-nf-call-iptables": 0,
}


class Fabric:
    def __init__(self, router, topology):
        self.router = router
        self.topology = topology
        self.cables = 0
        self.ports = {}
        router.sysctl(ROUTER)
        router.ip(
            "link add vpc0 type bridge",
            "link set vpc0 up",
            *[f"addr add {gateway}/24 dev vpc0" for gateway in sorted({gateway_of(ip) for ip in vpc_addresses(topology)})],
            # What the VPC and the internet do not know, they are silent about; the VPC router counts hops before.
            "link add void type bridge",
            "link set void arp off up",
            f"route add default dev void table {UNKNOWN_TABLE}",
            f"rule add pref {AFTER_MAIN} iif vpc0 lookup {UNKNOWN_TABLE}",
            f"rule add pref {AFTER_MAIN + 1} blackhole",
            # The internet does not know the ways to pods, whoever else does.
            f"rule add iif vpc0 lookup {VPC_TABLE}",
            f"rule add iif lo lookup {VPC_TABLE}",
            f"rule add fwmark {TRANSLATED_BACK} lookup {VPC_TABLE}",
            *[
                f"route add {row['destination']} via {row['via']} dev vpc0 table {VPC_TABLE}"
                for row in topology["vpcRoutes"]
            ],
        )

    def add_rules(self):
        """Once everything is cabled."""
        checked = [node for node in self.topology["nodes"] if node.get("sourceDestCheck")]
        if checked:
            self.router.sysctl({"bridge/bridge-nf-call-iptables": 1})
            # What a gateway translates for its sender's own machine is bridged, then, and has to get back.
            self.router.bridge(*[f"link set dev {port} hairpin on" for port in self.ports.values()])
        checks = {
            self.ports[f"node/{node['name']}", card["dev"]]: card["addresses"]
            for node in checked
            for card in cards_of(node)
        }
        self.router.run(["ipset", "restore"], address_sets(checks))
        self.router.run(["iptables-restore"], gateway_rules(self.topology, checks))

    def answer_for_pods(self, machine, node):
        """The VPC knows which card has an address; here that card, and no other, has to answer ARP for it."""
        for card in cards_of(node):
            machine.sysctl({f"ipv4/conf/{card['dev']}/{name}": value for name, value in ONLY_ITS_OWN.items()})
            machine.ip(*[f"neigh add proxy {ip} dev {card['dev']}" for ip in card["addresses"][1:]])

    def cable(self, machine, name, owner):
        """From an interface of `machine`, which is made, to the VPC."""
        port = f"vpc{self.next_cable()}"
        self.ports[owner, name] = port
        self.connect(machine, name, port, "link set {port} master vpc0")

    def connect(self, machine, name, port, *setup):
        self.router.ip(
            f"link add {port} type veth peer name {name} netns {machine.path}",
            *[line.format(port=port) for line in setup],
            f"link set {port} up",
        )

    def next_cable(self):
        self.cables += 1
        return self.cables

    def add_host(self, machine, host):
        port = f"inet{self.next_cable()}"
        self.connect(machine, "eth0", port, f"addr add {GATEWAY_OF_INTERNET_HOSTS}/32 dev {{port}}")
        self.router.ip(f"route add {host['ip']}/32 dev {port}")
        machine.ip(
            f"addr add {host['ip']}/32 dev eth0",
            "link set eth0 up",
            f"route add default via {GATEWAY_OF_INTERNET_HOSTS} dev eth0 onlink",
        )

    def add_load_balancer(self, machine, balancer):
        self.attach_to_vpc(machine, balancer["vpcIp"])
        machine.ip(f"addr add {balancer['ip']}/32 dev lo")
        self.router.ip(f"route add {balancer['ip']}/32 via {balancer['vpcIp']} dev vpc0")

    def attach_to_vpc(self, machine, ip):
        self.cable(machine, "eth0", ip)
        machine.ip(
            f"addr add {ip}/24 dev eth0",
            "link set eth0 up",
            f"route add default via {gateway_of(ip)} dev eth0",
        )


def vpc_addresses(topology):
    hosts = [host["ip"] for host in topology["hosts"] if host["zone"] == "vpc"]
    balancers = [balancer["vpcIp"] for balancer in topology["loadBalancers"]]
    return [node["ip"] for node in topology["nodes"]] + hosts + balancers


def gateway_of(ip):
    return str(ipaddress.ip_interface(f"{ip}/24").network[1])


def cards_of(node):
    """Network cards with the addresses that the VPC sends there, each card's own first."""
    return node.get("cards", [{"dev": "eth0", "addresses": [node["ip"]]}])


def address_sets(checks):
    lines = []
    for port, addresses in checks.items():
        lines += [f"create {port} hash:ip", *[f"add {port} {ip}" for ip in addresses]]
    return "\n".join([*lines, ""])


def forwarding(topology, balancer):
    """A load balancer of layer 4 is translations: each flow to one of the targets, its source as it is."""
    if balancer["kind"] != "nlb":
        return
    addresses = {node["name"]: node["ip"] for node in topology["nodes"]}
    targets = [addresses[name] for name in balancer["targets"]]
    for port in balancer["ports"]:
        served = f"-A PREROUTING -d {balancer['ip']}/32 -p {port['protocol'].lower()} --dport {port['port']}"
        for left, target in zip(range(len(targets), 0, -1), targets):
            chance = f"-m statistic --mode random --probability {1 / left:.11f} " if left > 1 else ""
            yield f"{served} {chance}-j DNAT --to-destination {target}:{port['nodePort']}"


def gateway_rules(topology, checks):
    """The internet gateway's 1:1 addresses, the NAT gateway, which translates what starts inside, and the check of
    sources and destinations: by port, the addresses of the card that it is on for."""
    nat = topology.get("natGateway")
    published = [(node["externalIp"], node["ip"]) for node in topology["nodes"] if "externalIp" in node]
    public = [balancer["ip"] for balancer in topology["loadBalancers"]]
    inside = [VPC_CIDR, *vpc_addresses(topology), *[row["destination"] for row in topology["vpcRoutes"]]]
    return "\n".join(
        [
            "*raw",
            *[
                f"-A PREROUTING -m physdev --physdev-in {port} -m set ! --match-set {port} src -j DROP"
                for port in checks
            ],
            *[f"-A PREROUTING -i vpc0 -d {cidr} -j CT --notrack" for cidr in inside],
            *[f"-A PREROUTING -i inet+ -d {cidr} -j DROP" for cidr in inside if nat],
            "COMMIT",
            "*mangle",
            f"-A PREROUTING -i vpc0 -j MARK --set-mark {FROM_INSIDE}",
            *(
                [f"-A PREROUTING -i inet+ -d {nat} -m conntrack --ctdir REPLY -j MARK --set-mark {TRANSLATED_BACK}"]
                if nat
                else []
            ),
            "COMMIT",
            "*nat",
            *[f"-A PREROUTING -d {ip} -j DNAT --to-destination {to}" for ip, to in published],
            *[line for balancer in topology["loadBalancers"] for line in forwarding(topology, balancer)],
            *[f"-A POSTROUTING -s {ip} -j ACCEPT" for ip in public],
            *(
                [
                    f"-A POSTROUTING -o inet+ -m mark --mark {FROM_INSIDE} -j SNAT --to-source {nat}",
                    f"-A POSTROUTING -m mark --mark {FROM_INSIDE} -m conntrack --ctstate DNAT -j SNAT --to-source {nat}",
                    # Load balancers are called by their public addresses, from inside as well.
                    *[f"-A POSTROUTING -d {ip} -m mark --mark {FROM_INSIDE} -j SNAT --to-source {nat}" for ip in public],
                ]
                if nat
                else []
            ),
            "COMMIT",
            "*filter",
            # Of errors, the VPC router reports only what traceroute lives on.
            "-A OUTPUT -p icmp --icmp-type time-exceeded -j ACCEPT",
            "-A OUTPUT -p icmp -j DROP",
            *[
                f"-A FORWARD -o vpc0 -d {row['destination']} -j DROP"
                for row in topology["vpcRoutes"]
                if any(row["via"] in addresses for addresses in checks.values())
            ],
            *[
                f"-A FORWARD -m physdev --physdev-out {port} --physdev-is-bridged -m set ! --match-set {port} dst -j DROP"
                for port in checks
            ],
            *(["-A FORWARD -o inet+ -m conntrack --ctstate INVALID -j DROP"] if nat else []),
            "COMMIT",
            "",
        ]
    )
