import type { Store } from "../api/store";
import { shortChain } from "../dataplane/describe";
import { parseOrigin } from "../kubeproxy/origin";
import { formatEndpoint } from "../net/packet";
import type { Hop, RuleWalk } from "../trace/hop";
import type { Journey } from "./connection";
import { chanceOf } from "./explain";
import type { Path } from "./paths";

/** A random turn on a request's way there: who decided, and for what. */
export interface WayStep {
  readonly place: string;
  /** `elb/kuard: target`, `node-1: KUBE-SVC-KONB…`. */
  readonly decides: string;
  /** `node-2`, `kuard-x (10.244.1.3:8080)`. */
  readonly choice: string;
  readonly probability: number;
}

/** The likeliest first; of equally likely ones in the order of their turns. */
export function byProbability(paths: readonly Path[]): readonly Path[] {
  return [...paths].sort((a, b) => b.probability - a.probability);
}

/** Turns with one way only are none. */
export function stepsOf(
  journey: Pick<Journey, "hops" | "to" | "addresses" | "connection">,
  store: Store,
): readonly WayStep[] {
  const { to, addresses = 1 } = journey;
  const hops = connectionHops(journey);
  const [first] = hops;
  const address = first && addresses > 1 ? [addressStep(first, to, addresses, store)] : [];
  return [...address, ...hops.flatMap((hop) => turnsOf(hop, store))];
}

/** A journey's hops without those of the lookup that came first. */
export function connectionHops({
  hops,
  connection,
}: Pick<Journey, "hops" | "connection">): readonly Hop[] {
  const isLookedUp = hops.some((hop) => hop.connection < connection);
  return isLookedUp ? hops.filter((hop) => hop.connection >= connection) : hops;
}

/** A name with several addresses: the client takes one. */
function addressStep({ node, place, after }: Hop, to: string, of: number, store: Store): WayStep {
  const choice = withPod(formatEndpoint(after.dst, after.dport), store);
  return { place, decides: `${node}: address of ${to}`, choice, probability: 1 / of };
}

function turnsOf(hop: Hop, store: Store): readonly WayStep[] {
  if (hop.direction !== "original" || (hop.role !== "SYN" && hop.role !== "datagram")) return [];
  const probability = hop.probability ?? chanceOf(hop);
  if (probability === undefined || probability >= 1) return [];
  const { place } = hop;
  if (hop.kind === "connect" || place.startsWith("elb/")) {
    const choice = hop.detail.split(" ")[0] ?? hop.detail;
    return [{ place, decides: `${hop.node}: target`, choice, probability }];
  }
  const { chain, endpoint } = endpointChosen(hop.walks);
  const choice = endpoint === "" ? formatEndpoint(hop.after.dst, hop.after.dport) : endpoint;
  const decides = `${hop.node}: ${shortChain(chain)}`;
  return [{ place, decides, choice: withPod(choice, store), probability }];
}

/** The rule of the Service's own chain that took the packet. */
function endpointChosen(walks: readonly RuleWalk[]): { chain: string; endpoint: string } {
  for (const { chain, matched } of walks) {
    const origin = matched?.origin === undefined ? undefined : parseOrigin(matched.origin);
    if (origin?.by === "service" && origin.role === "endpoint")
      return { chain: chain.name, endpoint: origin.endpoint ?? "" };
  }
  return { chain: walks.at(-1)?.chain.name ?? "", endpoint: "" };
}

function withPod(endpoint: string, store: Store): string {
  const ip = endpoint.slice(0, endpoint.lastIndexOf(":"));
  for (const { metadata, spec, status } of store.list("Pod"))
    if (status.podIP === ip && !spec.hostNetwork) return `${metadata.name} (${endpoint})`;
  return endpoint;
}

/** Where the request's first packet goes, each place once in a row. */
export function placesOf(hops: readonly Hop[]): readonly string[] {
  const places: string[] = [];
  for (const { direction, role, place } of hops) {
    if (direction !== "original" || (role !== "SYN" && role !== "datagram")) continue;
    if (places.at(-1) !== place) places.push(place);
  }
  return places;
}
