"""One network namespace and what `ip` can do in it."""

import os
import re

from namespaces import Namespace

# As a node or a host is set up before `dump` says otherwise. ICMP errors come as often as they are due.
DEFAULTS = {
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

DEVICE_SETTING = re.compile(r"net\.ipv4\.conf\.(?!(all|default)\.)")


class Machine(Namespace):
    def __init__(self):
        super().__init__()
        self.sysctl(DEFAULTS)
        self.ip("link set lo up")

    def ip(self, *lines):
        self.batch("ip", lines)

    def bridge(self, *lines):
        self.batch("bridge", lines)

    def batch(self, tool, lines):
        if lines:
            self.run([tool, "-batch", "-"], "\n".join(lines) + "\n")

    def sysctl(self, values):
        with self.entered():
            for name, value in values.items():
                with open(f"/proc/sys/net/{name}", "w") as file:
                    file.write(str(value))

    def sysctl_lines(self, lines, of_devices):
        """`net.ipv4.ip_forward = 1`; those of one device have to wait until it is there."""
        pairs = [line.split(" = ") for line in lines if bool(DEVICE_SETTING.match(line)) == of_devices]
        self.sysctl({name.removeprefix("net.").replace(".", "/"): value for name, value in pairs})

    def has_device(self, name):
        with self.entered():
            return os.path.exists(f"/proc/sys/net/ipv4/conf/{name}")

    def set_up_devices(self, devices):
        for device in devices:
            name = device["name"]
            settings = [f"link set {name} address {device['mac']} mtu {device['mtu']}"]
            if "master" in device:
                settings.append(f"link set {name} master {device['master']}")
            self.ip(*settings, f"link set {name} up")
        ports = [device for device in devices if "master" in device]
        self.bridge(*[f"link set dev {port['name']} hairpin {on_off(port)}" for port in ports])

    def add_addresses(self, addresses):
        self.ip(*[f"addr add {address} dev {device}" for device, address in addresses])

    def add_routes(self, routes):
        """Those that came with an address are there; gateways come after the ways to them."""
        given = [route for route in routes if "proto kernel" not in route]
        self.ip(*[f"route add {route}" for route in sorted(given, key=lambda route: " via " in route)])

    def neighbour_settings(self, values):
        with self.entered():
            devices = [name for name in os.listdir("/proc/sys/net/ipv4/neigh") if name != "default"]
        for device in devices:
            self.sysctl({f"ipv4/neigh/{device}/{name}": value for name, value in values.items()})


def on_off(port):
    return "on" if port.get("hairpin") else "off"
