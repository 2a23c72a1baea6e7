"""Security groups: firewalls in front of machines' network cards, here as the first and the last rules of the machine
itself. Answers to what was let through pass."""

CARDS = "eth+"


def close(lab):
    for group in lab.topology["securityGroups"]:
        machine = lab.machines[group["machine"]]
        machine.run(["iptables-restore", "--noflush"], rules_of(group))


def rules_of(group):
    return "\n".join(
        [
            "*mangle",
            ":SG-IN - [0:0]",
            ":SG-OUT - [0:0]",
            *[line for rule in group["ingress"] for line in admitting("SG-IN", "-s", rule)],
            "-A SG-IN -j DROP",
            *[line for rule in group["egress"] for line in admitting("SG-OUT", "-d", rule)],
            "-A SG-OUT -j DROP",
            f"-I PREROUTING -i {CARDS} -m conntrack ! --ctstate ESTABLISHED -j SG-IN",
            f"-A POSTROUTING -o {CARDS} -m conntrack ! --ctstate ESTABLISHED -j SG-OUT",
            "COMMIT",
            "",
        ]
    )


def admitting(chain, side, rule):
    return [f"-A {chain} {side} {cidr} {what(rule)}-j RETURN" for cidr in rule["cidrs"]]


def what(rule):
    protocol = rule["protocol"]
    if protocol == "all":
        return ""
    first, last = rule.get("from"), rule.get("to")
    if first is None or first == -1:
        return f"-p {protocol} "
    if protocol == "icmp":
        return f"-p icmp --icmp-type {first}{'' if last is None or last == -1 else f'/{last}'} "
    return f"-p {protocol} --dport {first}:{first if last is None else last} "
