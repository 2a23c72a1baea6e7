import type { Ingress, IngressBackend, IngressPath } from "../api/types";
import { INGRESS_CLASS_ANNOTATION } from "../api/validation/ingress";
import type { View } from "../controllers/older-view";
import type { HttpRequest } from "../net/http-message";
import type { Gateway, GatewayProgram } from "../programs/gateways";

/** Where a request goes, and which rule says so. */
export interface Route {
  readonly ingress: Ingress;
  readonly backend: IngressBackend;
  /** `shop.example.com /cart (Prefix)`, `default backend`. */
  readonly rule: string;
}

/** The Ingresses that a gateway serves: those of its class, and those of none; the oldest first.
 *  Simplified: IngressClass objects are not asked for, as with --watch-ingress-without-class. */
export function servedIngresses(view: View, { ingressClass }: Gateway): readonly Ingress[] {
  return [...view.list("Ingress")]
    .filter(({ metadata, spec }) => {
      const wanted = spec.ingressClassName ?? metadata.annotations?.[INGRESS_CLASS_ANNOTATION];
      return wanted === undefined || wanted === ingressClass;
    })
    .sort((a, b) => (ageKey(a) < ageKey(b) ? -1 : 1));
}

function ageKey({ metadata }: Ingress): string {
  const { creationTimestamp = "", namespace, name } = metadata;
  return `${creationTimestamp} ${namespace}/${name}`;
}

/** The Services that a gateway may send requests to, each with the Ingress that says so, once. */
export function servedBackends(
  view: View,
  gateway: Gateway,
): readonly { readonly ingress: Ingress; readonly service: string }[] {
  return servedIngresses(view, gateway).flatMap((ingress) => {
    const backends = [ingress.spec.defaultBackend, ...candidatesOf(ingress).map((c) => c.backend)];
    const names = new Set(backends.flatMap((backend) => backend?.service?.name ?? []));
    return [...names].map((service) => ({ ingress, service }));
  });
}

/** All rules that a gateway goes by, the oldest Ingress's first. */
export function listCandidates(view: View, gateway: Gateway): readonly Candidate[] {
  return servedIngresses(view, gateway).flatMap(candidatesOf);
}

export interface Candidate extends Route {
  readonly host: string;
  readonly path: IngressPath;
}

/** The host is chosen first, an exact one before a wildcard before none, and then the path among that host's own.
 *  Source: Kubernetes' Ingress page, path types and hostname wildcards; nginx's server and location. */
export function findRoute(
  ingresses: readonly Ingress[],
  program: GatewayProgram,
  { host = "", path }: Pick<HttpRequest, "host" | "path">,
): Route | undefined {
  const asked = host.replace(/:\d+$/, "").toLowerCase();
  const candidates = ingresses.flatMap(candidatesOf);
  const hosts = [...new Set(candidates.map((one) => one.host))]
    .filter((one) => matchesHost(one, asked))
    .sort((a, b) => rankOf(b) - rankOf(a));
  const [chosen] = hosts;
  const own = candidates.filter((one) => one.host === chosen);
  const [pathname = "/"] = path.split("?");
  const best = own
    .filter((one) => matchesPath(one.path, pathname, program))
    // Stable: of equal ones the oldest Ingress's comes first.
    .sort((a, b) => weightOf(b.path) - weightOf(a.path))[0];
  if (best) return best;
  const withHost = own.map(({ ingress }) => ingress);
  return defaultOf(withHost) ?? defaultOf(ingresses.filter(({ spec }) => !spec.rules?.length));
}

function candidatesOf(ingress: Ingress): readonly Candidate[] {
  return (ingress.spec.rules ?? []).flatMap(({ host = "", http }) =>
    (http?.paths ?? []).map((path) => ({
      ingress,
      host,
      path,
      backend: path.backend ?? {},
      rule: `${host === "" ? "*" : host} ${path.path || "/"} (${path.pathType})`,
    })),
  );
}

function defaultOf(ingresses: readonly Ingress[]): Route | undefined {
  for (const ingress of ingresses) {
    const { defaultBackend } = ingress.spec;
    if (defaultBackend) return { ingress, backend: defaultBackend, rule: "default backend" };
  }
  return undefined;
}

/** A wildcard stands for one label. */
function matchesHost(host: string, asked: string): boolean {
  if (host === "") return true;
  if (!host.startsWith("*.")) return host === asked;
  const dot = asked.indexOf(".");
  return dot > 0 && asked.slice(dot + 1) === host.slice(2);
}

function rankOf(host: string): number {
  if (host === "") return 0;
  return host.startsWith("*.") ? 1 : 2;
}

function matchesPath(
  { path: given = "/", pathType }: IngressPath,
  asked: string,
  program: GatewayProgram,
): boolean {
  const path = given === "" ? "/" : given;
  switch (pathType) {
    case "Exact":
      return asked === path;
    case "Prefix": {
      const stem = path.endsWith("/") ? path.slice(0, -1) : path;
      return asked === stem || asked.startsWith(`${stem}/`);
    }
    default:
      // nginx: a location, by characters. Istio: exact, unless a star ends it.
      if (program === "nginx") return asked.startsWith(path);
      return path.endsWith("*") ? asked.startsWith(path.replace(/\.?\*$/, "")) : asked === path;
  }
}

/** Exact ones first, then the longest. */
function weightOf({ path = "/", pathType }: IngressPath): number {
  return path.length + (pathType === "Exact" ? 10_000 : 0);
}
