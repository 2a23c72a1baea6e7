import type { ObjectBase } from "./meta";
import type { ServiceProtocol } from "./service";

/** Ours: a machine that is not in the cluster. */
export interface Host extends ObjectBase<"Host", "kubehop.dev/v1alpha1"> {
  readonly spec: {
    readonly zone: "internet" | "vpc";
    readonly ip: string;
    readonly hostnames?: readonly string[];
    readonly listens?: readonly { readonly protocol: ServiceProtocol; readonly port: number }[];
    /** In the VPC: its public address, which the internet gateway translates one to one. */
    readonly publicIP?: string;
    /** In the VPC: takes part in the pod network, without being a node. */
    readonly podNetwork?: boolean;
  };
}

/** One rule of a security group. The other side is a range, or the machines of a group. */
export interface SecurityGroupRule {
  readonly protocol: SecurityGroupProtocol;
  /** Both absent: every port. Of ICMP the type and the code; absent: every one. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidr?: string;
  readonly sourceGroup?: string;
  readonly description?: string;
}

export type SecurityGroupProtocol = ServiceProtocol | "ICMP" | "all";

/** Ours: a firewall at the network cards of the cloud's machines. What no rule admits is dropped in silence. */
export interface SecurityGroup extends ObjectBase<"SecurityGroup", "kubehop.dev/v1alpha1"> {
  readonly spec: {
    readonly description?: string;
    /** `node/NAME`, all nodes as `node/*`, `host/NAME`, `lb/NAMESPACE/NAME`. */
    readonly attachedTo?: readonly string[];
    /** Absent: nothing may come in. */
    readonly ingress?: readonly SecurityGroupRule[];
    /** Absent: everything may go out. */
    readonly egress?: readonly SecurityGroupRule[];
  };
}

/** A further network that Multus plugs pods into. */
export interface NetworkAttachmentDefinition
  extends ObjectBase<"NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1"> {
  readonly spec: {
    /** A CNI configuration, as JSON. */
    readonly config?: string;
  };
}
