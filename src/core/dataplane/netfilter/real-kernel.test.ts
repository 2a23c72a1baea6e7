import { spawnSync } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import { findObstacle } from "../../../../e2e/kernel/obstacle";
import { parseCidr } from "../../net/cidr";
import { formatConntrack } from "../describe";
import {
  type Answer,
  type Intervention,
  type LabCase,
  type LabResult,
  runOnKernel,
  type Step,
  simulate,
} from "./testing/lab";

/** Steps as `tcp 10.1.0.2:1000 > 10.2.0.2:80`, perhaps after `300ms`. */
function steps(...lines: readonly string[]): readonly Step[] {
  return lines.map((line) => {
    const match = /^(?:(\d+)ms )?(tcp|udp) ([\d.]+):(\d+) > ([\d.]+):(\d+)$/.exec(line);
    if (!match) throw new Error(`not a step: ${line}`);
    const [, waitMs = "0", protocol, src = "", sport, dst = "", dport] = match;
    const given = { waitMs: Number(waitMs), src, sport: Number(sport), dst, dport: Number(dport) };
    return { ...given, protocol: protocol === "tcp" ? "tcp" : "udp" };
  });
}

/** `udp 10.1.0.2:1000 > 10.2.0.2:80` and so on from ports 1001, 1002 … */
function several(count: number, protocol: "tcp" | "udp", to = "10.2.0.2:80"): readonly Step[] {
  return steps(
    ...Array.from({ length: count }, (_, i) => `${protocol} 10.1.0.2:${2_000 + i} > ${to}`),
  );
}

function table(name: string, ...lines: readonly string[]): string {
  return `*${name}\n${lines.join("\n")}\nCOMMIT\n`;
}

const everyPair = (to: readonly string[]) =>
  steps(
    ...[2, 3, 4, 5, 6, 7].flatMap((last) =>
      to.map((ip, index) => `udp 10.1.0.${last}:${3_000 + index} > ${ip}:80`),
    ),
  );

const CASES: Readonly<Record<string, LabCase>> = {
  "nth: every third, from the start": {
    rules: table(
      "nat",
      "-A PREROUTING -p udp -m statistic --mode nth --every 3 --packet 0 -j DNAT --to-destination 10.2.0.3",
      "-A PREROUTING -p udp -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination 10.2.0.4",
      "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.5",
    ),
    steps: several(8, "udp"),
  },
  "nth: where it starts, and negated": {
    rules: table(
      "nat",
      "-A PREROUTING -p udp -m statistic --mode nth --every 4 --packet 3 -j DNAT --to-destination 10.2.0.3",
      "-A PREROUTING -p udp -m statistic --mode nth ! --every 3 --packet 1 -j DNAT --to-destination 10.2.0.4",
    ),
    steps: several(9, "udp"),
  },
  "recent: the third within a time is dropped, others are not": {
    rules: table(
      "filter",
      "-A FORWARD -p udp -m conntrack --ctstate NEW -m recent --update --seconds 60 --hitcount 2 --name r -j DROP",
      "-A FORWARD -p udp -m conntrack --ctstate NEW -m recent --set --name r",
    ),
    steps: [...several(4, "udp"), ...steps("udp 10.1.0.3:2000 > 10.2.0.2:80")],
  },
  "recent: seconds pass, addresses are removed, destinations are listed": {
    rules: table(
      "filter",
      "-A FORWARD -p udp -d 10.2.0.3 -m recent --name r --remove -j ACCEPT",
      "-A FORWARD -p udp -d 10.2.0.4 -m recent --name r --set -j ACCEPT",
      "-A FORWARD -p udp -d 10.2.0.5 -m recent --name r --rcheck --seconds 1 -j DROP",
      "-A FORWARD -p udp -d 10.2.0.6 -m recent ! --rcheck --name d --rdest -m recent --set --name d --rdest -j ACCEPT",
      "-A FORWARD -p udp -d 10.2.0.6 -j DROP",
    ),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.2.0.5:80",
      "udp 10.1.0.2:2001 > 10.2.0.4:80",
      "udp 10.1.0.2:2002 > 10.2.0.5:80",
      "1200ms udp 10.1.0.2:2003 > 10.2.0.5:80",
      "udp 10.1.0.2:2004 > 10.2.0.4:80",
      "udp 10.1.0.2:2005 > 10.2.0.3:80",
      "udp 10.1.0.2:2006 > 10.2.0.5:80",
      "udp 10.1.0.2:2007 > 10.2.0.6:80",
      "udp 10.1.0.3:2007 > 10.2.0.6:80",
    ),
  },
  "limit: a burst, then silence": {
    rules: table(
      "filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT",
      "-A FORWARD -m limit --limit 1/min --limit-burst 3 -j ACCEPT",
    ),
    steps: several(5, "udp"),
  },
  "limit: tokens come back": {
    rules: table(
      "filter",
      ":FORWARD DROP [0:0]",
      "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT",
      "-A FORWARD -m limit --limit 1/sec --limit-burst 1 -j ACCEPT",
    ),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.2.0.2:80",
      "udp 10.1.0.2:2001 > 10.2.0.2:80",
      "1200ms udp 10.1.0.2:2002 > 10.2.0.2:80",
    ),
  },
  "hashlimit: each source for itself": {
    rules: table(
      "filter",
      "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT",
      "-A FORWARD -m hashlimit --hashlimit-above 1/min --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name h -j DROP",
    ),
    steps: [
      ...several(3, "udp"),
      ...steps("udp 10.1.0.3:2000 > 10.2.0.2:80", "udp 10.1.0.3:2001 > 10.2.0.2:80"),
    ],
  },
  "connmark: a mark outlives its packet": {
    rules:
      table(
        "mangle",
        "-A PREROUTING -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff",
        "-A PREROUTING -m mark ! --mark 0x0/0xff -j ACCEPT",
        "-A PREROUTING -p udp -s 10.1.0.3 -j MARK --set-xmark 0x7/0xff",
        "-A PREROUTING -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff",
      ) + table("filter", "-A FORWARD -s 10.2.0.0/24 -m mark --mark 0x7/0xff -j DROP"),
    steps: steps("udp 10.1.0.2:2000 > 10.2.0.2:80", "udp 10.1.0.3:2000 > 10.2.0.2:80"),
  },
  "connmark matches, negated and masked": {
    rules: table(
      "filter",
      "-A FORWARD -s 10.1.0.3 -j CONNMARK --set-xmark 0x10/0x0",
      "-A FORWARD -m connmark ! --mark 0x10/0x10 -d 10.2.0.3 -j DROP",
      "-A FORWARD -m connmark --mark 0x10 -d 10.2.0.4 -j DROP",
    ),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.2.0.3:80",
      "udp 10.1.0.3:2000 > 10.2.0.3:80",
      "udp 10.1.0.2:2001 > 10.2.0.4:80",
      "udp 10.1.0.3:2001 > 10.2.0.4:80",
    ),
  },
  "goto: the end of the chain is the end of its caller; a jump comes back": {
    rules: table(
      "filter",
      ":A - [0:0]",
      ":B - [0:0]",
      "-A FORWARD -d 10.2.0.2 -j A",
      "-A FORWARD -d 10.2.0.2 -j DROP",
      "-A FORWARD -d 10.2.0.3 -j B",
      "-A FORWARD -d 10.2.0.3 -j DROP",
      "-A A -p udp --dport 80 -g B",
      "-A A -j ACCEPT",
      "-A B -p udp --sport 2001 -j RETURN",
      "-A B -p udp --sport 2002 -j ACCEPT",
    ),
    steps: steps(
      "udp 10.1.0.2:2001 > 10.2.0.2:80",
      "udp 10.1.0.2:2002 > 10.2.0.2:80",
      "udp 10.1.0.2:2003 > 10.2.0.2:80",
      "udp 10.1.0.2:2003 > 10.2.0.2:81",
      "udp 10.1.0.2:2002 > 10.2.0.3:80",
      "udp 10.1.0.2:2001 > 10.2.0.3:80",
    ),
  },
  "notrack: no translation, no state": {
    rules:
      table(
        "raw",
        "-A PREROUTING -s 10.1.0.3 -j CT --notrack",
        "-A PREROUTING -d 10.1.0.3 -j NOTRACK",
      ) +
      table("nat", "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.5") +
      table(
        "filter",
        "-A FORWARD -m conntrack --ctstate UNTRACKED -p udp --dport 81 -j DROP",
        "-A FORWARD -m conntrack ! --ctstate NEW,ESTABLISHED,UNTRACKED -j DROP",
      ),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.2.0.2:80",
      "udp 10.1.0.3:2000 > 10.2.0.2:80",
      "udp 10.1.0.3:2001 > 10.2.0.2:81",
    ),
  },
  "raw: nothing has a state there": {
    rules: table("raw", "-A PREROUTING -m conntrack ! --ctstate INVALID -j DROP"),
    steps: several(1, "udp"),
  },
  "DNAT to a range: source and destination choose": {
    rules: table("nat", "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.2-10.2.0.7"),
    steps: everyPair(["10.2.0.2", "10.2.0.3", "192.0.2.1", "192.0.2.77"]),
  },
  "DNAT to a range, persistent: the source alone chooses": {
    rules: table(
      "nat",
      "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.2-10.2.0.7 --persistent",
    ),
    steps: everyPair(["10.2.0.2", "192.0.2.1"]),
  },
  "DNAT to ports: the one that was asked if it is among them, else the first": {
    rules: table("nat", "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.3:81-83"),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.2.0.2:80",
      "udp 10.1.0.2:2001 > 10.2.0.2:80",
      "udp 10.1.0.2:2002 > 10.2.0.2:82",
    ),
  },
  "DNAT to ports in step": {
    rules: table("nat", "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.3:8080-8083/80"),
    steps: steps("udp 10.1.0.2:2000 > 10.2.0.2:80", "udp 10.1.0.2:2001 > 10.2.0.2:82"),
  },
  "DNAT to a port, the address stays": {
    rules: table("nat", "-A PREROUTING -p tcp --dport 83 -j DNAT --to-destination :80"),
    steps: steps("tcp 10.1.0.2:2000 > 10.2.0.4:83"),
  },
  "REDIRECT: the device's first address": {
    rules: table("nat", "-A PREROUTING -p tcp -j REDIRECT --to-ports 81"),
    steps: steps("tcp 10.1.0.2:2000 > 10.2.0.4:80", "tcp 10.1.0.2:2001 > 192.0.2.1:80"),
  },
  "SNAT to a range": {
    rules: table("nat", "-A POSTROUTING -o s0 -p udp -j SNAT --to-source 10.2.0.1-10.2.0.1"),
    steps: steps(
      ...[2, 3, 4, 5, 6, 7].map((last) => `udp 10.1.0.${last}:${3_000 + last} > 10.2.0.2:80`),
    ),
  },
  "SNAT: ports run out": {
    rules: table("nat", "-A POSTROUTING -o s0 -p udp -j SNAT --to-source 10.2.0.1:5000-5001"),
    steps: several(3, "udp"),
    isRandom: true,
  },
  "MASQUERADE to one port: the second connection to the same place is dropped": {
    rules: table("nat", "-A POSTROUTING -o s0 -p udp -j MASQUERADE --to-ports 6000"),
    steps: [...several(2, "udp"), ...steps("udp 10.1.0.2:2005 > 10.2.0.3:80")],
  },
  "nat INPUT": {
    rules: table("nat", "-A INPUT -p tcp -s 10.1.0.2 -j SNAT --to-source 10.1.0.77"),
    steps: steps("tcp 10.1.0.2:2000 > 10.1.0.1:80", "tcp 10.1.0.3:2000 > 10.1.0.1:80"),
  },
  "conntrack: tuples, directions and what was translated": {
    rules:
      table("nat", "-A PREROUTING -p udp --dport 83 -j DNAT --to-destination 10.2.0.3:81") +
      table(
        "filter",
        "-A FORWARD -m conntrack --ctstate DNAT --ctorigdstport 83 ! --ctorigsrc 10.1.0.3 --ctreplsrc 10.2.0.3 -j ACCEPT",
        "-A FORWARD -m conntrack --ctstate DNAT --ctdir ORIGINAL -j DROP",
        "-A FORWARD -p udp -m conntrack --ctdir REPLY --ctproto udp --ctreplsrcport 82 -j DROP",
        "-A FORWARD -p tcp -m conntrack ! --ctstatus CONFIRMED -m multiport --dports 81,82 -j REJECT",
        "-A FORWARD -p tcp -m conntrack --ctstatus SEEN_REPLY --ctexpire 1000:432000 -d 10.2.0.5 -j DROP",
      ),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.2.0.2:83",
      "udp 10.1.0.3:2000 > 10.2.0.2:83",
      "udp 10.1.0.2:2001 > 10.2.0.2:82",
      "udp 10.1.0.2:2002 > 10.2.0.2:80",
      "tcp 10.1.0.2:2003 > 10.2.0.2:81",
      "tcp 10.1.0.2:2004 > 10.2.0.2:80",
    ),
  },
  "addrtype of one device": {
    rules: table(
      "filter",
      "-A INPUT -p udp -m addrtype --dst-type LOCAL --limit-iface-in -j DROP",
      "-A INPUT -p tcp -m addrtype ! --dst-type LOCAL --limit-iface-in -j DROP",
      "-A FORWARD -m addrtype --dst-type LOCAL -j DROP",
      "-A FORWARD -m addrtype ! --src-type UNICAST -j DROP",
    ),
    steps: steps(
      "udp 10.1.0.2:2000 > 10.1.0.1:80",
      "udp 10.1.0.2:2001 > 10.2.0.1:80",
      "tcp 10.1.0.2:2002 > 10.1.0.1:80",
      "tcp 10.1.0.2:2003 > 10.2.0.1:80",
      "tcp 10.1.0.2:2004 > 10.2.0.2:80",
    ),
  },
  "physdev: ports that a packet came in by, and that the bridge sends it out by": {
    rules: table(
      "filter",
      "-A FORWARD -p udp --dport 80 -m physdev --physdev-is-bridged -j DROP",
      "-A FORWARD -p udp --dport 81 -m physdev ! --physdev-is-bridged -j DROP",
      "-A FORWARD -p udp --dport 82 -m physdev --physdev-in c0 --physdev-out n0 -j DROP",
      "-A FORWARD -p udp --dport 83 -m physdev ! --physdev-out c+ -j DROP",
      "-A FORWARD -p udp --dport 8080 -m physdev ! --physdev-is-in -j DROP",
      "-A FORWARD -p udp --dport 8082 -m physdev --physdev-in c+ ! --physdev-is-out -j DROP",
      "-A INPUT -p udp --dport 81 -m physdev ! --physdev-in n0 -j DROP",
      "-A INPUT -p udp --dport 82 -m physdev ! --physdev-is-in -j DROP",
      "-A OUTPUT -p udp --sport 83 -m physdev ! --physdev-is-bridged -j DROP",
      "-A OUTPUT -p udp --sport 8080 -m physdev --physdev-is-in -j DROP",
    ),
    steps: steps(
      ...["10.1.0.8", "10.2.0.2", "10.1.0.1"].flatMap((ip) =>
        [80, 81, 82, 83, 8080, 8082].map((port) => `udp 10.1.0.2:${port + 1_000} > ${ip}:${port}`),
      ),
    ),
    isBridged: true,
  },
  "a bridge sends on what was translated to somebody behind it, and back by the same port": {
    rules: table(
      "nat",
      "-A PREROUTING -p udp -d 192.0.2.1 -m physdev --physdev-in c0 -j DNAT --to-destination 10.1.0.8",
      "-A PREROUTING -p udp -d 10.1.0.9 -j DNAT --to-destination 10.2.0.3",
      "-A PREROUTING -p tcp -d 10.1.0.9 --dport 80 -j DNAT --to-destination 10.1.0.1:81",
      "-A PREROUTING -p tcp -d 10.2.0.2 -j DNAT --to-destination 10.1.0.8:82",
      "-A POSTROUTING -p tcp -m physdev --physdev-is-bridged --physdev-out n0 -j SNAT --to-source 10.1.0.1",
    ),
    steps: steps(
      "udp 10.1.0.2:2000 > 192.0.2.1:80",
      "udp 10.1.0.2:2001 > 10.1.0.9:80",
      "tcp 10.1.0.2:2002 > 10.1.0.9:80",
      "tcp 10.1.0.2:2003 > 10.2.0.2:80",
      "tcp 10.1.0.2:2004 > 10.1.0.9:81",
    ),
    isBridged: true,
  },
  "headers: flags, ports, ranges, time to live, length": {
    rules: table(
      "filter",
      "-A FORWARD -p tcp --syn --dport 81 -j DROP",
      "-A FORWARD -p tcp ! --syn --sport 82 -j DROP",
      "-A FORWARD -p udp -m multiport --ports 2001,2010:2012 -j DROP",
      "-A FORWARD -m iprange ! --src-range 10.1.0.2-10.2.0.9 -j DROP",
      "-A FORWARD -m ttl ! --ttl-eq 63 -j DROP",
      "-A FORWARD -p udp --dport 83 -m length ! --length 36 -j DROP",
      "-A FORWARD ! -p tcp -d 10.2.0.6 -j DROP",
      "-A FORWARD -f -j DROP",
      "-A FORWARD ! -i c0 ! -o c0 -j DROP",
    ),
    steps: steps(
      "tcp 10.1.0.2:2000 > 10.2.0.2:80",
      "tcp 10.1.0.2:2001 > 10.2.0.2:81",
      "tcp 10.1.0.2:2002 > 10.2.0.2:82",
      "udp 10.1.0.2:2001 > 10.2.0.2:80",
      "udp 10.1.0.2:2011 > 10.2.0.2:80",
      "udp 10.1.0.2:2013 > 10.2.0.2:80",
      "udp 10.1.0.2:2013 > 10.2.0.2:83",
      "udp 10.1.0.2:2013 > 10.2.0.6:80",
    ),
  },
  "REJECT, kind for kind": {
    rules: table(
      "filter",
      "-A FORWARD -p tcp --dport 80 -j REJECT --reject-with tcp-reset",
      "-A FORWARD -d 10.2.0.2 -j REJECT",
      "-A FORWARD -d 10.2.0.3 -j REJECT --reject-with icmp-host-unreachable",
      "-A FORWARD -d 10.2.0.4 -j REJECT --reject-with icmp-net-unreachable",
      "-A FORWARD -d 10.2.0.5 -j REJECT --reject-with icmp-host-prohibited",
      "-A FORWARD -d 10.2.0.6 -j REJECT --reject-with icmp-admin-prohibited",
      "-A FORWARD -d 10.2.0.7 -j REJECT --reject-with icmp-net-prohibited",
      "-A INPUT -p udp -j REJECT --reject-with icmp-proto-unreachable",
    ),
    steps: steps(
      "tcp 10.1.0.2:2000 > 10.2.0.2:80",
      ...[2, 3, 4, 5, 6, 7].map((last) => `tcp 10.1.0.2:${2_000 + last} > 10.2.0.${last}:81`),
      ...[2, 3, 4, 5, 6, 7].map((last) => `udp 10.1.0.2:${2_000 + last} > 10.2.0.${last}:81`),
      "udp 10.1.0.2:2000 > 10.1.0.1:80",
    ),
  },
  "an error about a translated connection finds its way back": {
    rules: table(
      "nat",
      "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.3:999",
      "-A POSTROUTING -o s0 -j MASQUERADE",
    ),
    steps: several(1, "udp"),
  },
  "an error is RELATED, and can be dropped for it": {
    rules: table(
      "filter",
      "-A FORWARD -m conntrack --ctstate RELATED -p icmp --icmp-type 3/3 -j DROP",
    ),
    steps: steps("udp 10.1.0.2:2000 > 10.2.0.2:999", "udp 10.1.0.2:2000 > 10.2.0.2:80"),
  },
  "tables in order: mangle before filter, security after it, nat INPUT last": {
    rules:
      table(
        "mangle",
        "-A INPUT -m mark --mark 0x1 -j DROP",
        "-A INPUT -j MARK --set-xmark 0x2/0x2",
      ) +
      table(
        "filter",
        "-A INPUT -m mark ! --mark 0x2/0x2 -j DROP",
        "-A INPUT -j MARK --set-xmark 0x1/0x1",
        "-A FORWARD -p udp -j MARK --set-xmark 0x8/0x8",
      ) +
      table(
        "security",
        "-A INPUT -m mark ! --mark 0x1/0x1 -j DROP",
        "-A INPUT -j MARK --set-xmark 0x4/0x4",
        "-A FORWARD -m mark --mark 0x8/0x8 -j DROP",
      ) +
      table("nat", "-A INPUT -p tcp -m mark --mark 0x3/0x3 -j SNAT --to-source 10.1.0.88"),
    steps: steps(
      "tcp 10.1.0.2:2000 > 10.1.0.1:80",
      "udp 10.1.0.2:2000 > 10.2.0.2:80",
      "tcp 10.1.0.2:2001 > 10.2.0.2:80",
    ),
  },
  "a live connection keeps its way when the rule changes; a UDP entry that is deleted does not": {
    rules: table("nat", "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.3"),
    steps: [
      ...steps("udp 10.1.0.2:2000 > 10.2.0.2:80", "udp 10.1.0.2:2001 > 10.2.0.2:80"),
      replaceRules(table("nat", "-A PREROUTING -p udp -j DNAT --to-destination 10.2.0.4")),
      ...steps("udp 10.1.0.2:2000 > 10.2.0.2:80", "udp 10.1.0.2:2002 > 10.2.0.2:80"),
      deleteEntry(2_001),
      ...steps("udp 10.1.0.2:2001 > 10.2.0.2:80"),
    ],
  },
};

function replaceRules(rules: string): Intervention {
  return {
    command: `iptables-restore <<'END'\n${rules}END`,
    apply: ({ plane }) =>
      plane.setRuleset("router", simulate({ rules, steps: [] }).lab.plane.ruleset("router")),
  };
}

function deleteEntry(sport: number): Intervention {
  return {
    command: `conntrack -D -p udp --sport ${sport} >/dev/null 2>&1`,
    apply: ({ plane }) => {
      const { conntrack } = plane.mutableState("router");
      for (const entry of [...conntrack.entries()])
        if (entry.original.sport === sport) conntrack.remove(entry);
    },
  };
}

const hasConntrack = spawnSync("conntrack", ["--version"]).error === undefined;
const obstacle = findObstacle() ?? (hasConntrack ? undefined : "needs conntrack");
const suffix = obstacle === undefined ? "" : ` (skipped: ${obstacle})`;
const onKernel = test.skipIf(obstacle !== undefined);

const answers = new Map<string, LabResult>();

beforeAll(async () => {
  if (obstacle !== undefined) return;
  const results = await runOnKernel([...Object.values(CASES), TIMEOUTS, REVERSE_PATHS]);
  [...Object.keys(CASES), "timeouts", "reverse paths"].forEach((name, index) => {
    const result = results[index];
    if (result) answers.set(name, result);
  });
}, 120_000);

for (const [name, one] of Object.entries(CASES)) {
  onKernel(`${name}${suffix}`, () => {
    const { results } = simulate(one);
    const real = answers.get(name)?.results ?? [];
    if (one.isRandom) {
      expect(results.map(reached)).toEqual(real.map(reached));
      expect(seen(results)).toEqual(seen(real));
    } else expect(results).toEqual(real);
  });
}

function reached(answer: Answer): string {
  return "error" in answer ? answer.error : answer.reached;
}

function seen(all: readonly Answer[]): readonly string[] {
  return all.flatMap((answer) => ("error" in answer ? [] : [answer.seen])).sort();
}

const TIMEOUTS: LabCase = {
  rules: table(
    "filter",
    "-A FORWARD -p tcp --dport 81 -j DROP",
    "-A FORWARD -s 10.2.0.0/24 -p tcp --sport 82 --tcp-flags SYN,ACK SYN,ACK -j DROP",
    "-A FORWARD -m conntrack --ctstate NEW -j ACCEPT",
  ),
  steps: steps(
    "tcp 10.1.0.2:2000 > 10.2.0.2:80",
    "tcp 10.1.0.2:2001 > 10.2.0.2:999",
    "tcp 10.1.0.2:2002 > 10.2.0.2:81",
    "udp 10.1.0.2:2003 > 10.2.0.2:80",
    "udp 10.1.0.2:2004 > 10.2.0.2:80",
    "2500ms udp 10.1.0.2:2004 > 10.2.0.2:80",
    "udp 10.1.0.3:2005 > 10.2.0.2:999",
  ),
  conntrack: true,
};

/** `tcp TIME_WAIT 10.1.0.2:2000 [ASSURED]`, and how long it still lives. */
function summary(line: string): { readonly key: string; readonly seconds: number } {
  const words = line.trim().split(/\s+/);
  const [protocol = "", , seconds = ""] = words;
  const state = /^[A-Z_]+$/.test(words[3] ?? "") ? words[3] : "";
  const port = words.find((word) => word.startsWith("sport=")) ?? "";
  const flags = words.filter((word) => word.startsWith("["));
  return { key: [protocol, state, port, ...flags].join(" "), seconds: Number(seconds) };
}

onKernel(`conntrack: states, flags and timeouts${suffix}`, () => {
  const { lab } = simulate(TIMEOUTS);
  const own = [...(lab.plane.state("router")?.conntrack.entries() ?? [])]
    .filter((entry) => entry.expiresAtUs > lab.nowUs)
    .map((entry) => summary(formatConntrack(entry, lab.nowUs)));
  const real = (answers.get("timeouts")?.conntrack ?? []).map(summary);
  const keys = (all: typeof own) => all.map(({ key }) => key).sort();
  expect(keys(own)).toEqual(keys(real));
  for (const { key, seconds } of own) {
    const other = real.find((one) => one.key === key)?.seconds ?? Number.NaN;
    expect(Math.abs(seconds - other), `${key}: ${seconds} s, kernel ${other} s`).toBeLessThan(4);
  }
  expect(own).not.toHaveLength(0);
});

const REVERSE_PATHS: LabCase = {
  rules: table(
    "mangle",
    "-A PREROUTING -i c0 -m rpfilter -j CONNMARK --set-xmark 0x1/0x0",
    "-A PREROUTING -i c0 -m rpfilter --loose -j CONNMARK --set-xmark 0x2/0x0",
    "-A PREROUTING -i c0 -m rpfilter --invert -j CONNMARK --set-xmark 0x4/0x0",
    "-A PREROUTING -i c0 -m rpfilter --loose --invert -j CONNMARK --set-xmark 0x8/0x0",
  ),
  steps: [
    addRoute("10.1.0.5/32", "s0"),
    ...steps("udp 10.1.0.2:2000 > 10.2.0.2:80", "udp 10.1.0.5:2001 > 10.2.0.2:80"),
    addRoute("10.1.0.6/32"),
    ...steps("udp 10.1.0.6:2002 > 10.2.0.2:80", "udp 10.1.0.7:2003 > 10.2.0.1:80"),
  ],
  conntrack: true,
};

/** Without a device: one that leads nowhere. */
function addRoute(destination: string, dev?: string): Intervention {
  const to = parseCidr(destination);
  if (!to) throw new Error(destination);
  return {
    command: dev
      ? `ip route add ${destination} dev ${dev}`
      : `ip route add blackhole ${destination}`,
    apply: ({ plane }) => {
      const router = plane.get("router");
      const route = dev
        ? { destination: to, dev }
        : { type: "blackhole" as const, destination: to, dev: "" };
      plane.put({ ...router, routes: [route, ...router.routes] });
    },
  };
}

onKernel(`rpfilter: strict, loose and inverted, by the marks of connections${suffix}`, () => {
  const { lab } = simulate(REVERSE_PATHS);
  const marks = (lines: readonly string[]) =>
    lines
      .map((line) => /(10\.1\.0\.\d+) .* mark=(\d+)/.exec(line))
      .map((found) => `${found?.[1]} ${found?.[2]}`)
      .sort();
  const own = [...(lab.plane.state("router")?.conntrack.entries() ?? [])];
  expect(marks(own.map((entry) => formatConntrack(entry, lab.nowUs)))).toEqual(
    marks(answers.get("reverse paths")?.conntrack ?? []),
  );
  expect(own).toHaveLength(4);
});
