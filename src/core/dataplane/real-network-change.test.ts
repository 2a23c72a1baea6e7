// The same lines for a real kernel's iproute2, in a network namespace of their own: words, exit codes, routes.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { ipv4 } from "../net/ipv4";
import { LOOPBACK } from "./loopback";
import { HOST_SYSCTLS, type Netns } from "./netns";
import { changeNetwork } from "./network-change";
import { parseNetworkChange } from "./parse-network-change";
import { ipRoute } from "./print-ip";

const SETUP = `ip link add eth0 type veth peer name far && ip link set far up && ip link set eth0 up
ip addr add 10.0.1.11/24 dev eth0 && ip route add default via 10.0.1.1`;

const LINES = `
route add 10.244.2.0/24 via 10.0.1.12
route add 10.244.2.0/24 via 10.0.1.13
route add 10.244.2.0/24 via 10.0.1.13 metric 100
route append 10.244.2.0/24 via 10.0.1.14
route replace 10.244.2.0/24 via 10.0.1.15
route change 10.244.9.0/24 via 10.0.1.13
r a 10.244.3.0/24 via 10.0.1.12 dev eth0 proto static
route add 10.244.4.0/24 via 10.0.9.1
route add 10.244.4.1/24 via 10.0.1.1
route add 10.244.4.0/24 via 10.0.1.12 dev nope
route add 10.244.4.0/24 via 10.0.9.1 dev eth0 onlink
route add 10.244.5.0/24
route add 10.244.5.0/24 via
route add 10.244.5.0/24 via foo
route add 10.244.5.0/33 via 10.0.1.1
route add foo via 10.0.1.1
route add 10.244.5.0/24 via 10.0.1.1 frob 3
route add 10.244.5.0/24 via 10.0.1.1 src 9.9.9.9
route add 10.244.5.0/24 dev eth0 src 10.0.1.11
route add blackhole 10.7.0.0/16
route add unreachable 10.8.0.0/16
route del 10.7.0.0/16
route del 10.9.0.0/16
route del 10.244.2.0/24 via 10.0.1.99
route del 10.244.2.0/24
route del 10.244.2.0/24 metric 100
route flush
route flush cache
route flush 10.244.4.0/24
addr add 10.0.1.11/24 dev eth0
addr replace 10.0.1.11/24 dev eth0
addr add 172.16.0.1/24 dev eth0
addr add 192.0.2.7 dev eth0
addr add 10.0.1.300/24 dev eth0
addr add 10.0.1.12/24
addr add 10.0.1.12/24 dev nope
addr del 10.9.9.9/24 dev eth0
addr del 172.16.0.1/24 dev eth0
addr flush
addr frob 10.0.0.1/8 dev eth0
link set nope up
link set
link set eth0 mtu 12
link set eth0 mtu abc
link set eth0 frob
neigh add 10.0.1.8 dev eth0
neigh add 10.0.1.5 lladdr zz dev eth0
neigh add foo lladdr 02:11:22:33:44:55 dev eth0
neigh add 10.0.1.5 lladdr 02:11:22:33:44:55
neigh add 10.0.1.5 lladdr 02:11:22:33:44:55 dev eth0
neigh add 10.0.1.5 lladdr 02:11:22:33:44:55 dev eth0
neigh del 10.0.1.6 dev eth0
neigh del 10.0.1.5 dev eth0
link set eth0 down
route add 10.66.0.0/16 dev eth0
link set dev eth0 up
route add default via 10.0.1.1
addr del 10.0.1.11/24 dev eth0
addr flush dev eth0
`
  .trim()
  .split("\n");

interface Answer {
  readonly line: string;
  readonly error: string;
  readonly exitCode: number;
  readonly routes: readonly string[];
}

/** Undefined: this machine has no such kernel for us. */
function onKernel(): readonly Answer[] | undefined {
  const each = LINES.map(
    (line) => `ip ${line} 2>&1 | head -1; echo "$?:\${PIPESTATUS[0]}"; ip route; echo =`,
  );
  const script = `set -e; ${SETUP}\nset +e\n${each.join("\n")}`;
  const run = spawnSync("unshare", ["-rn", "bash", "-c", script], { encoding: "utf8" });
  if (run.status !== 0) return undefined;
  const parts = run.stdout.split(/^=\n/m).slice(0, -1);
  return parts.map((part, index) => {
    const [, error = "", exitCode = "", routes = ""] =
      /^([\s\S]*?)0:(\d+)\n([\s\S]*)$/.exec(part) ?? [];
    const lines = routes.split("\n").filter((line) => line !== "");
    return {
      line: LINES[index] ?? "",
      error: error.trim(),
      exitCode: Number(exitCode),
      routes: lines,
    };
  });
}

function onOurs(): readonly Answer[] {
  let netns: Netns = {
    id: "node/node-1",
    machine: "node-1",
    label: "node-1",
    interfaces: [
      LOOPBACK,
      { name: "eth0", index: 2, kind: "ethernet", mac: "", mtu: 1_500, addresses: [] },
    ],
    routes: [],
    listeners: [],
    sysctls: HOST_SYSCTLS,
    up: true,
  };
  const change = (line: string) => {
    const parsed = parseNetworkChange(line);
    const changed = parsed.ok ? changeNetwork(netns, parsed.change) : parsed;
    if (changed.ok) netns = changed.netns;
    return changed.ok ? { error: "", exitCode: 0 } : changed;
  };
  change("addr add 10.0.1.11/24 dev eth0");
  change("route add default via 10.0.1.1");
  expect(netns.interfaces[1]?.addresses[0]?.ip).toBe(ipv4("10.0.1.11"));
  return LINES.map((line) => {
    const { error, exitCode } = change(line);
    return { line, error: error.split("\n")[0] ?? "", exitCode, routes: ipRoute(netns) };
  });
}

test("iproute2 and the kernel say the same, and have the same routes", ({ skip }) => {
  const real = onKernel();
  if (!real) return skip("no network namespace with iproute2 here");
  // `proto static` and `onlink` are told apart on a real machine only where somebody asks.
  for (const [index, ours] of onOurs().entries())
    expect(ours).toEqual({
      ...real[index],
      routes: real[index]?.routes.map((line) => line.replace(" proto static", "")),
    });
});
