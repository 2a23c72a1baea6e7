import type { Container } from "../api/types";
import type { ServedPort } from "../controllers/context";
import type { Protocol } from "../net/packet";

/** A reverse proxy that reads Ingresses: which program it is. */
export type GatewayProgram = "nginx" | "istio" | "envoy";

/** What a container is told that is one. */
export interface Gateway {
  readonly program: GatewayProgram;
  /** spec.ingressClassName of the Ingresses that it serves. */
  readonly ingressClass: string;
}

/** Undefined where the container is none. Istio's proxy is one as `proxy router`, not as a sidecar. */
export function gatewayOf(container: Container): Gateway | undefined {
  const program = programOf(container.image);
  const words = wordsOf(container);
  if (!program || words.includes("sidecar")) return undefined;
  return { program, ingressClass: optionOf(words, "ingress-class") ?? program };
}

const IMAGES: readonly { readonly program: GatewayProgram; readonly image: RegExp }[] = [
  {
    program: "nginx",
    image: /(^|\/)(ingress-nginx\/controller(-chroot)?|nginx-ingress-controller)([:@]|$)/,
  },
  { program: "istio", image: /(^|\/)proxyv2(-distroless)?([:@]|$)/ },
  { program: "envoy", image: /(^|\/)envoy(-distroless|-contrib)?([:@]|$)/ },
];

function programOf(image: string): GatewayProgram | undefined {
  return IMAGES.find((one) => one.image.test(image))?.program;
}

interface OwnPorts {
  readonly http: number;
  readonly https: number;
  /** Health and metrics: they serve themselves, whatever routes there are. */
  readonly own: readonly number[];
}

/** Source: ingress-nginx cmd/nginx/flags.go; Istio's gateway chart; Contour's envoy. */
const PORTS: Readonly<Record<GatewayProgram, OwnPorts>> = {
  nginx: { http: 80, https: 443, own: [10_254] },
  istio: { http: 8080, https: 8443, own: [15_021, 15_090] },
  envoy: { http: 8080, https: 8443, own: [8_002, 9_901] },
};

/** What a gateway serves: its own ports and those it declares.
 *  Simplified: TLS is not modelled, so that what comes to its HTTPS port is routed like what comes to the other. */
export function gatewayPorts(container: Container): readonly ServedPort[] | undefined {
  const gateway = gatewayOf(container);
  if (!gateway) return undefined;
  const { http, https, own } = PORTS[gateway.program];
  const words = wordsOf(container);
  const chosen = (name: string, usual: number) => Number(optionOf(words, name) ?? usual) || usual;
  const routed = new Set([chosen("http-port", http), chosen("https-port", https)]);
  for (const { containerPort, protocol } of container.ports ?? [])
    if ((protocol ?? "TCP") === "TCP" && !own.includes(containerPort)) routed.add(containerPort);
  const tcp = (port: number, program: ServedPort["program"]): ServedPort => ({
    protocol: "tcp",
    port,
    program,
  });
  const others = (container.ports ?? []).filter(({ protocol }) => (protocol ?? "TCP") !== "TCP");
  return [
    ...[...routed].map((port) => tcp(port, "gateway")),
    ...own.map((port) => tcp(port, "http")),
    ...others.map(({ containerPort, protocol }) => ({
      protocol: protocol?.toLowerCase() as Protocol,
      port: containerPort,
      program: "echo" as const,
    })),
  ];
}

function wordsOf({ command = [], args = [] }: Container): readonly string[] {
  return [...command, ...args].flatMap((word) => word.split(/\s+/));
}

/** `--name=value` or `--name value`. */
function optionOf(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const word = words[at] ?? "";
  return word.includes("=") ? word.slice(word.indexOf("=") + 1) : words[at + 1];
}
