import type { System } from "./process";

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

const forwards = new WeakMap<System, PortForwards>();

/** Those of one run. */
export function portForwards(system: System): PortForwards {
  const known = forwards.get(system) ?? new PortForwards();
  forwards.set(system, known);
  return known;
}
