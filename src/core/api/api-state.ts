import { CowMap } from "../sim/cow-map";
import type { RangeAllocator } from "./allocation/range-allocator";
import { clusterIpAllocator, nodePortAllocator } from "./allocation/ranges";
import type { Allocators } from "./allocation/service";
import type { DecodedManifest } from "./decode";
import type { ObjectKey } from "./types";

/** What the API server remembers beside the store. Fork it together with the store. */
export class ApiState implements Allocators {
  private constructor(
    readonly serviceCIDR: string,
    readonly clusterIps: RangeAllocator,
    readonly nodePorts: RangeAllocator,
    /** The manifest that `kubectl apply` saw last; on a real cluster it is in an annotation. */
    readonly lastApplied: CowMap<ObjectKey, DecodedManifest>,
  ) {}

  static create(serviceCIDR: string): ApiState {
    const clusterIps = clusterIpAllocator(serviceCIDR);
    return new ApiState(serviceCIDR, clusterIps, nodePortAllocator(), new CowMap());
  }

  fork(): ApiState {
    return new ApiState(
      this.serviceCIDR,
      this.clusterIps.fork(),
      this.nodePorts.fork(),
      this.lastApplied.fork(),
    );
  }
}
