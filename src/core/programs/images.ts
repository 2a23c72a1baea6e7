import type { Container } from "../api/types";
import type { ServedPort } from "../controllers/context";
import type { ProgramKind } from "../dataplane/netns";
import type { Protocol } from "../net/packet";
import { SECOND } from "../sim/time";
import { chosenPorts } from "./command-line";
import { gatewayPorts } from "./gateways";

const tcp = (port: number, program: ProgramKind): ServedPort => ({
  protocol: "tcp",
  port,
  program,
});
const udp = (port: number, program: ProgramKind): ServedPort => ({
  protocol: "udp",
  port,
  program,
});

/** What well-known images serve without being told, by the last part of their name. The first that fits counts. */
const KNOWN_IMAGES: readonly { readonly name: RegExp; readonly serves: readonly ServedPort[] }[] = [
  { name: /^kuard(-|$)/, serves: [tcp(8080, "http")] },
  // 53 the zone, 9153 metrics, 8080 /health, 8181 /ready. Source: kubeadm's Corefile.
  {
    name: /^coredns$/,
    serves: [
      udp(53, "dns"),
      tcp(53, "dns"),
      tcp(9153, "http"),
      tcp(8080, "http"),
      tcp(8181, "http"),
    ],
  },
  { name: /^nginx-unprivileged$/, serves: [tcp(8080, "http")] },
  { name: /^(nginx|httpd)$/, serves: [tcp(80, "http")] },
  { name: /^whoami$/, serves: [tcp(80, "http")] },
  { name: /^http-echo$/, serves: [tcp(5678, "http")] },
  // Of the documentation's page "Debug Services".
  { name: /^serve[_-]hostname(-|$)/, serves: [tcp(9376, "http")] },
  { name: /^kube-proxy(-|$)/, serves: [tcp(10_256, "healthz")] },
  { name: /^pause$/, serves: [] },
];

/** What a container serves: what its command line says, where we know how to read it; else its image's own ports and
 *  those it declares. An unknown image serves what it declares (TCP: HTTP, otherwise an echo). */
export function servedPorts(container: Container): readonly ServedPort[] {
  let ports = served.get(container);
  if (!ports) {
    ports = readPorts(container);
    served.set(container, ports);
  }
  return ports;
}

/** Asked at every request; a container never changes. */
const served = new WeakMap<Container, readonly ServedPort[]>();

function readPorts(container: Container): readonly ServedPort[] {
  const gateway = gatewayPorts(container);
  if (gateway) return gateway;
  const name = imageName(container.image);
  const chosen = chosenPorts(name, container);
  if (chosen) return chosen;
  const ports = [...(KNOWN_IMAGES.find((image) => image.name.test(name))?.serves ?? [])];
  for (const declared of container.ports ?? []) {
    const protocol = (declared.protocol ?? "TCP").toLowerCase() as Protocol;
    const port = declared.containerPort;
    if (ports.some((one) => one.protocol === protocol && one.port === port)) continue;
    ports.push({ protocol, port, program: protocol === "tcp" ? "http" : "echo" });
  }
  return ports;
}

/** How long a program goes on serving after SIGTERM. Simplified: those that are not listed here leave at once, as a Go
 *  or Java program without a handler does; a shell as first process, which SIGTERM does not end, is not told apart. */
export function drainUs(container: Container): number {
  return DRAIN_US.get(imageName(container.image)) ?? 0;
}

/** Source: kubeadm's Corefile, `health { lameduck 5s }`. */
const DRAIN_US: ReadonlyMap<string, number> = new Map([["coredns", 5 * SECOND]]);

/** `gcr.io/kuar-demo/kuard-amd64:blue@sha256:…` is `kuard-amd64`. */
export function imageName(image: string): string {
  const withoutDigest = image.split("@")[0] ?? "";
  const last = withoutDigest.slice(withoutDigest.lastIndexOf("/") + 1);
  return last.split(":")[0] ?? "";
}
