/** What the page asks of the pod network. */
import type { NodePodNetwork, PodSandbox } from "../core/cluster/pod-network";
import type { CniCall } from "../core/kubelet/cni/calls/cni-call";
import type { CniFile } from "../core/kubelet/cni/calls/cni-files";
import type { SandboxRecord } from "../core/kubelet/cni/sandbox-record";
import type { PodStage } from "../core/kubelet/state";

export type { CniCall, CniFile, NodePodNetwork, PodSandbox, SandboxRecord };

/** A network device of a node: its cards, bridges and tunnels. */
export interface NodeDeviceView {
  readonly name: string;
  readonly kind: "ethernet" | "bridge" | "vxlan";
  readonly ips: readonly string[];
}

/** What a pod's kubelet and its kernel know of it beside the API object. */
export interface PodRuntimeView {
  readonly stage: PodStage;
  /** In its network namespace, lo aside; none with hostNetwork. */
  readonly interfaces: readonly {
    readonly name: string;
    readonly ip: string;
    /** That the other end is a port of. */
    readonly bridge?: string;
  }[];
  /** Sockets that its containers serve on. */
  readonly listens: readonly SocketView[];
}

export interface SocketView {
  readonly container: string;
  /** In small letters. */
  readonly protocol: string;
  readonly port: number;
  /** Absent: all addresses. */
  readonly ip?: string;
}

export interface PodNetworkCalls {
  /** A node's CNI files and plugins, and the sandboxes that were made on it. */
  nodePodNetwork(node: string): Promise<NodePodNetwork | undefined>;
  /** Every run of a plugin for a pod, there or gone; undefined before its sandbox was made, and with hostNetwork. */
  podSandbox(namespace: string, name: string): Promise<PodSandbox | undefined>;
  /** The same of one that may be gone, by the runtime's ID. */
  sandboxOf(node: string, id: string): Promise<PodSandbox | undefined>;
}
