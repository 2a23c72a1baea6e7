import type { Fabric } from "../fabric/fabric";

/** The fabric between the machines that there are, made anew when they are others. */
export class CurrentFabric {
  #fabric: Fabric | undefined;
  #unlistedSeen: readonly unknown[] = [];

  constructor(from?: CurrentFabric) {
    if (from) this.#fabric = from.#fabric;
  }

  fork(): CurrentFabric {
    return new CurrentFabric(this);
  }

  get(make: () => Fabric): Fabric {
    this.#fabric ??= make();
    return this.#fabric;
  }

  /** A machine came, went, or is another. */
  outdate(): void {
    this.#fabric = undefined;
  }

  /** Load balancers, and the network cards of machines, come and go without an API object of their own. */
  watch(present: Iterable<unknown>): void {
    const seen = this.#unlistedSeen;
    const now = [...present];
    if (now.length === seen.length && now.every((one, index) => one === seen[index])) return;
    this.#unlistedSeen = now;
    this.outdate();
  }
}
