import { statisticThreshold } from "../dataplane/netfilter/match";
import { formatRule } from "../dataplane/netfilter/print";
import type { Match, Rule } from "../dataplane/netfilter/rules";
import { type Origin, parseOrigin, type ServiceRole } from "../kubeproxy/origin";
import { formatIpv4 } from "../net/ipv4";
import { formatEndpoint, formatPacket } from "../net/packet";
import type { Hop } from "../trace/hop";
import { explainDns } from "./explain-dns";

/** What happened at a hop and why, in plain words. */
export function explain(hop: Hop): string {
  const ofName = explainDns(hop);
  if (ofName !== undefined) return ofName;
  if (hop.verdict) return endWords(hop);
  switch (hop.kind) {
    case "send":
      return sendWords(hop);
    case "PREROUTING":
    case "OUTPUT":
      return natWalkWords(hop);
    case "DNAT":
      return `The destination is rewritten to ${formatEndpoint(hop.after.dst, hop.after.dport)}: from here on the packet is for one endpoint, and conntrack remembers the choice for the whole connection.`;
    case "MASQUERADE":
      return `${masqueradeReason(hop)}: the source becomes ${formatIpv4(hop.after.src)}, the address of ${hop.devOut ?? "the outgoing device"}, so that the reply must come back through ${hop.node}, which alone can undo the translation.`;
    case "SNAT":
      return `The source is rewritten to ${formatEndpoint(hop.after.src, hop.after.sport)}.`;
    case "POSTROUTING":
      return postroutingWords(hop);
    case "conntrack":
      return conntrackWords(hop);
    case "route":
      return routeWords(hop);
    case "FORWARD":
      return `The filter table lets the packet through ${hop.node}: ${hop.detail}.`;
    case "INPUT":
      return inputWords(hop);
    case "bridge":
      return `The bridge ${hop.detail.split(" ")[0]} hands the frame to the port behind which ${formatIpv4(hop.after.dst)} lives: the veth pair into that pod's network namespace.`;
    case "forward":
      return hop.node === "vpc"
        ? `The VPC carries the packet between machines: ${hop.detail.replace("local: ", "by its local route ")}. It looks at the destination address, and into nothing else.${groupWords(hop)}`
        : `The internet gateway passes the packet: ${hop.detail}.${groupWords(hop)}`;
    case "encapsulate":
      return encapsulateWords(hop);
    case "decapsulate":
      return `The datagram was for the tunnel's own port: ${hop.node} takes the frame out of it, and goes on with the packet inside as if it had come in by a network card. The outer headers are gone.`;
    case "NAT":
      if (hop.place.startsWith("elb/")) return handedOnWords(hop);
      return hop.node === "natgw"
        ? natGatewayWords(hop)
        : `The internet gateway translates between the node's public and private address, one to one: ${hop.detail}.`;
    case "accept":
      if (hop.role !== "SYN")
        return `The load balancer takes in the ${hop.role} on the client's connection; it sends it on over a connection of its own.`;
      return `The load balancer takes the connection: for the client it is the server, ${formatEndpoint(hop.after.dst, hop.after.dport)}.`;
    case "answer":
      return `${hop.node} answers the request itself, no server behind it has seen it: ${hop.detail}.`;
    case "connect":
      if (!hop.place.startsWith("elb/"))
        return `${hop.node} has read the request, and opens a connection of its own, from its own address: ${hop.detail}. To whom it connects it is the client; who asked it, the packets do not say any more.`;
      return `The load balancer ends the client's connection here and opens a new one, from its own address, to one of its healthy targets: ${hop.detail}. Any node will do: it need not run a pod of the Service.`;
    case "delivered":
      return deliveredWords(hop);
    default:
      return hop.detail;
  }
}

function deliveredWords(hop: Hop): string {
  const source = formatEndpoint(hop.after.src, hop.after.sport);
  switch (hop.role) {
    case "RST":
      return `The reset has reached ${hop.node}: its connection is over. A program there reads "connection refused", or "connection reset" if it was open already.`;
    case "ICMP":
      return `The error message of ${formatIpv4(hop.after.src)} has reached ${hop.node}: the program there is told that its packet did not arrive.`;
    case "SYN-ACK":
      return `The answer has reached ${hop.node}, and comes from the very address that it asked, ${source}: for ${hop.node} the connection is open. It cannot tell what was translated on the way.`;
    case "response":
    case "answer":
      return `The ${hop.role} has reached ${hop.node}; it comes from ${source}, the address that was asked.`;
    default:
      return `The packet has reached ${hop.node}: it sees source ${source} and destination ${formatEndpoint(hop.after.dst, hop.after.dport)}.`;
  }
}

function sendWords(hop: Hop): string {
  const to = formatEndpoint(hop.after.dst, hop.after.dport);
  const by = hop.route ? ` Its route: ${hop.route}.` : "";
  switch (hop.role) {
    case "SYN":
      return `${hop.node} opens a TCP connection to ${to}.${by}`;
    case "SYN-ACK":
      return `${hop.node} accepts the connection and answers whoever the packet came from: ${to}.${by}`;
    case "RST":
      return `${hop.node} answers with a reset: connection refused.${by}`;
    case "ICMP":
      return `${hop.node} reports an error to the sender.${by}`;
    default:
      return `${hop.node} sends the ${hop.role} to ${to}.${by}`;
  }
}

const ROLE_WORDS: Partial<Record<ServiceRole, string>> = {
  "cluster-ip": "the destination is the cluster IP of",
  "external-ip": "the destination is an external IP of",
  "load-balancer-ip": "the destination is the load balancer IP of",
  "node-port": "the destination port is the nodePort of",
};

function encapsulateWords({ node, after, devOut }: Hop): string {
  const tunnel = after.vxlan;
  if (!tunnel) return "";
  const { packet, vni, dstMac } = tunnel;
  return `${devOut ?? "The tunnel"} wraps the packet into a UDP datagram to ${formatEndpoint(after.dst, after.dport)}: its neighbour table gives the next hop the MAC address ${dstMac}, its forwarding database says behind which node that is. Outside ${node} talks to a node, network ${vni}; inside nothing has changed: ${formatPacket(packet)}. The networks in between see the outer headers only.`;
}

function handedOnWords(hop: Hop): string {
  return hop.direction === "reply"
    ? `The VPC takes a target's answer back through the load balancer, which puts its own address in the place of the node's (${hop.detail}): the client hears from whom it asked.`
    : `The Network Load Balancer hands the packet on to one of its targets: ${hop.detail}. No connection ends here, and the source stays ${formatIpv4(hop.after.src)}: the node sees the client itself.`;
}

function groupWords({ detail }: Hop): string {
  return detail.includes("by security group")
    ? " At the machine's network card a security group has a rule that admits it."
    : "";
}

function natGatewayWords(hop: Hop): string {
  return hop.direction === "reply"
    ? `The NAT gateway knows this connection from its way out, and puts back the address inside the VPC: ${hop.detail}.`
    : `The NAT gateway gives what leaves the VPC its own public address: ${hop.detail}. Only answers to what went out come in again.`;
}

function inputWords(hop: Hop): string {
  const words = `The packet is for ${hop.node} itself; the filter table lets it in: ${hop.detail}.`;
  return isSourceRewritten(hop)
    ? `${words} conntrack undoes the DNAT: the source is again the address that was asked, ${formatEndpoint(hop.after.src, hop.after.sport)}.`
    : words;
}

function isSourceRewritten({ before, after }: Hop): boolean {
  return before.src !== after.src || before.sport !== after.sport;
}

function isDestinationRewritten({ before, after }: Hop): boolean {
  return before.dst !== after.dst || before.dport !== after.dport;
}

/** The nat table is for the first packet of a connection. */
function knownOutputWords(hop: Hop): string {
  if (hop.direction === "reply")
    return `${hop.node} itself answers: the packet belongs to a connection that came in, so no Service rule is asked.`;
  const words =
    "This is not the first packet of its connection, so the nat table is not asked again";
  return isDestinationRewritten(hop)
    ? `${words}: conntrack rewrites the destination as it did then, to ${formatEndpoint(hop.after.dst, hop.after.dport)}.`
    : `${words}.`;
}

function natWalkWords(hop: Hop): string {
  const isFirst = hop.walks.some(({ table }) => table === "nat");
  if (hop.kind === "OUTPUT" && !isFirst) return knownOutputWords(hop);
  const origins = matchedOrigins(hop);
  const entry = origins.find(
    (origin) => origin.by === "service" && ROLE_WORDS[origin.role] !== undefined,
  );
  if (entry?.by !== "service") {
    const taken = natRule(hop);
    if (taken)
      return `No Service's rule, but ${ruleWords(taken)} takes the packet${chanceWords(hop)}.`;
    return "No Service rule matches this destination: the packet keeps its address. A new connection is noted by conntrack, and gets its entry when it leaves the last hook.";
  }
  const chosen = origins.find((origin) => origin.by === "service" && origin.role === "endpoint");
  const marked = hop.after.mark !== hop.before.mark;
  const words = [`kube-proxy's rules: ${ROLE_WORDS[entry.role]} Service ${entry.service}.`];
  if (chosen?.by === "service" && chosen.endpoint)
    words.push(`The rule for endpoint ${chosen.endpoint} was taken${chanceWords(hop)}.`);
  if (marked) words.push("The packet is marked 0x4000: masquerade its source on the way out.");
  return words.join(" ");
}

const NAT_KINDS: ReadonlySet<string | undefined> = new Set([
  "DNAT",
  "SNAT",
  "MASQUERADE",
  "REDIRECT",
]);

/** The rule that decided about the connection's addresses. */
function natRule(hop: Hop): { readonly chain: string; readonly rule: Rule } | undefined {
  for (const { table, chain, matched } of hop.walks) {
    const rule = matched as Rule | undefined;
    if (table === "nat" && rule && NAT_KINDS.has(rule.target?.kind))
      return { chain: chain.name, rule };
  }
  return undefined;
}

function ruleWords({ chain, rule }: { readonly chain: string; readonly rule: Rule }): string {
  return `the rule “${formatRule(chain, rule)}”`;
}

function masqueradeReason(hop: Hop): string {
  const found = natRule(hop);
  const origin = found?.rule.origin === undefined ? undefined : parseOrigin(found.rule.origin);
  if (origin?.by === "kube-proxy") return "The mark 0x4000 asks for masquerade";
  if (origin?.by === "cni") return "What leaves the pod network is masqueraded";
  return found ? `This is what ${ruleWords(found)} asks for` : "The packet is masqueraded";
}

/** A rule that only draws lots, of those that somebody restored: nothing else can have kept it from matching. */
function isLot({ matches, origin }: Rule): boolean {
  return origin === undefined && matches.length === 1 && isDraw(matches[0]);
}

function isDraw(match: Match | undefined): boolean {
  return match?.kind === "statistic-random" || match?.kind === "statistic-nth";
}

function chanceOfRule({ matches }: Rule): number {
  const draw = matches.find(isDraw);
  if (draw?.kind === "statistic-nth") return draw.negate ? 1 - 1 / draw.every : 1 / draw.every;
  if (draw?.kind !== "statistic-random") return 1;
  const probability = statisticThreshold(draw.probability) / 0x80000000;
  return draw.negate ? 1 - probability : probability;
}

/** Exact chance of the endpoint that was chosen, from the `statistic` rules that were passed and taken. */
export function chanceOf(hop: Hop): number | undefined {
  let chance: number | undefined;
  for (const walk of hop.walks) {
    for (let position = walk.from; position <= walk.to; position++) {
      const rule = walk.chain.rules[position] as Rule;
      const origin = rule.origin === undefined ? undefined : parseOrigin(rule.origin);
      const isEndpoint = origin?.by === "service" && origin.role === "endpoint";
      if (!isEndpoint && !isLot(rule)) continue;
      const probability = chanceOfRule(rule);
      chance = (chance ?? 1) * (walk.matched === rule ? probability : 1 - probability);
    }
  }
  return chance;
}

function chanceWords(hop: Hop): string {
  const chance = chanceOf(hop);
  if (chance === undefined) return "";
  if (chance === 1) return ", the only one";
  const ways = Math.round(1 / chance);
  return Math.abs(chance - 1 / ways) < 1e-6
    ? `, chance 1 in ${ways}`
    : `, chance ${(chance * 100).toFixed(1)} %`;
}

function matchedOrigins(hop: Hop): readonly Origin[] {
  const origins: Origin[] = [];
  for (const { matched } of hop.walks) {
    const origin = matched?.origin === undefined ? undefined : parseOrigin(matched.origin);
    if (origin) origins.push(origin);
  }
  return origins;
}

function postroutingWords(hop: Hop): string {
  if (isSourceRewritten(hop) && hop.direction === "original") {
    return `conntrack knows this packet's connection and masquerades it like the first one: the source becomes ${formatEndpoint(hop.after.src, hop.after.sport)}.`;
  }
  if (isSourceRewritten(hop)) {
    return `conntrack undoes the DNAT: the reply gets the source that the client asked, ${formatEndpoint(hop.after.src, hop.after.sport)}.`;
  }
  return "Without the mark 0x4000 nothing is masqueraded: the source stays. The connection is now confirmed in the conntrack table.";
}

function conntrackWords(hop: Hop): string {
  if (!hop.conntrack)
    return "conntrack knows no connection for this packet: it is INVALID, and is never translated.";
  const known = `conntrack knows this packet's connection, so the nat table is not asked again: ${hop.detail}.`;
  if (hop.direction === "reply" && isDestinationRewritten(hop))
    return `${known} The masquerade is undone: the destination is the client that really asked.`;
  return known;
}

function routeWords(hop: Hop): string {
  if (hop.node === "internet") return `The internet routes by destination: ${hop.detail}.`;
  if (hop.node === "vpc") return `The VPC's route table sends it out: ${hop.detail}.`;
  const way =
    WAYS.find(([device]) => device.test(hop.devOut ?? ""))?.[1] ?? "the way leads off this node";
  return `The routing table decides by the destination as it now is, ${formatIpv4(hop.after.dst)}: ${hop.route ?? hop.detail}; ${way}.`;
}

/** What a route's device tells. */
const WAYS: readonly (readonly [RegExp, string])[] = [
  [/^lo$/, "the address is this machine's own"],
  [/^(cni0|br)/, "the pod is on this node, behind the bridge"],
  [/^(cali|eni[0-9a-f]|veth)/, "the pod is on this node, at the other end of that cable"],
  [/^flannel/, "the way leads through a tunnel to another node"],
];

function endWords(hop: Hop): string {
  const verdict = hop.verdict;
  if (!verdict) return hop.detail;
  if (verdict.reason === "LoadBalancerPending")
    return `Nothing is sent, for there is no address to send it to: ${verdict.explanation}.`;
  const outcome =
    verdict.kind === "dropped"
      ? "The packet ends here, in silence: its sender hears nothing."
      : "The packet is refused here: its sender is told.";
  return `${outcome} The reason: ${verdict.explanation}.`;
}
