import { keyOf, objectKey, type Service } from "../../api/types";
import { answerUpstream } from "../../dns/query";
import { CLUSTER_DOMAIN } from "../../dns/records";
import { formatIpv4 } from "../../net/ipv4";
import type { Hop } from "../../trace/hop";
import { CLOUD_RESOLVER, dnsWorldOf } from "../names";
import type { World } from "../world";
import type { Asked } from "./case";
import { closest, inNamespace, kubectl, listed } from "./lines";
import { whyNoEndpoints } from "./no-endpoints";
import { patch } from "./objects";
import type { Finding, Fix, Look } from "./why";

const SVC = `.svc.${CLUSTER_DOMAIN}`;

/** A name that came to nothing, as a program gave it. */
interface Name {
  /** Without the port. */
  readonly typed: string;
  readonly port: string;
  /** Namespace of the pod that asked; undefined for machines. */
  readonly namespace: string | undefined;
  readonly asked: Asked;
}

export function nameIn(asked: Asked): Name {
  const svc = /^svc\/([^/]+)\/([^/:]+)(:.*)?$/.exec(asked.to);
  const [, typed = asked.to, port = ""] = /^(.+?)(:[^:]*|\/icmp)?$/.exec(asked.to) ?? [];
  const [kind, namespace] = asked.from.split("/");
  return {
    typed: svc ? `${svc[2]}.${svc[1]}${SVC}` : typed,
    port: svc ? (svc[3] ?? "") : port,
    namespace: kind === "pod" || kind === "deploy" || kind === "deployment" ? namespace : undefined,
    asked,
  };
}

/** A nameserver has answered: there is no such name, or it has no address. */
export function whyNoName(world: World, asked: Asked, code: "DnsNxdomain" | "DnsNoData"): Finding {
  const name = nameIn(asked);
  const queries = asked.hops.filter(
    ({ kind, after }) => kind === "send" && after.dns && !after.dns.answer,
  );
  const nameserver = queries[0] && formatIpv4(queries[0].after.dst);
  const [service, namespace] = serviceParts(name);
  const meant = world.store.find("Service", namespace, service);
  if (nameserver === undefined || nameserver === CLOUD_RESOLVER) {
    const [other] = meant ? [meant] : sameName(world, service);
    if (other && (meant || name.typed.includes(".")))
      return notTheClusters(name, other, nameserver);
  }
  if (meant) {
    const ofService = aboutService(world, name, meant);
    if (ofService) return ofService;
  }
  if (name.namespace !== undefined && !meant) {
    const [other] = sameName(world, service);
    if (other && other.metadata.namespace !== namespace)
      return wrongNamespace(world, name, other, namespace);
  }
  return unknown(world, name, service, namespace, code);
}

/** What the cluster's DNS would take for Service and namespace. */
function serviceParts({ typed, namespace = "default" }: Name): readonly [string, string] {
  const bare = typed.replace(/\.$/, "").replace(/\.svc(\.cluster\.local)?$/, "");
  const labels = bare.split(".");
  if (labels.length === 1) return [bare, namespace];
  return [labels.at(-2) ?? "", labels.at(-1) ?? ""];
}

function sameName({ store }: World, name: string): readonly Service[] {
  return [...store.list("Service")].filter(({ metadata }) => metadata.name === name);
}

function fqdn({ metadata }: Pick<Service, "metadata">): string {
  return `${metadata.name}.${metadata.namespace}${SVC}`;
}

/** In the pod that asked, where its image has the tool; else as seen from the API. */
function lookUp({ asked, typed }: Name, shows: string): readonly Look[] {
  const [kind, namespace = "", pod = ""] = asked.from.split("/");
  if (kind !== "pod" && kind !== "deploy") return [];
  const of = kind === "pod" ? pod : `deploy/${pod}`;
  return [
    {
      command: `kubectl exec${inNamespace(namespace)} ${of} -- nslookup ${typed}`,
      place: asked.from,
      shows,
    },
  ];
}

function servicesLook(shows: string): Look {
  return kubectl("get services -A", "", shows);
}

function again(name: Name, typed: string): Fix {
  return {
    title: `Ask for ${typed}`,
    send: { from: name.asked.from, to: `${typed}${name.port}` },
  };
}

function notTheClusters(name: Name, service: Service, nameserver: string | undefined): Finding {
  const { namespace, name: of } = service.metadata;
  const who = name.asked.from.split("/").at(-1);
  const isNode = name.asked.from.startsWith("node/");
  return {
    code: "DnsNotTheClusters",
    title: "Only pods ask the cluster's DNS",
    cause: `${name.typed} is a name of Service ${namespace}/${of} in the cluster's DNS. ${who} asks ${nameserver ?? "a resolver on the internet"}, which has never heard of the cluster: names of Services mean nothing there.`,
    objects: [objectKey(service)],
    look: [
      {
        command: `ssh ${who} cat /etc/resolv.conf`,
        place: name.asked.from,
        shows: "nameserver",
      },
      kubectl(`get service ${of}`, namespace, of),
    ],
    fix:
      isNode && name.port !== ""
        ? [
            {
              title: "Ask the Service's cluster IP instead",
              send: { from: name.asked.from, to: `svc/${namespace}/${of}${name.port}` },
            },
          ]
        : [],
  };
}

function wrongNamespace(world: World, name: Name, other: Service, searched: string): Finding {
  const others = sameName(world, other.metadata.name);
  return {
    code: "DnsWrongNamespace",
    title: "The Service is in another namespace",
    cause: `There is no Service ${other.metadata.name} in namespace ${searched}; ${listed(others.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`))} is elsewhere. A short name is looked up in the pod's own namespace first (search list of /etc/resolv.conf): the namespace belongs to the name.`,
    objects: others.map(objectKey),
    look: [servicesLook(other.metadata.name), ...lookUp(name, "NXDOMAIN")],
    fix: others.slice(0, 3).map((one) => again(name, fqdn(one))),
  };
}

function aboutService(world: World, name: Name, service: Service): Finding | undefined {
  if (service.spec.type === "ExternalName") return externalName(world, name, service);
  if (service.spec.clusterIP !== "None") return undefined;
  const why = whyNoEndpoints(world, service, undefined);
  if (!why) return undefined;
  const { namespace, name: of } = service.metadata;
  return {
    ...why,
    cause: `Service ${namespace}/${of} is headless: its name stands for the addresses of its ready pods, and there is none, so the name stands for nothing. ${why.cause}`,
  };
}

function externalName(world: World, name: Name, service: Service): Finding | undefined {
  const target = service.spec.externalName ?? "";
  const dns = dnsWorldOf(world.store, world.loadBalancers());
  if (answerUpstream(dns, target, "A").answers.length > 0) return undefined;
  const known = [...world.store.list("Host")].flatMap(({ spec }) => spec.hostnames ?? []);
  const meant = closest(target, known);
  const { namespace, name: of } = service.metadata;
  return {
    code: "ExternalNameUnknown",
    title: "The external name leads nowhere",
    cause: `Service ${namespace}/${of} is an alias (CNAME) for ${target}, and no DNS server outside knows that name${meant ? `; there is ${meant}` : ""}.`,
    evidence: { what: "message", text: `${fqdn(service)} CNAME ${target}: NXDOMAIN` },
    objects: [objectKey(service)],
    look: [
      kubectl(`get service ${of} -o jsonpath='{.spec.externalName}'`, namespace, target),
      ...lookUp(name, target),
    ],
    fix: meant
      ? [
          {
            title: `Let it stand for ${meant}`,
            edits: [patch(service, { spec: { externalName: meant } })],
          },
        ]
      : [],
  };
}

function unknown(
  world: World,
  name: Name,
  service: string,
  namespace: string,
  code: "DnsNxdomain" | "DnsNoData",
): Finding {
  const names = [...world.store.list("Service")]
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
  const hostnames = [...world.store.list("Host")].flatMap(({ spec }) => spec.hostnames ?? []);
  const near = name.namespace === undefined ? undefined : closest(service, names);
  const outside = closest(name.typed, hostnames);
  const meant = near === undefined ? outside : near;
  const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
  const queried = [
    ...new Set(name.asked.hops.flatMap(({ after }) => after.dns?.question.name ?? [])),
  ];
  const tried = queried.length > 1 ? ` Tried: ${listed(queried, 4)}.` : "";
  const typed = near === undefined ? outside : spelled(name, service, near);
  return {
    code,
    title: code === "DnsNoData" ? "The name has no address" : "There is no such name",
    cause:
      code === "DnsNoData"
        ? `The name ${name.typed} exists, and has no A record.${hint}`
        : `No DNS server that was asked knows ${name.typed} (NXDOMAIN).${tried}${hint}`,
    objects: near === undefined ? [] : [keyOf("Service", namespace, near)],
    look: [servicesLook("NAMESPACE"), ...lookUp(name, code === "DnsNoData" ? "" : "NXDOMAIN")],
    fix: typed === undefined ? [] : [again(name, typed)],
  };
}

function spelled({ typed }: Name, service: string, near: string): string {
  return typed.startsWith(service)
    ? near + typed.slice(service.length)
    : typed.replace(service, near);
}

/** No nameserver could be reached, or it could not find out. `behind`: why its packets came to nothing. */
export function whyNoAnswer(
  world: World,
  asked: Asked,
  code: "DnsTimeout" | "DnsRefused" | "DnsServfail",
  behind: Finding | undefined,
): Finding {
  const name = nameIn(asked);
  const query = asked.hops.find(({ after }) => after.dns && !after.dns.answer);
  const server = query === undefined ? "the nameserver" : serverWords(world, query);
  const title = {
    DnsTimeout: "No DNS server answers",
    DnsRefused: "Nobody serves DNS there",
    DnsServfail: "The DNS server could not find out",
  }[code];
  const what = {
    DnsTimeout: `${server} gives no answer`,
    DnsRefused: `${server} refuses the query`,
    DnsServfail: `${server} says SERVFAIL: what it asked itself came to nothing`,
  }[code];
  return {
    ...(behind?.evidence && { evidence: behind.evidence }),
    code,
    title,
    cause: `Before ${asked.from.split("/").at(-1)} can connect, it must look up ${name.typed}, and ${what}.${behind ? ` ${behind.cause}` : ""}`,
    objects: [...(behind?.objects ?? []), keyOf("Service", "kube-system", "kube-dns")],
    look: [
      kubectl("get pods -l k8s-app=kube-dns", "kube-system", podsShown(world)),
      ...(behind?.look ?? []),
    ],
    fix: behind?.fix ?? [],
  };
}

function podsShown({ store }: World): string {
  const pod = [...store.list("Pod")].find(
    ({ metadata }) => metadata.labels?.["k8s-app"] === "kube-dns",
  );
  return pod?.metadata.name ?? "No resources found";
}

function serverWords({ store }: World, { before }: Hop): string {
  const ip = formatIpv4(before.dst);
  const service = [...store.list("Service")].find(({ spec }) => spec.clusterIP === ip);
  return service
    ? `${ip} (Service ${service.metadata.namespace}/${service.metadata.name})`
    : `the nameserver ${ip}`;
}
