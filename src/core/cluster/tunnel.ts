import { matchesLabels } from "../api/labels";
import type { Store } from "../api/store";
import type { Host, Pod, Service } from "../api/types";
import { internalIp, isPodReady, isTerminating } from "../controllers/pod-facts";
import type { NetnsId } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import { requestOf } from "../net/http-message";
import { formatIpv4, ipv4, parseIpv4 } from "../net/ipv4";
import { formatEndpoint } from "../net/packet";
import { SECOND } from "../sim/time";
import type { Connection, Destination, JourneyOptions, Tunnel } from "./connection";
import type { Onward, Trouble, TroubleAnswer } from "./onward";
import { KUBELET_PORT } from "./sending";
import type { Parsed } from "./targets";

const LOCALHOST = ipv4("127.0.0.1");

const bad = <T>(error: string): Parsed<T> => ({ ok: false, error });

/** `port-forward/NS/POD:PORT` and `port-forward/svc/NS/NAME:PORT`: to the API server, which passes it on. Of a Service one
 *  pod is taken: the first that is ready. Source: kubectl/pkg/polymorphichelpers, attachablePodForObject. */
export function tunnelTarget(
  path: readonly string[],
  port: string,
  client: NetnsId,
  store: Store,
): Parsed<Destination> {
  const [first = "", second = "", third] = path;
  const isService = path.length === 3 && first === "svc";
  if (!isService && path.length !== 2) {
    const given = `port-forward/${path.join("/")}`;
    return bad(`"${given}" is not a destination: use port-forward/NS/POD:PORT`);
  }
  const found = isService
    ? ofService(second, third ?? "", port, store)
    : ofPod(first, second, port, store);
  if (!found.ok) return found;
  const server = apiServerFor(client, store);
  return server
    ? { ok: true, value: { ...server, protocol: "tcp", tunnel: found.value } }
    : bad("this cluster’s API server has no place here: the addon kubernetes brings one");
}

function ofPod(namespace: string, name: string, port: string, store: Store): Parsed<Tunnel> {
  const pod = store.find("Pod", namespace, name);
  if (!pod) return bad(`pods "${name}" not found`);
  const { phase } = pod.status;
  if (phase !== "Running")
    return bad(`unable to forward port because pod is not running. Current status=${phase}`);
  if (port === OPEN_ONLY) return { ok: true, value: { namespace, pod: name } };
  const number = /^\d+$/.test(port) ? Number(port) : containerPort(pod, port);
  if (number === undefined || number < 1 || number > 65_535)
    return bad(`Pod '${name}' does not have a named port '${port}'`);
  return { ok: true, value: { namespace, pod: name, port: number } };
}

/** In place of a port: the way there is opened, and nothing sent through it. */
const OPEN_ONLY = "0";

function ofService(namespace: string, name: string, port: string, store: Store): Parsed<Tunnel> {
  const service = store.find("Service", namespace, name);
  if (!service) return bad(`services "${name}" not found`);
  const served = (service.spec.ports ?? []).find(
    (one) => String(one.port) === port || one.name === port,
  );
  if (!served) return bad(`Service ${name} does not have a service port ${port}`);
  const pod = podOf(service, store);
  if (!pod) return bad(`no pod of service ${namespace}/${name} is running`);
  return ofPod(namespace, pod.metadata.name, String(served.targetPort), store);
}

function podOf({ metadata, spec }: Service, store: Store): Pod | undefined {
  const pods = [...store.list("Pod")].filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      matchesLabels(spec.selector, pod.metadata.labels) &&
      pod.status.phase === "Running" &&
      !isTerminating(pod),
  );
  return pods.find(isPodReady) ?? pods[0];
}

function containerPort({ spec }: Pod, name: string): number | undefined {
  return spec.containers.flatMap(({ ports = [] }) => ports).find((port) => port.name === name)
    ?.containerPort;
}

/** Where a client finds the API server: from the internet at its public address, if it has one. */
export function apiServerFor(
  client: NetnsId,
  store: Store,
): Pick<Destination, "ip" | "port"> | undefined {
  const machine = findApiServer(store);
  if (!machine) return undefined;
  const from = client.startsWith("host/") ? store.find("Host", "", client.slice(5)) : undefined;
  const isOutside = from?.spec.zone === "internet";
  const ip = parseIpv4((isOutside ? machine.spec.publicIP : undefined) ?? machine.spec.ip);
  return ip === undefined ? undefined : { ip, port: machine.spec.listens?.[0]?.port ?? 6_443 };
}

/** The machine behind the Service kubernetes. */
export function findApiServer(store: Store): Host | undefined {
  const slice = store.find("EndpointSlice", "default", "kubernetes");
  const address = slice?.endpoints[0]?.addresses[0];
  return [...store.list("Host")].find(({ spec }) => spec.ip === address);
}

/** The API server connects to the kubelet of the pod's node, the kubelet to localhost in the pod's network namespace. */
export function tunnelOnward(
  store: Store,
  plane: Plane,
  { tunnel, server }: Connection,
  { http = {} }: JourneyOptions,
): Onward | undefined {
  if (!tunnel || !server) return undefined;
  const { namespace, pod: name, port } = tunnel;
  const pod = store.find("Pod", namespace, name);
  const node = pod?.spec.nodeName ?? "";
  if (!pod) return refused(404, "Not Found", `pods "${name}" not found`);
  if (server.listener.program !== "kubelet") {
    const machine = store.find("Node", "", node);
    const ip = parseIpv4((machine && internalIp(machine)) ?? "");
    if (ip === undefined) return refused(500, "Internal Server Error", `no host ${node} found`);
    const words = `the kubelet of ${node}, where pod ${namespace}/${name} runs`;
    return { kind: "connect", netns: server.netns, ips: [ip], port: KUBELET_PORT, tunnel, words };
  }
  const netns = pod.spec.hostNetwork ? `node/${node}` : `pod/${namespace}/${name}`;
  if (!plane.find(netns)) return refused(404, "Not Found", "container not running");
  if (port === undefined) {
    const headers = ["Connection: Upgrade", "Upgrade: websocket"];
    const response = { status: 101, reason: "Switching Protocols", headers, body: "" };
    const words = `the port-forward to pod ${namespace}/${name} is open`;
    return { kind: "answer", response, words };
  }
  const words = `localhost in the network namespace of pod ${namespace}/${name}, not its Service`;
  const request = requestOf({ host: formatEndpoint(LOCALHOST, port), ...http });
  return { kind: "connect", netns, ips: [LOCALHOST], port, request, words };
}

function refused(status: number, reason: string, body: string): Onward {
  return { kind: "answer", response: { status, reason, body }, words: body };
}

/** Source: k8s.io/apimachinery/pkg/util/net, the dialer of http.Transport: 30 s. */
const DIAL_TIMEOUT_US = 30 * SECOND;

/** What the API server or the kubelet says of a connection that came to nothing.
 *  Source: apimachinery/pkg/util/proxy, containerd's sandbox_portforward_linux.go. */
export function tunnelTrouble(
  { tunnel, server }: Connection,
  { verdict, to, isUnreachable, isConnected }: Trouble,
): TroubleAnswer {
  const isLate = verdict.kind === "dropped";
  const answer = (body: string): TroubleAnswer => ({
    response: { status: 500, reason: "Internal Server Error", body },
    delayUs: isLate ? DIAL_TIMEOUT_US : 0,
  });
  const isLost = isUnreachable || verdict.reason === "NeighFailed";
  const errno = isLost ? "no route to host" : "connection refused";
  const why = isConnected ? "EOF" : isLate ? "i/o timeout" : `connect: ${errno}`;
  if (server?.listener.program !== "kubelet")
    return answer(`error dialing backend: dial tcp ${formatEndpoint(to.ip, to.port)}: ${why}`);
  const pod = `${tunnel?.namespace}/${tunnel?.pod}`;
  return answer(
    `error forwarding port ${to.port} to pod ${pod}: failed to connect to localhost:${to.port} inside its network namespace, IPv4: dial tcp4 ${formatIpv4(to.ip)}:${to.port}: ${why}`,
  );
}
