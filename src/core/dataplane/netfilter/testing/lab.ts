import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cidr, cidrOf } from "../../../net/cidr";
import { ipv4 } from "../../../net/ipv4";
import { formatEndpoint, type Packet, type Protocol } from "../../../net/packet";
import { invert, tupleOf } from "../../../net/tuple";
import { seededDecider } from "../../../sim/decider";
import { EventQueue } from "../../../sim/event-queue";
import { MS } from "../../../sim/time";
import { advance } from "../../advance";
import type { Flight } from "../../flight";
import { LOOPBACK } from "../../loopback";
import { HOST_SYSCTLS, type Netns, type NetworkInterface } from "../../netns";
import { Plane } from "../../plane";
import { parseRestore } from "../parse/restore";

/** A client, a router with rules, and a server, as lab.py builds them: here in the simulation. */

export interface Step {
  readonly protocol: "tcp" | "udp";
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly waitMs?: number;
}

/** A command on the router, and what it does in the simulation. */
export interface Intervention {
  readonly command: string;
  readonly apply: (lab: Lab) => void;
}

export type Answer =
  | { readonly reached: string; readonly seen: string }
  | { readonly error: string };

export interface LabCase {
  readonly rules: string;
  readonly steps: readonly (Step | Intervention)[];
  readonly conntrack?: boolean;
  /** The client's network is a bridge of the router, `br0` with the ports `c0` and `n0`; a neighbour is on the other. */
  readonly isBridged?: boolean;
  /** Which source port goes to whom is drawn. */
  readonly isRandom?: boolean;
}

export interface LabResult {
  readonly results: readonly Answer[];
  readonly conntrack: readonly string[];
}

/** Most of the time is spent waiting for answers that do not come. */
const PROCESSES = 6;

/** What the real kernel does with every case. */
export async function runOnKernel(cases: readonly LabCase[]): Promise<readonly LabResult[]> {
  const shares = Array.from({ length: PROCESSES }, (_, share) =>
    cases.filter((_, index) => index % PROCESSES === share),
  );
  const results = await Promise.all(shares.map(runShare));
  return cases.map((_, index) => {
    const result = results[index % PROCESSES]?.[Math.floor(index / PROCESSES)];
    if (!result) throw new Error(`case ${index} has no result`);
    return result;
  });
}

function runShare(cases: readonly LabCase[]): Promise<readonly LabResult[]> {
  const script = fileURLToPath(new URL("./lab.py", import.meta.url));
  const library = fileURLToPath(new URL("../../../../../e2e/kernel/lab", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn("python3", ["-B", script, library]);
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].on("data", (data: Buffer) => {
        output[name] += data.toString();
      });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output.stdout) as readonly LabResult[]);
      else reject(new Error(output.stderr));
    });
    child.stdin.end(JSON.stringify(cases));
  });
}

const CLIENTS = [2, 3, 4, 5, 6, 7].map((last) => `10.1.0.${last}`);
const SERVERS = [2, 3, 4, 5, 6, 7].map((last) => `10.2.0.${last}`);
const NEIGHBOURS = ["10.1.0.8", "10.1.0.9"];
const PORTS = [80, 81, 82, 83, 8080, 8082];
const SILENCE_US = 250 * MS;

const ERRORS = {
  "port-unreachable": "ECONNREFUSED",
  "host-unreachable": "EHOSTUNREACH",
  "net-unreachable": "ENETUNREACH",
  "proto-unreachable": "ENOPROTOOPT",
  "net-prohibited": "ENETUNREACH",
  "host-prohibited": "EHOSTUNREACH",
  "admin-prohibited": "EHOSTUNREACH",
  "ttl-exceeded": "EHOSTUNREACH",
} as const;

export class Lab {
  readonly plane = new Plane();
  nowUs = 1_000_000;
  #flights = 0;

  constructor({ rules, isBridged = false }: LabCase) {
    const restored = parseRestore(rules);
    if (!restored.ok) throw new Error(JSON.stringify(restored.errors));
    this.plane.put(machine("client", [eth("eth0", CLIENTS, "router", "c0")], "10.1.0.1"));
    this.plane.put(machine("server", [eth("eth0", SERVERS, "router", "s0")], "10.2.0.1"));
    const s0 = eth("s0", ["10.2.0.1"], "server", "eth0");
    if (isBridged) {
      this.plane.put(machine("neighbour", [eth("eth0", NEIGHBOURS, "router", "n0")], "10.1.0.1"));
      const ports = [eth("c0", [], "client", "eth0"), eth("n0", [], "neighbour", "eth0")];
      const devices = [BRIDGE, s0, ...ports.map((port) => ({ ...port, master: BRIDGE.name }))];
      this.plane.put(machine("router", devices));
    } else this.plane.put(machine("router", [eth("c0", ["10.1.0.1"], "client", "eth0"), s0]));
    this.plane.setRuleset("router", restored.tables);
  }

  /** One connection attempt or datagram, and the answer. A client that gets none waits. */
  attempt({ protocol, src, sport, dst, dport, waitMs = 0 }: Step): Answer {
    this.nowUs += waitMs * MS;
    const header = { protocol, src: ipv4(src), sport, dst: ipv4(dst), dport };
    const there = this.#fly("client", segment(header, "S"));
    if (!there || "error" in there) return there ?? this.#silence();
    const back = this.#fly(there.netns, segment(invert(tupleOf(there.packet)), "S."));
    if (!back || "error" in back) return back ?? this.#silence();
    if (protocol === "tcp") this.#converse(header, there.netns, there.packet);
    return {
      reached: formatEndpoint(there.packet.dst, there.packet.dport),
      seen: formatEndpoint(there.packet.src, there.packet.sport),
    };
  }

  /** The rest of a short connection: data from the server, then both close. */
  #converse(header: Parameters<typeof segment>[0], netns: string, seen: Packet): void {
    const reply = invert(tupleOf(seen));
    this.#fly("client", segment(header, "."));
    this.#fly(netns, segment(reply, "P."));
    this.#fly("client", segment(header, "."));
    this.#fly("client", segment(header, "F."));
    this.#fly(netns, segment(reply, "F."));
    this.#fly("client", segment(header, "."));
  }

  #silence(): { readonly error: string } {
    this.nowUs += SILENCE_US;
    return { error: "silence" };
  }

  /** Flies a packet, and what the kernel answers it, until one arrives. */
  #fly(
    from: string,
    packet: Packet,
  ):
    | { readonly netns: string; readonly packet: Packet }
    | Extract<Answer, { error: string }>
    | undefined {
    const queue = new EventQueue<{ type: "due"; flight: Flight }>();
    const flights = ++this.#flights;
    const start: Flight = {
      packet,
      connection: flights,
      role: "datagram",
      direction: "original",
      stage: { at: "output", netns: from },
      steps: 0,
    };
    queue.schedule(this.nowUs, { type: "due", flight: start });
    for (let due = queue.pop(); due; due = queue.pop()) {
      this.nowUs = due.atUs;
      const { flight } = due.event;
      const step = advance(flight, {
        plane: this.plane,
        nowUs: this.nowUs,
        decide: seededDecider(1, `${flights}/${flight.steps}`),
        isClient: (netns) => netns === "client",
      });
      if (step.arrived) {
        const { netns, packet: arrived } = step.arrived;
        if (arrived.icmp) {
          const { error, quoted } = arrived.icmp;
          // Not told to a UDP socket. Source: kernel icmp.c, icmp_err_convert.
          const isSoft = error === "host-unreachable" || error === "net-unreachable";
          return isSoft && quoted.protocol === "udp"
            ? this.#silence()
            : { error: ERRORS[error as keyof typeof ERRORS] };
        }
        if (arrived.flags?.startsWith("R")) return { error: "ECONNREFUSED" };
        return { netns, packet: arrived };
      }
      for (const next of [step.next, step.answer])
        if (next) queue.schedule(this.nowUs + next.delayUs, { type: "due", flight: next.flight });
    }
    return undefined;
  }
}

/** What the simulation does with a case. */
export function simulate(given: LabCase): { lab: Lab; results: readonly Answer[] } {
  const lab = new Lab(given);
  const results: Answer[] = [];
  for (const step of given.steps) {
    if ("command" in step) step.apply(lab);
    else results.push(lab.attempt(step));
  }
  return { lab, results };
}

type Header = { protocol: Protocol; src: number; sport: number; dst: number; dport: number };

function segment(header: Header, flags: NonNullable<Packet["flags"]>): Packet {
  const isTcp = header.protocol === "tcp";
  const base = { ttl: 64, mark: 0, seq: 0, ack: 0, payloadBytes: isTcp ? 0 : 8 };
  return { ...header, ...base, ...(isTcp && { flags }) };
}

function eth(name: string, addresses: readonly string[], netns: string, peer: string) {
  const device: NetworkInterface = {
    name,
    index: 2,
    kind: "veth",
    mac: "02:00:00:00:00:01",
    mtu: 1_500,
    addresses: addresses.map((ip) => ({ ip: ipv4(ip), prefix: 24 })),
    peer: { netns, name: peer },
  };
  return device;
}

const { peer: _, ...bridge } = eth("br0", ["10.1.0.1"], "", "");
const BRIDGE: NetworkInterface = { ...bridge, kind: "bridge" };

function machine(id: string, devices: readonly NetworkInterface[], gateway?: string): Netns {
  const dev = devices[0]?.name ?? "";
  return {
    id,
    machine: id,
    label: id,
    interfaces: [LOOPBACK, ...devices],
    routes: [
      ...(gateway ? [{ destination: cidr("0.0.0.0/0"), via: ipv4(gateway), dev }] : []),
      ...devices.flatMap(({ name, addresses: [first] }) =>
        first ? [{ destination: cidrOf(first.ip, 24), dev: name }] : [],
      ),
    ],
    listeners: (id === "client" ? [] : (["tcp", "udp"] as const)).flatMap((protocol) =>
      PORTS.map((port) => ({ protocol, port, owner: id, program: "echo" as const })),
    ),
    sysctls: { ...HOST_SYSCTLS, ipForward: id === "router", bridgeNfCallIptables: true },
    up: true,
  };
}
