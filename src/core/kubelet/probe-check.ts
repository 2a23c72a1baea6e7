import type { Container, Pod, Probe } from "../api/types";
import type { Check, ProbeKind } from "../controllers/check";
import { shortKey } from "../controllers/objects";
import { type Ipv4, ipv4, parseIpv4 } from "../net/ipv4";

/** How a probe is made. */
export type ProbePlan =
  /** A command in the container: no packets. */
  | { readonly kind: "exec" }
  | { readonly kind: "check"; readonly check: Check; readonly target: ProbeTarget }
  /** The kubelet cannot even begin. */
  | { readonly kind: "error"; readonly message: string };

/** What the kubelet's words call it. */
export interface ProbeTarget {
  /** `10.244.1.2:8080`. */
  readonly address: string;
  /** `http://10.244.1.2:8080/ready`. */
  readonly url: string;
}

export function probeOf(container: Container, kind: ProbeKind): Probe | undefined {
  switch (kind) {
    case "readiness":
      return container.readinessProbe;
    case "liveness":
      return container.livenessProbe;
    case "startup":
      return container.startupProbe;
  }
}

/** The port that a probe asks, by number or by the name of one of the container's ports. */
export function probePort(container: Container, probe: Probe): number | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port;
  if (typeof port !== "string") return port;
  const named = container.ports?.find((one) => one.name === port)?.containerPort;
  return named ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}

/** Source: grpc.health.v1, Health/Check. */
export const GRPC_HEALTH_PATH = "/grpc.health.v1.Health/Check";

export function probePath({ httpGet, grpc }: Probe): string | undefined {
  if (grpc) return GRPC_HEALTH_PATH;
  if (!httpGet) return undefined;
  const { path = "/" } = httpGet;
  return path.startsWith("/") ? path : `/${path}`;
}

/** A connection from the node's own network to the pod's address, as the kubelet opens it.
 *  Simplified: `host` is an address or localhost; names are not looked up. */
export function planProbe(pod: Pod, index: number, kind: ProbeKind, probe: Probe): ProbePlan {
  const container = pod.spec.containers[index];
  if (probe.exec || !container) return { kind: "exec" };
  const port = probePort(container, probe);
  const name = probe.httpGet?.port ?? probe.tcpSocket?.port ?? "";
  if (port === undefined) return { kind: "error", message: `couldn't find port: ${name}` };
  const host = probe.httpGet?.host || probe.tcpSocket?.host || pod.status.podIP || "";
  const ip = addressOf(host);
  if (ip === undefined) return { kind: "error", message: `dial tcp: lookup ${host}: no such host` };
  const address = `${host}:${port}`;
  const path = probePath(probe);
  const scheme = (probe.httpGet?.scheme ?? "HTTP").toLowerCase();
  return {
    kind: "check",
    target: { address, url: `${scheme}://${address}${path ?? ""}` },
    check: {
      purpose: { kind: "probe", pod: shortKey(pod), container: index, probe: kind },
      from: `node/${pod.spec.nodeName}`,
      ip,
      port,
      ...(path !== undefined && {
        http: { host: address, path, method: probe.grpc ? "POST" : "GET" },
      }),
    },
  };
}

function addressOf(host: string): Ipv4 | undefined {
  return host === "localhost" ? ipv4("127.0.0.1") : parseIpv4(host);
}
