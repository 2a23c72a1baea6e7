import type { Chain, Match, RuleTarget } from "../../dataplane/netfilter/rules";
import { type FelixRule, felixChain, limitedName } from "./felix-rule";
import { cniOrigin } from "./origin";
import type { NodeChains, PodPort } from "./plugin";

/** What Felix writes into the filter and nat tables of a node without policies and host endpoints, with its numbers.
 *  Simplified: without its raw and mangle chains, which let everything pass in that case, save for the reverse-path check
 *  of pods' packets. Source: Calico, felix/rules. */

/** Bits of the mark: a profile or policy accepted the packet; a policy passed it on; scratch. */
const ACCEPTED = 0x10000;
const PASSED = 0x20000;
const ALL_BITS = 0xf0000;
const ALL_BUT_ACCEPTED = 0xe0000;

const jump = (chain: string): RuleTarget => ({ kind: "jump", chain });
const goTo = (chain: string): RuleTarget => ({ kind: "goto", chain });
const ACCEPT: RuleTarget = { kind: "ACCEPT" };
const DROP: RuleTarget = { kind: "DROP" };
const RETURN: RuleTarget = { kind: "RETURN" };
const clear = (bits: number): RuleTarget => ({ kind: "MARK", op: "xmark", value: 0, mask: bits });
const set = (bits: number): RuleTarget => ({ kind: "MARK", op: "xmark", value: bits, mask: bits });

const isAccepted: Match = { kind: "mark", value: ACCEPTED, mask: ACCEPTED };
const isNotAccepted: Match = { kind: "mark", value: 0, mask: ACCEPTED };
const fromPods: Match = { kind: "in-interface", name: "cali+" };
const toPods: Match = { kind: "out-interface", name: "cali+" };

const STATIC = cniOrigin("calico", "node");

function chain(name: string, rules: readonly FelixRule[], hashedAs?: string): Chain {
  return felixChain(name, rules, STATIC, hashedAs);
}

/** Felix keeps its jumps at the top of built-in chains; in FORWARD two more rules come last. */
function builtIn(
  name: string,
  rules: readonly FelixRule[],
  last: readonly FelixRule[] = [],
): Chain {
  return {
    name,
    policy: "ACCEPT",
    rules: [...chain(name, rules).rules, ...chain(name, last, `${name}*appends*`).rules],
  };
}

const HOST_ENDPOINT: FelixRule = {
  comment: "Host endpoint policy accepted packet.",
  matches: [isAccepted],
  target: ACCEPT,
};

const FILTER: readonly Chain[] = [
  builtIn("INPUT", [{ target: jump("cali-INPUT") }]),
  builtIn(
    "FORWARD",
    [{ target: jump("cali-FORWARD") }],
    [
      { comment: "Policy explicitly accepted packet.", matches: [isAccepted], target: ACCEPT },
      { target: set(ACCEPTED) },
    ],
  ),
  builtIn("OUTPUT", [{ target: jump("cali-OUTPUT") }]),
  chain("cali-INPUT", [
    { matches: [fromPods], target: goTo("cali-wl-to-host") },
    { matches: [isAccepted], target: ACCEPT },
    { target: clear(ALL_BITS) },
    { target: jump("cali-from-host-endpoint") },
    HOST_ENDPOINT,
  ]),
  chain("cali-FORWARD", [
    { target: clear(ALL_BUT_ACCEPTED) },
    { matches: [isNotAccepted], target: jump("cali-from-hep-forward") },
    { matches: [fromPods], target: jump("cali-from-wl-dispatch") },
    { matches: [toPods], target: jump("cali-to-wl-dispatch") },
    { target: jump("cali-to-hep-forward") },
    { target: jump("cali-cidr-block") },
  ]),
  chain("cali-OUTPUT", [
    { matches: [isAccepted], target: ACCEPT },
    { matches: [toPods], target: RETURN },
    { target: clear(ALL_BITS) },
    {
      matches: [{ kind: "ctstate", states: ["DNAT"], negate: true }],
      target: jump("cali-to-host-endpoint"),
    },
    HOST_ENDPOINT,
  ]),
  chain("cali-wl-to-host", [
    { target: jump("cali-from-wl-dispatch") },
    { comment: "Configured DefaultEndpointToHostAction", target: ACCEPT },
  ]),
  ...[
    "cali-cidr-block",
    "cali-from-hep-forward",
    "cali-from-host-endpoint",
    "cali-to-hep-forward",
    "cali-to-host-endpoint",
  ].map((name) => chain(name, [])),
];

const NAT: readonly Chain[] = [
  builtIn("PREROUTING", [{ target: jump("cali-PREROUTING") }]),
  builtIn("OUTPUT", [{ target: jump("cali-OUTPUT") }]),
  builtIn("POSTROUTING", [{ target: jump("cali-POSTROUTING") }]),
  chain("cali-PREROUTING", [{ target: jump("cali-fip-dnat") }]),
  chain("cali-OUTPUT", [{ target: jump("cali-fip-dnat") }]),
  chain("cali-POSTROUTING", [
    { target: jump("cali-fip-snat") },
    { target: jump("cali-nat-outgoing") },
  ]),
  chain("cali-fip-dnat", []),
  chain("cali-fip-snat", []),
  chain("cali-nat-outgoing", [
    {
      matches: [
        { kind: "set", set: "cali40masq-ipam-pools", flags: ["src"] },
        { kind: "set", set: "cali40all-ipam-pools", flags: ["dst"], negate: true },
      ],
      target: { kind: "MASQUERADE", randomFully: true },
    },
  ]),
];

export function calicoChains(): NodeChains {
  return { nat: NAT, filter: [...FILTER, ...(calicoPodChains([]).filter ?? [])] };
}

/** The chains that send a packet to the rules of its pod, those rules, and the profiles that they ask. */
export function calicoPodChains(ports: readonly PodPort[]): NodeChains {
  const devs = ports.map(({ dev }) => dev).sort();
  return {
    filter: [
      ...dispatchChains("cali-from-wl-dispatch", "cali-fw-", "in-interface", devs),
      ...dispatchChains("cali-to-wl-dispatch", "cali-tw-", "out-interface", devs),
      ...ports.flatMap(podChains),
      ...profileChains(ports),
    ],
  };
}

/** Is it one of those? */
export function isCalicoPodChain(name: string): boolean {
  return /^cali-(fw-|tw-|pri-|pro-|(from|to)-wl-dispatch)/.test(name);
}

const UNKNOWN: FelixRule = { comment: "Unknown interface", target: DROP };

/** Devices whose names go on alike after what all have in common share a chain, so that none gets long. */
function dispatchChains(
  name: string,
  prefix: string,
  kind: "in-interface" | "out-interface",
  devs: readonly string[],
): readonly Chain[] {
  const common = commonPrefix(devs).length;
  const groups = new Map<string, string[]>();
  for (const dev of devs) {
    const start = dev.slice(0, common + 1);
    groups.set(start, [...(groups.get(start) ?? []), dev]);
  }
  const toPod = (dev: string): FelixRule => ({
    matches: [{ kind, name: dev }],
    target: goTo(`${prefix}${dev}`),
  });
  const children: Chain[] = [];
  const rules = [...groups].map(([start, members]): FelixRule => {
    const [only] = members;
    if (members.length === 1 && only !== undefined) return toPod(only);
    const child = `${name}-${start.slice(common)}`;
    children.push(chain(child, [...members.map(toPod), UNKNOWN]));
    return { matches: [{ kind, name: `${start}+` }], target: goTo(child) };
  });
  return [...children, chain(name, [...rules, UNKNOWN])];
}

function commonPrefix([first = "", ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  let length = 0;
  while (length < first.length && others.every((one) => one[length] === first[length])) length++;
  return first.slice(0, length);
}

/** Without a policy a pod's namespace and service account decide, by their profiles. */
function podChains({ pod, dev }: PodPort): readonly Chain[] {
  const origin = cniOrigin("calico", "pod", pod);
  const known: readonly FelixRule[] = [
    { matches: [{ kind: "ctstate", states: ["RELATED", "ESTABLISHED"] }], target: ACCEPT },
    { matches: [{ kind: "ctstate", states: ["INVALID"] }], target: DROP },
    { target: clear(ACCEPTED | PASSED) },
  ];
  const tunnels: readonly FelixRule[] = [
    {
      comment: "Drop VXLAN encapped packets originating in workloads",
      matches: [
        { kind: "protocol", protocol: "udp" },
        { kind: "multiport", side: "destination", ports: [{ from: 4_789, to: 4_789 }] },
      ],
      target: DROP,
    },
    {
      comment: "Drop IPinIP encapped packets originating in workloads",
      matches: [{ kind: "protocol", protocol: 4 }],
      target: DROP,
    },
  ];
  const profiles = (prefix: string): readonly FelixRule[] => [
    ...profilesOf(pod).flatMap((profile) => [
      { target: jump(limitedName(prefix, profile)) },
      { comment: "Return if profile accepted", matches: [isAccepted], target: RETURN },
    ]),
    { comment: "Drop if no profiles matched", target: DROP },
  ];
  return [
    felixChain(`cali-tw-${dev}`, [...known, ...profiles("cali-pri-")], origin),
    felixChain(`cali-fw-${dev}`, [...known, ...tunnels, ...profiles("cali-pro-")], origin),
  ];
}

function profilesOf({ namespace, serviceAccount }: PodPort["pod"]): readonly string[] {
  return [`kns.${namespace}`, `ksa.${namespace}.${serviceAccount}`];
}

/** A namespace's profile accepts everything both ways, a service account's says nothing. */
function profileChains(ports: readonly PodPort[]): readonly Chain[] {
  const profiles = new Set(ports.flatMap(({ pod }) => profilesOf(pod)));
  return [...profiles].flatMap((profile) =>
    (["ingress", "egress"] as const).map((way) =>
      chain(limitedName(way === "ingress" ? "cali-pri-" : "cali-pro-", profile), [
        {
          comment: `Profile ${profile} ${way}`,
          ...(profile.startsWith("kns.") && { target: set(ACCEPTED) }),
        },
      ]),
    ),
  );
}
