import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import type { Fabric } from "../fabric/fabric";

/** The fabric between the machines that there are, made anew when they are others. */
export class CurrentFabric {
  #fabric: Fabric | undefined;
  #balancersSeen: readonly LoadBalancer[] = [];

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

  /** Load balancers come and go without an API object of their own. */
  watch(balancers: { readonly size: number; readonly values: () => Iterable<LoadBalancer> }): void {
    const seen = this.#balancersSeen;
    if (balancers.size === 0 && seen.length === 0) return;
    const now = [...balancers.values()];
    if (now.length === seen.length && now.every((balancer, index) => balancer === seen[index]))
      return;
    this.#balancersSeen = now;
    this.outdate();
  }
}
