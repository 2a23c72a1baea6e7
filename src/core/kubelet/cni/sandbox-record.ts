import type { HostPort } from "../../controllers/host-ports";
import type { NetnsId } from "../../dataplane/netns";
import type { Ipv4 } from "../../net/ipv4";
import type { FurtherNetwork } from "./multus/further-network";
import type { PodRef } from "./pod-ref";

/** What there was to do for one pod's network, and what came of it: enough to tell every call of a plugin by. */
export interface SandboxRecord {
  readonly pod: PodRef;
  readonly node: string;
  /** The container runtime's name for the sandbox: 64 hexadecimal digits. */
  readonly id: string;
  /** `/var/run/netns/cni-…`. */
  readonly netnsPath: string;
  readonly addedAtUs: number;
  readonly removedAtUs?: number;
  /** Absent: the plugin refused. */
  readonly ip?: Ipv4;
  readonly prefix: number;
  readonly error?: string;
  readonly hostPorts: readonly HostPort[];
  /** As Kubernetes' annotations give them: `1M`. */
  readonly bandwidth: { readonly ingress?: string; readonly egress?: string };
  /** The node's end of the main interface. */
  readonly hostDevice: string;
  readonly further: readonly FurtherInterface[];
}

/** A further interface that Multus had made. */
export interface FurtherInterface {
  readonly network: FurtherNetwork;
  /** In the pod: `net1`. */
  readonly name: string;
  readonly ip: Ipv4;
  /** The node's end. */
  readonly hostDevice: string;
}

/** Where it happened. */
export function nodeNetns({ node }: Pick<SandboxRecord, "node">): NetnsId {
  return `node/${node}`;
}
