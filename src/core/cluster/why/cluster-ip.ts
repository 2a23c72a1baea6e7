import { objectKey, type Service, type ServicePort } from "../../api/types";
import { isSkipped } from "../../kubeproxy/service-ports";
import { formatIpv4 } from "../../net/ipv4";
import { type Case, isClusterIp, lower, nameOf, nodeAtPlace, serviceAt, svcTarget } from "./case";
import { kubectl, servicePorts, ssh } from "./lines";
import { patch } from "./objects";
import { whyRulesDiffer } from "./rules-behind";
import { nodeToAsk } from "./slices";
import type { Finding, Fix } from "./why";

/** The packet still bears a cluster IP: no rule has translated it. Undefined where it does not. */
export function whyNotTranslated(of: Case): Finding | undefined {
  const { world, hop, dialled, client } = of;
  const service = serviceAt(world, hop.before.dst);
  if (!service || !isClusterIp(service, hop.before.dst) || hop.direction === "reply")
    return undefined;
  if (client.startsWith("host/")) return fromOutside(of, service);
  if (dialled.protocol === "icmp") return pinged(of, service);
  const ports = service.spec.ports ?? [];
  const same = ports.filter(({ port }) => port === dialled.port);
  if (same.length === 0) return noSuchPort(of, service);
  if (!same.some(({ protocol }) => lower(protocol) === dialled.protocol))
    return otherProtocol(of, service, same);
  const node = nodeOf(of);
  return node === undefined || isSkipped(service)
    ? undefined
    : whyRulesDiffer(world, node, `${node} has no rule for ${nameOf(service)}.`);
}

/** The node whose rules the packet met. */
function nodeOf({ way }: Case): string | undefined {
  return way.map(({ place }) => nodeAtPlace(place)).find((node) => node !== undefined);
}

function look(service: Service) {
  const { name, namespace } = service.metadata;
  return kubectl(`get service ${name}`, namespace, service.spec.clusterIP ?? name);
}

function rulesLook(of: Case, shows: string) {
  const node = nodeOf(of);
  const ip = formatIpv4(of.hop.before.dst);
  return node === undefined
    ? []
    : [ssh(`node/${node}`, `iptables-save -t nat | grep -e '-d ${ip}/32'`, shows)];
}

function fromOutside({ world, asked, client, hop }: Case, service: Service): Finding {
  const ip = formatIpv4(hop.before.dst);
  const name = client.slice("host/".length);
  return {
    code: "ClusterIpFromOutside",
    title: "A cluster IP means nothing outside the cluster",
    cause: `${ip} is the cluster IP of ${nameOf(service)}: it is on no network card and in no route table, only in the rules that kube-proxy writes on nodes. ${name} has no such rules, and the networks between know no way to it.`,
    objects: [objectKey(service), `Host/${name}`],
    look: [look(service), ssh(`host/${name}`, `ip route get ${ip}`, ip)],
    fix: outsideFixes(world, asked.from, service),
  };
}

/** What can be asked from outside, or what makes it so. */
export function outsideFixes(world: Case["world"], from: string, service: Service): readonly Fix[] {
  const { namespace, name } = service.metadata;
  const [port] = service.spec.ports ?? [];
  const nodeName = nodeToAsk(world, service);
  if (!port || nodeName === undefined) return [];
  const at = `${namespace}/${name}:${port.port}`;
  const { type } = service.spec;
  if (world.loadBalancers().some(({ service: of }) => of === `${namespace}/${name}`))
    return [{ title: "Ask its load balancer", send: { from, to: `lb/${at}` } }];
  const send = { from, to: `nodeport/${nodeName}/${at}` };
  if (type === "NodePort" || port.nodePort)
    return [{ title: `Ask ${nodeName} at its nodePort`, send }];
  if (type !== "ClusterIP" || service.spec.clusterIP === "None") return [];
  return [
    {
      title: `Make it a NodePort Service, and ask ${nodeName}`,
      edits: [patch(service, { spec: { type: "NodePort" } })],
      send,
    },
  ];
}

function pinged(of: Case, service: Service): Finding {
  const ports = service.spec.ports ?? [];
  return {
    code: "ClusterIpPinged",
    title: "A cluster IP does not answer pings",
    cause: `${formatIpv4(of.dialled.ip)} is the cluster IP of ${nameOf(service)}. kube-proxy's rules are about its ports only (${servicePorts(service)}); ICMP has no ports, so no rule translates the ping, and no machine has the address: ${of.verdict.explanation}.`,
    objects: [objectKey(service)],
    look: [look(service), ...rulesLook(of, ports.length > 0 ? "--dport" : "")],
    fix: ports.slice(0, 1).map((port) => ({
      title: `Ask ${port.protocol} port ${port.port}`,
      send: { from: of.asked.from, to: svcTarget(service, port) },
    })),
  };
}

function noSuchPort(of: Case, service: Service): Finding {
  const { dialled, asked, verdict } = of;
  return {
    code: "NoSuchServicePort",
    title: `The Service has no port ${dialled.port}`,
    cause: `${nameOf(service)} has ${servicePorts(service)}, and nothing on ${dialled.port}: no rule translates the packet, so it leaves for an address that no machine has (${verdict.explanation}).`,
    objects: [objectKey(service)],
    look: [look(service), ...rulesLook(of, "--dport")],
    fix: askPorts(asked.from, service, service.spec.ports ?? []),
  };
}

export function askPorts(
  from: string,
  service: Service,
  ports: readonly ServicePort[],
): readonly Fix[] {
  return ports.slice(0, 3).map((port) => ({
    title: `Ask ${port.protocol} port ${port.port}`,
    send: { from, to: svcTarget(service, port) },
  }));
}

function otherProtocol(of: Case, service: Service, ports: readonly ServicePort[]): Finding {
  const { dialled, asked } = of;
  const has = ports.map(({ protocol }) => protocol).join(", ");
  return {
    code: "ServiceOtherProtocol",
    title: `Port ${dialled.port} of the Service is ${has}`,
    cause: `${nameOf(service)} has port ${dialled.port} for ${has} only, and the request is ${dialled.protocol.toUpperCase()}: no rule translates it.`,
    objects: [objectKey(service)],
    look: [look(service), ...rulesLook(of, `-p ${lower(ports[0]?.protocol ?? "")}`)],
    fix: askPorts(asked.from, service, ports),
  };
}
