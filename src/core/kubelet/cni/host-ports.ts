import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ServiceProtocol } from "../../api/types";
import type { HostPort } from "../../controllers/host-ports";
import { type ChainChanges, editTable } from "../../dataplane/netfilter/edit-chains";
import type { Chain, Match, Rule, Ruleset } from "../../dataplane/netfilter/rules";
import { type Cidr, cidrOf } from "../../net/cidr";
import { type Ipv4, ipv4, parseIpv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";
import { cniOrigin } from "./origin";
import type { PodRef } from "./pod-ref";

/** What the portmap plugin does for hostPorts. Source: containernetworking/plugins, plugins/meta/portmap; its rules were
 *  read with iptables-save 1.8.9 after version 1.1.1 had written them. */

/** A pod's ports on its node. */
export interface PortMapping {
  readonly pod: PodRef;
  /** Name of the CNI network, and the sandbox: the chain is named after them. */
  readonly network: string;
  readonly sandboxId: string;
  /** As in the plugin's result: with the prefix of the pod's interface. */
  readonly ip: Ipv4;
  readonly prefix: number;
  readonly ports: readonly HostPort[];
}

/** Masquerade what comes from the pod itself or from 127.0.0.1: nobody else could answer it. */
const MARK = 0x2000;
const DNAT = "CNI-HOSTPORT-DNAT";
const SET_MARK = "CNI-HOSTPORT-SETMARK";
const MASQ = "CNI-HOSTPORT-MASQ";
const MAX_CHAIN_NAME = 28;
/** Source: iptables, xt_multiport's XT_MULTI_PORTS. */
const PORTS_PER_RULE = 15;

export function chainOf({ network, sandboxId }: PortMapping): string {
  const prefix = "CNI-DN-";
  const hash = bytesToHex(sha512(utf8ToBytes(network + sandboxId)));
  return (prefix + hash).slice(0, MAX_CHAIN_NAME);
}

/** ADD: the plugin's common chains where they are not there yet, and one for this pod. */
export function addHostPorts(ruleset: Ruleset, mapping: PortMapping): Ruleset {
  const chains = ruleset.nat?.chains;
  const get = (name: string): Chain => chains?.get(name) ?? { name, policy: "ACCEPT", rules: [] };
  const changes = new Map<string, Chain>();
  const top = chains?.get(DNAT);
  if (!top) {
    for (const name of ["PREROUTING", "OUTPUT"])
      changes.set(name, { ...get(name), rules: [...get(name).rules, ENTRY] });
    const postrouting = get("POSTROUTING");
    changes.set("POSTROUTING", { ...postrouting, rules: [MASQ_ENTRY, ...postrouting.rules] });
    changes.set(SET_MARK, { name: SET_MARK, rules: [MARK_RULE] });
    changes.set(MASQ, { name: MASQ, rules: [MASQ_RULE] });
  }
  changes.set(DNAT, { name: DNAT, rules: [...(top?.rules ?? []), ...entryRules(mapping)] });
  const name = chainOf(mapping);
  changes.set(name, { name, rules: mapping.ports.flatMap((port) => portRules(mapping, port)) });
  return editTable(ruleset, "nat", changes);
}

/** DEL: only this pod's. */
export function removeHostPorts(ruleset: Ruleset, mapping: PortMapping): Ruleset {
  const name = chainOf(mapping);
  const top = ruleset.nat?.chains.get(DNAT);
  if (!top) return ruleset;
  const rules = top.rules.filter(({ target }) => target?.kind !== "jump" || target.chain !== name);
  const changes: ChainChanges = new Map([
    [DNAT, { ...top, rules }],
    [name, undefined],
  ]);
  return editTable(ruleset, "nat", changes);
}

function rule(role: string, given: Omit<Rule, "origin">, pod?: PodRef): Rule {
  return { ...given, origin: cniOrigin("portmap", role, pod) };
}

const TO_NODE: Match = { kind: "addrtype", dstTypes: ["LOCAL"] };
const ENTRY = rule("host-port", { matches: [TO_NODE], target: { kind: "jump", chain: DNAT } });
const MASQ_ENTRY = rule("masquerade", {
  matches: [],
  target: { kind: "jump", chain: MASQ },
  comment: "CNI portfwd requiring masquerade",
});
const MARK_RULE = rule("mark", {
  matches: [],
  target: { kind: "MARK", op: "xmark", value: MARK, mask: MARK },
  comment: "CNI portfwd masquerade mark",
});
const MASQ_RULE = rule("masquerade", {
  matches: [{ kind: "mark", value: MARK, mask: MARK }],
  target: { kind: "MASQUERADE" },
});

/** One for each protocol and fifteen ports. */
function entryRules(mapping: PortMapping): readonly Rule[] {
  const { pod, network, sandboxId } = mapping;
  const comment = `dnat name: "${network}" id: "${sandboxId}"`;
  const protocols = [...new Set(mapping.ports.map(({ protocol }) => protocol))].sort();
  return protocols.flatMap((protocol) => {
    const ports = mapping.ports.filter((port) => port.protocol === protocol);
    const rules: Rule[] = [];
    for (let i = 0; i < ports.length; i += PORTS_PER_RULE) {
      const some = ports.slice(i, i + PORTS_PER_RULE).map(({ hostPort }) => hostPort);
      const matches: readonly Match[] = [
        { kind: "protocol", protocol: lower(protocol) },
        {
          kind: "multiport",
          side: "destination",
          ports: some.map((port) => ({ from: port, to: port })),
        },
      ];
      const target = { kind: "jump", chain: chainOf(mapping) } as const;
      rules.push(rule("host-port", { matches, target, comment }, pod));
    }
    return rules;
  });
}

function portRules({ pod, ip, prefix }: PortMapping, port: HostPort): readonly Rule[] {
  const protocol = lower(port.protocol);
  const hostIp = parseIpv4(port.hostIP);
  const base: readonly Match[] = [
    ...(hostIp ? [{ kind: "destination", range: cidrOf(hostIp, 32) } as const] : []),
    { kind: "protocol", protocol },
    { kind: "dport", protocol, from: port.hostPort, to: port.hostPort },
  ];
  const markedFrom = (range: Cidr) =>
    rule(
      "mark",
      {
        matches: [{ kind: "source", range }, ...base],
        target: { kind: "jump", chain: SET_MARK },
      },
      pod,
    );
  return [
    markedFrom(cidrOf(ip, prefix)),
    markedFrom(cidrOf(ipv4("127.0.0.1"), 32)),
    rule(
      "host-port",
      { matches: base, target: { kind: "DNAT", ip, port: port.containerPort } },
      pod,
    ),
  ];
}

function lower(protocol: ServiceProtocol): Protocol {
  return protocol.toLowerCase() as Protocol;
}
