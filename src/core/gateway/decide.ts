import type { IngressBackend, Service } from "../api/types";
import type { View } from "../controllers/older-view";
import type { HttpRequest, HttpResponse } from "../net/http-message";
import { formatIpv4, type Ipv4, parseIpv4 } from "../net/ipv4";
import type { Gateway, GatewayProgram } from "../programs/gateways";
import { ownAnswer } from "./pages";
import { findRoute, listCandidates, servedIngresses } from "./routes";

/** What a gateway does with a request. */
export type Decision =
  | {
      readonly kind: "forward";
      /** Of a headless Service several: it takes one. */
      readonly ips: readonly Ipv4[];
      readonly port: number;
      readonly request: HttpRequest;
      /** What it goes by: `Ingress default/shop: shop.example.com /cart (Prefix) to cart:80`. */
      readonly words: string;
    }
  | { readonly kind: "answer"; readonly response: HttpResponse; readonly words: string };

/** By what its watch has told it (`view`). */
export function decide(view: View, gateway: Gateway, request: HttpRequest, client: Ipv4): Decision {
  const { program } = gateway;
  const route = findRoute(servedIngresses(view, gateway), program, request);
  if (!route) {
    const asked = `${request.host ?? "*"}${request.path}`;
    const words = `no Ingress has a rule for ${asked}`;
    return { kind: "answer", response: ownAnswer(program, "noRoute"), words };
  }
  const { namespace, name } = route.ingress.metadata;
  const by = `Ingress ${namespace}/${name}: ${route.rule} to ${backendText(route.backend)}`;
  const target = findTarget(view, namespace, route.backend);
  if ("lacks" in target)
    return {
      kind: "answer",
      response: ownAnswer(program, "noEndpoints"),
      words: `${by}, ${target.lacks}`,
    };
  const forwarded = { ...request, headers: forwardedHeaders(program, request, client) };
  return { kind: "forward", ...target, request: forwarded, words: by };
}

export function backendText({ service, resource }: IngressBackend): string {
  if (resource) return `${resource.kind} ${resource.name}`;
  const { name = "", port } = service ?? {};
  return `${name}:${port?.number || (port?.name ?? "")}`;
}

type Target =
  | { readonly ips: readonly Ipv4[]; readonly port: number }
  /** Why there is none. */
  | { readonly lacks: string };

/** Every host and path that has a route to a Service with a ClusterIP. */
export function listRoutes(view: View, gateway: Gateway) {
  return listCandidates(view, gateway).flatMap(({ ingress, host, path, backend }) => {
    const target = findTarget(view, ingress.metadata.namespace, backend);
    const [ip] = "ips" in target ? target.ips : [];
    if (!("ips" in target) || ip === undefined) return [];
    const { path: given = "", pathType = "" } = path;
    return [{ host, path: given || "/", pathType, ip: formatIpv4(ip), port: target.port }];
  });
}

/** The Service's ClusterIP, which kube-proxy's rules translate; a headless one's endpoints. */
function findTarget(view: View, namespace: string, { service }: IngressBackend): Target {
  const { name = "", port: wanted } = service ?? {};
  if (!service) return { lacks: "which is no Service: not modelled" };
  const found = view.find("Service", namespace, name);
  if (!found) return { lacks: "a Service that is not there" };
  const served = (found.spec.ports ?? []).find(
    (one) => one.port === wanted?.number || (wanted?.name && one.name === wanted.name),
  );
  if (found.spec.type === "ExternalName")
    return { lacks: "an ExternalName Service: not modelled for gateways" };
  if (!served) return { lacks: "a port that the Service does not have" };
  const ready = readyEndpoints(view, found, served.name ?? "");
  if (ready.length === 0) return { lacks: "a Service without a ready endpoint" };
  const clusterIp = parseIpv4(found.spec.clusterIP ?? "");
  if (clusterIp !== undefined) return { ips: [clusterIp], port: served.port };
  return { ips: ready.map(({ ip }) => ip), port: ready[0]?.port ?? served.port };
}

function readyEndpoints(
  view: View,
  { metadata }: Service,
  portName: string,
): readonly { readonly ip: Ipv4; readonly port: number }[] {
  const found: { readonly ip: Ipv4; readonly port: number }[] = [];
  for (const slice of view.list("EndpointSlice")) {
    const of = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (of !== metadata.name || slice.metadata.namespace !== metadata.namespace) continue;
    const port = slice.ports?.find(({ name = "" }) => name === portName)?.port;
    if (port === undefined) continue;
    for (const { addresses, conditions } of slice.endpoints) {
      const ip = parseIpv4(addresses[0] ?? "");
      if (conditions?.ready !== false && ip !== undefined) found.push({ ip, port });
    }
  }
  return found;
}

/** Who asked, for a server that sees only the gateway. Source: ingress-nginx's nginx.tmpl; Envoy's HTTP header page.
 *  Simplified: those that tell where a request comes from; no request IDs. */
function forwardedHeaders(
  program: GatewayProgram,
  { host, headers = [] }: HttpRequest,
  client: Ipv4,
): readonly string[] {
  const address = formatIpv4(client);
  const kept = headers.filter((line) => !/^x-(forwarded-|real-ip)/i.test(line));
  if (program !== "nginx") {
    const before = headers.find((line) => /^x-forwarded-for:/i.test(line));
    const chain = before ? `${before.slice(before.indexOf(":") + 1).trim()},` : "";
    return [...kept, `x-forwarded-for: ${chain}${address}`, "x-forwarded-proto: http"];
  }
  return [
    ...kept,
    `X-Real-IP: ${address}`,
    `X-Forwarded-For: ${address}`,
    ...(host === undefined ? [] : [`X-Forwarded-Host: ${host}`]),
    "X-Forwarded-Proto: http",
  ];
}
