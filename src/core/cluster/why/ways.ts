import { keyOf, objectKey } from "../../api/types";
import { contains, formatCidr } from "../../net/cidr";
import { formatIpv4, parseIpv4 } from "../../net/ipv4";
import {
  type Case,
  decidingRule,
  nameOf,
  netnsAt,
  nodeAtPlace,
  objectAt,
  plain,
  ruleText,
} from "./case";
import { outsideFixes } from "./cluster-ip";
import { kubectl, podText, ssh } from "./lines";
import { readNodeCidr } from "./node-facts";
import { podAt } from "./objects";
import { whyRulesDiffer } from "./rules-behind";
import { slicesOf } from "./slices";
import type { Evidence, Finding, Fix, Look } from "./why";

/** There is no way to the destination, or nobody at its end. */
export function whyNoWay(of: Case): Finding {
  const { hop, world } = of;
  if (hop.direction === "reply") return onTheWay("ReplyLost", "The answer finds no way back", of);
  const { dst } = hop.before;
  const range = world.fabric.podRanges.find((one) => contains(one.range, dst));
  const isOutside = nodeAtPlace(hop.place) === undefined && !hop.place.startsWith("pod/");
  if (range && isOutside) {
    const host = senderHost(of);
    return host?.spec.zone === "internet"
      ? fromInternet(of)
      : notRouted(of, range.node, formatCidr(range.range));
  }
  const stale = range || podAt(world, dst) ? whyPodGone(of) : undefined;
  if (stale) return stale;
  return of.verdict.reason === "NeighFailed" ? nobody(of) : noRoute(of);
}

/** What the kernel says, and the route that led there. */
export function onTheWay(code: Finding["code"], title: string, of: Case): Finding {
  return { ...plain(code, title, of), ...withEvidence(routeOf(of)), look: routeLook(of) };
}

function senderHost({ world, client }: Case) {
  return client.startsWith("host/")
    ? world.store.find("Host", "", client.slice("host/".length))
    : undefined;
}

function routeOf({ way }: Case): Evidence | undefined {
  const routed = [...way].reverse().find(({ route }) => route !== undefined);
  return routed?.route === undefined
    ? undefined
    : { what: "route", text: routed.route, node: routed.node };
}

/** Where the client or the last node asked its routing table. */
function routeLook({ hop, way, client }: Case): readonly Look[] {
  const ip = formatIpv4(hop.before.dst);
  const node = [...way]
    .reverse()
    .map(({ place }) => nodeAtPlace(place))
    .find((one) => one);
  if (node !== undefined) return [ssh(`node/${node}`, `ip route get ${ip}`, ip)];
  return client.startsWith("host/")
    ? [ssh(client as `host/${string}`, `ip route get ${ip}`, ip)]
    : [];
}

function fromInternet(of: Case): Finding {
  const { world, hop, asked } = of;
  const pod = podAt(world, hop.before.dst);
  const services = [...world.store.list("Service")].filter((service) =>
    slicesOf(world, service).some(({ endpoints }) =>
      endpoints.some(({ targetRef }) => pod && targetRef?.name === pod.metadata.name),
    ),
  );
  const [service] = services;
  return {
    code: "PodIpFromInternet",
    title: "Pod addresses are not for the internet",
    cause: `${formatIpv4(hop.before.dst)} is an address of the pod network${pod ? `, pod ${podText(pod)}'s` : ""}: a private one, which nobody on the internet has a route to. Only a load balancer, a nodePort or an ingress leads in${service ? `; ${nameOf(service)} has this pod` : ""}.`,
    objects: [...(pod ? [objectKey(pod)] : []), ...services.map(objectKey)],
    look: [...routeLook(of), kubectl("get pods -A -o wide", "", pod?.status.podIP ?? "IP")],
    fix: service ? outsideFixes(world, asked.from, service) : [],
  };
}

/** Both remedies: the VPC's route table learns of the pods, or the machine joins their network. */
function notRouted(of: Case, node: string, range: string): Finding {
  const { world, hop } = of;
  const host = senderHost(of);
  const pod = podAt(world, hop.before.dst);
  const route: Fix = {
    title: `Add ${range} via ${node} to the VPC's route table`,
    edits: [{ type: "setSetting", node, setting: "vpc_route", value: 1 }],
  };
  const join: Fix | undefined = host && {
    title: `Let ${host.metadata.name} join the pod network`,
    edits: [{ type: "patch", key: objectKey(host), patch: { spec: { podNetwork: true } } }],
  };
  return {
    code: "PodCidrNotRouted",
    title: "The VPC does not know the way to the pods",
    cause: `${formatIpv4(hop.before.dst)}${pod ? ` (pod ${podText(pod)})` : ""} is in ${range}, the pod CIDR of ${node}. ${of.client.split("/").at(-1)} is not part of the pod network, so its packet went to the VPC's router, whose route table has no row for ${range}.`,
    ...withEvidence(routeOf(of)),
    objects: [
      ...(pod ? [objectKey(pod)] : []),
      keyOf("Node", "", node),
      ...(host ? [objectKey(host)] : []),
    ],
    look: [...routeLook(of), kubectl(`get node ${node} -o jsonpath='{.spec.podCIDR}'`, "", range)],
    fix: [route, ...(join && world.config.cni !== "aws-vpc" ? [join] : [])],
  };
}

function withEvidence(evidence: Evidence | undefined): { evidence?: Evidence } {
  return evidence ? { evidence } : {};
}

/** The address was a pod's, and rules or conntrack still lead there. */
export function whyPodGone(of: Case): Finding | undefined {
  const { hop, world, entered, way, asked } = of;
  const { dst } = hop.before;
  const pod = podAt(world, dst);
  if (pod && world.plane.find(`pod/${podText(pod)}`)) return undefined;
  const node = entered?.node || nodeAtPlace(hop.place) || "";
  const text = formatIpv4(dst);
  if (entered) {
    const rule = dnatEvidence(of);
    const { service } = entered;
    const stillListed = slicesOf(world, service).find(({ endpoints }) =>
      endpoints.some(({ addresses }) => addresses[0] === text),
    );
    const stale = `The rules of ${node} lead ${nameOf(service)} to ${text}, and no pod has that address any more.`;
    const behind = stillListed ? undefined : whyRulesDiffer(world, node, stale);
    if (behind)
      return { ...behind, ...rule, objects: [objectKey(service), ...(behind.objects ?? [])] };
    return {
      code: "NobodyHasAddress",
      title: "The endpoint has nobody behind it",
      cause: `${stillListed ? `EndpointSlice ${stillListed.metadata.name} of ${nameOf(service)} lists ${text}` : stale}, and no pod or machine has that address.`,
      ...rule,
      objects: [objectKey(service), ...(stillListed ? [objectKey(stillListed)] : [])],
      look: [
        kubectl(
          `get endpointslices -l kubernetes.io/service-name=${service.metadata.name}`,
          service.metadata.namespace,
          stillListed ? text : "",
        ),
        kubectl("get pods -A -o wide", "", "IP"),
      ],
    };
  }
  const known = way.find(
    ({ conntrack, kind, walks }) => conntrack && kind === "conntrack" && walks.length === 0,
  );
  if (known?.conntrack && of.dialled.ip !== dst)
    return {
      code: "ConntrackToGonePod",
      title: "conntrack still leads to a pod that is gone",
      cause: `The connection is older than the change: conntrack on ${known.node} translates its packets to ${text}, as it was decided for the first one, and no pod has that address any more. Rules are asked for new connections only.`,
      evidence: { what: "conntrack entry", text: known.conntrack, node: known.node },
      objects: objectAt(known.place),
      look: [ssh(`node/${known.node}`, "conntrack -L", text)],
      fix: [{ title: "Open a new connection", send: { from: asked.from, to: asked.to } }],
    };
  const [range] = world.fabric.podRanges.filter((one) => contains(one.range, dst));
  if (!range || podAt(world, dst)) return undefined;
  return {
    code: "NobodyHasAddress",
    title: "No pod has this address",
    cause: `${text} is in ${readNodeCidr(world, range.node)} (${range.node}), and no pod has it now: a pod's address goes with the pod.`,
    ...withEvidence(routeOf(of)),
    objects: [keyOf("Node", "", range.node)],
    look: [kubectl("get pods -A -o wide", "", "IP"), ...routeLook(of)],
  };
}

function dnatEvidence(of: Case): { evidence?: Evidence } {
  const walked = of.way.find(({ walks }) =>
    walks.some(({ matched }) => matched?.origin?.includes("|dnat|")),
  );
  if (!walked) return {};
  const decided = decidingRule({ way: [walked], hop: walked });
  return decided?.rule
    ? { evidence: { what: "rule", text: ruleText(decided, decided.rule), node: walked.node } }
    : {};
}

function nobody(of: Case): Finding {
  const ip = formatIpv4(of.hop.before.dst);
  return {
    code: "NobodyHasAddress",
    title: "Nobody has this address",
    cause: `No machine and no pod has ${ip}: ${of.verdict.explanation}.`,
    ...withEvidence(routeOf(of)),
    objects: objectAt(of.hop.place),
    look: routeLook(of),
  };
}

function noRoute(of: Case): Finding {
  return {
    ...plain("NoRoute", `No route to ${formatIpv4(of.hop.before.dst)}`, of),
    ...withEvidence(routeOf(of)),
    look: lookAtTable(of),
  };
}

function lookAtTable(of: Case): readonly Look[] {
  const node = nodeAtPlace(of.hop.place);
  return node === undefined ? routeLook(of) : [ssh(`node/${node}`, "ip route", "dev")];
}

/** The cloud drops what is not a machine's own. */
export function whyChecked(of: Case): Finding {
  const { world, way, hop } = of;
  const { src, dst } = hop.before;
  const { fabric } = world;
  const before = way.slice(0, -1).at(-1);
  const sender = before && fabric.attachments.get(netnsAt(before.place));
  const isSender = sender?.sourceDestCheck && !sender.addresses.includes(src);
  const via = / via (\S+)/.exec([...way].reverse().find(({ route }) => route)?.route ?? "")?.[1];
  const neighbour = fabric.vpc.get(parseIpv4(via ?? "") ?? 0);
  const target =
    neighbour?.netns ?? fabric.routes.find(({ destination }) => contains(destination, dst))?.target;
  const machine = isSender ? sender.netns : target;
  const node = machine?.startsWith("node/") ? machine.slice("node/".length) : undefined;
  const which = isSender ? `source ${formatIpv4(src)}` : `destination ${formatIpv4(dst)}`;
  return {
    code: "SourceDestCheck",
    title: "The cloud's source/destination check drops the packet",
    cause: `The ${which} is an address of a pod, not of ${node ?? "the machine"} itself, and the source/destination check of ${node ?? "that"}'s instance is on: the VPC carries only packets from and to its own addresses.`,
    objects: node === undefined ? [] : [keyOf("Node", "", node)],
    look: node === undefined ? [] : [ssh(`node/${node}`, "ip addr show dev eth0", "inet")],
    fix:
      node === undefined
        ? []
        : [
            {
              title: `Switch the check of ${node} off`,
              edits: [{ type: "setSetting", node, setting: "source_dest_check", value: 0 }],
            },
          ],
  };
}
