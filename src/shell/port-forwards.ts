import type { Journey, JourneyOptions } from "../core/cluster/connection";
import type { Parsed } from "../core/cluster/targets";
import { findApiServer } from "../core/cluster/tunnel";
import type { World } from "../core/cluster/world";
import type { Process, System } from "./process";

/** A port of the laptop that leads into a pod. */
export interface PortForward {
  readonly localPort: number;
  readonly remotePort: number;
  readonly namespace: string;
  readonly pod: string;
  /** Told of every connection, before it is made. */
  onConnection(): Promise<void>;
  /** Told in the API server's or the kubelet's words why the pod did not get it: the port-forward is over then. */
  onFailure(words: string): Promise<void>;
}

/** The laptop's open port-forwards: from it to the API server, on to the kubelet, and into the pod. */
export class PortForwards {
  #open: PortForward[] = [];

  open(forward: PortForward): void {
    this.#open.push(forward);
  }

  close(forward: PortForward): void {
    this.#open = this.#open.filter((one) => one !== forward);
  }

  find(wanted: (forward: PortForward) => boolean): PortForward | undefined {
    return this.#open.find(wanted);
  }
}

/** The machine that the laptop is, where the scenario has somebody on the internet; else the API server itself, as if it
 *  were used there. Undefined where that has no place. */
function laptopOf({ store }: World): string | undefined {
  const server = findApiServer(store);
  if (!server) return undefined;
  const hosts = [...store.list("Host")];
  const outside = hosts.filter(({ spec }) => spec.zone === "internet" && !spec.listens?.length);
  const user = outside.find(({ metadata }) => metadata.name === "user") ?? outside[0];
  return `host/${(user ?? server).metadata.name}`;
}

/** Whether the way to the pod's kubelet is open, by packets: what the API server says otherwise. */
export async function openThrough(
  process: Process,
  { namespace, pod }: Pick<PortForward, "namespace" | "pod">,
): Promise<string | undefined> {
  const { cluster, interrupt } = process;
  const from = laptopOf(cluster.world);
  if (from === undefined) return undefined;
  const sent = await cluster.request(from, `port-forward/${namespace}/${pod}:0`, {}, interrupt);
  if (!sent.ok) return sent.error;
  const { verdict, http } = sent.value.outcome ?? {};
  if (verdict?.kind !== "delivered") return UNREACHABLE;
  return http && http.status >= 400 ? (http.body ?? http.reason) : undefined;
}

const UNREACHABLE = "unable to connect to the server";

/** One request of the laptop to `localhost:PORT`, as it goes on to the pod. `closed`: it did not come that far. */
export async function requestThrough(
  process: Process,
  forward: PortForward,
  options: JourneyOptions = {},
): Promise<Parsed<Journey> | "closed"> {
  await forward.onConnection();
  const { cluster, interrupt } = process;
  const own = `pod/${forward.namespace}/${forward.pod}`;
  const from = laptopOf(cluster.world);
  if (from === undefined)
    return cluster.request(own, `127.0.0.1:${forward.remotePort}`, options, interrupt);
  const { handshakeOnly: _, ...others } = options;
  const to = `port-forward/${forward.namespace}/${forward.pod}:${forward.remotePort}`;
  const sent = await cluster.request(from, to, others, interrupt);
  if (!sent.ok) return sent;
  const { outcome } = sent.value;
  if (outcome?.server === own) return sent;
  await forward.onFailure(outcome?.http?.body ?? UNREACHABLE);
  return "closed";
}

const forwards = new WeakMap<System, PortForwards>();

/** Those of one run. */
export function portForwards(system: System): PortForwards {
  const known = forwards.get(system) ?? new PortForwards();
  forwards.set(system, known);
  return known;
}
