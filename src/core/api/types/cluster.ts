import type { Condition, ObjectBase } from "./meta";

export interface Namespace extends ObjectBase<"Namespace", "v1"> {
  readonly status?: { readonly phase: "Active" | "Terminating" };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface Node extends ObjectBase<"Node", "v1"> {
  readonly spec: {
    readonly podCIDR?: string;
    readonly podCIDRs?: readonly string[];
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
    readonly providerID?: string;
  };
  readonly status: {
    readonly addresses: readonly {
      readonly type: "InternalIP" | "ExternalIP" | "Hostname" | string;
      readonly address: string;
    }[];
    readonly conditions: readonly Condition[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
  };
}

/** What `kubectl get events` lists. */
export interface KubeEvent extends ObjectBase<"Event", "v1"> {
  readonly involvedObject: {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid?: string;
    readonly fieldPath?: string;
  };
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly source: { readonly component: string; readonly host?: string };
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
}
