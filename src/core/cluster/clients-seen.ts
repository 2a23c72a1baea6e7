import type { Service } from "../api/types";
import { isPodReady } from "../controllers/pod-facts";
import type { Ipv4 } from "../net/ipv4";
import { formatIpv4, parseIpv4 } from "../net/ipv4";
import type { World } from "./world";

/** One way into a Service, and whom the server at its end takes for its client. */
export interface ClientsSeen {
  readonly way: "load balancer" | "nodePort" | "externalIP" | "clusterIP";
  readonly from: string;
  readonly to: string;
  readonly fromIp: string;
  readonly seen: readonly SeenClient[];
  /** Why some of the requests, or all, are not answered. */
  readonly failure?: string;
}

export interface SeenClient {
  readonly ip: string;
  /** Whose address it is: `host/NAME`, `node/NAME`, `elb/NAMESPACE/NAME`, `pod/NAMESPACE/NAME`, `natgw`. */
  readonly owner?: string;
  readonly probability: number;
}

/** More ways than this are not followed: the answer is for somebody who waits. */
const MAX_WAYS = 400;

/** Sends one request in each way that there is, every way that it could go, and tells whom the servers see. */
export function clientsSeen(world: World, service: Service): readonly ClientsSeen[] {
  const { namespace, name } = service.metadata;
  const [port] = service.spec.ports ?? [];
  if (!port || service.spec.type === "ExternalName") return [];
  const user = outsiderOf(world);
  const pod = clientPodOf(world, service);
  const at = `${namespace}/${name}:${port.port}`;
  const udp = port.protocol === "UDP" ? "/udp" : "";
  const [node] = world.store.list("Node");
  const [externalIP] = service.spec.externalIPs ?? [];
  const hasBalancer = world.loadBalancers().some((one) => one.service === `${namespace}/${name}`);
  const ways: (readonly [ClientsSeen["way"], string | undefined, string | undefined])[] = [
    ["load balancer", user, hasBalancer ? `lb/${at}` : undefined],
    ["nodePort", user, node && port.nodePort ? `nodeport/${node.metadata.name}/${at}` : undefined],
    ["externalIP", user, externalIP && `${externalIP}:${port.port}`],
    ["clusterIP", pod, service.spec.clusterIP === "None" ? undefined : `svc/${at}`],
  ];
  return ways.flatMap(([way, from, to]) =>
    from === undefined || to === undefined ? [] : [seenBy(world, way, from, to + udp)],
  );
}

function seenBy(world: World, way: ClientsSeen["way"], from: string, to: string): ClientsSeen {
  const base = { way, from, to, fromIp: addressOf(world, from) };
  const paths = world.paths(from, to, { maxPaths: MAX_WAYS });
  if (!paths.ok) return { ...base, seen: [], failure: paths.error };
  const shares = new Map<Ipv4, number>();
  let failure: string | undefined;
  for (const { probability, journey } of paths.value) {
    const { outcome } = journey;
    if (outcome?.serverSeesSrcIp !== undefined) {
      const { serverSeesSrcIp: ip } = outcome;
      shares.set(ip, (shares.get(ip) ?? 0) + probability);
    } else failure ??= outcome?.verdict.explanation;
  }
  const seen = [...shares].map(([ip, probability]): SeenClient => {
    const owner = ownerOf(world, ip);
    return { ip: formatIpv4(ip), ...(owner && { owner }), probability };
  });
  return { ...base, seen, ...(failure !== undefined && { failure }) };
}

/** Somebody on the internet; clients before servers. */
function outsiderOf({ store }: World): string | undefined {
  const outside = [...store.list("Host")].filter(({ spec }) => spec.zone === "internet");
  const client = outside.find(({ spec }) => (spec.listens ?? []).length === 0) ?? outside[0];
  return client && `host/${client.metadata.name}`;
}

/** A pod in a network of its own, another one than the Service's if there is such. */
function clientPodOf({ store }: World, { metadata, spec }: Service): string | undefined {
  const selector = Object.entries(spec.selector ?? {});
  const pods = [...store.list("Pod")].filter(
    (pod) => isPodReady(pod) && !pod.spec.hostNetwork && pod.status.podIP,
  );
  const isOther = ({ metadata: { labels = {} } }: (typeof pods)[number]) =>
    !selector.every(([key, value]) => labels[key] === value);
  const near = pods.filter((pod) => pod.metadata.namespace === metadata.namespace);
  const pod = near.find(isOther) ?? near[0] ?? pods[0];
  return pod && `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
}

function addressOf({ store, plane }: World, from: string): string {
  const [kind, first = "", second = ""] = from.split("/");
  if (kind === "pod") return store.find("Pod", first, second)?.status.podIP ?? "";
  const eth0 = plane.find(from)?.interfaces.find((one) => one.kind === "ethernet");
  const ip = eth0?.addresses[0]?.ip;
  return ip === undefined ? "" : formatIpv4(ip);
}

function ownerOf(world: World, ip: Ipv4): string | undefined {
  if (ip === parseIpv4(world.config.natGateway ?? "")) return "natgw";
  for (const { id, interfaces } of world.plane.all()) {
    if (interfaces.some((one) => one.addresses.some((address) => address.ip === ip))) return id;
  }
  return undefined;
}
