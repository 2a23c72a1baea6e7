import type { Journey, JourneyOptions } from "../core/cluster/connection";
import type { Parsed } from "../core/cluster/targets";
import type { Process, System } from "./process";

/** A port of the laptop that leads into a pod. */
export interface PortForward {
  readonly localPort: number;
  readonly remotePort: number;
  readonly namespace: string;
  readonly pod: string;
  /** Told of every connection, before it is made. */
  onConnection(): Promise<void>;
}

/** The laptop's open port-forwards. What connects to one is a packet inside the pod: the kubelet dials localhost there. */
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

/** One request of the laptop to `localhost:PORT`, as it goes on inside the pod. */
export async function requestThrough(
  process: Process,
  forward: PortForward,
  options: JourneyOptions = {},
): Promise<Parsed<Journey>> {
  await forward.onConnection();
  const from = `pod/${forward.namespace}/${forward.pod}`;
  const to = `127.0.0.1:${forward.remotePort}`;
  return process.cluster.request(from, to, options, process.interrupt);
}

const forwards = new WeakMap<System, PortForwards>();

/** Those of one run. */
export function portForwards(system: System): PortForwards {
  const known = forwards.get(system) ?? new PortForwards();
  forwards.set(system, known);
  return known;
}
