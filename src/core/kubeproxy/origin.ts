import type { Protocol } from "../net/packet";

/** What a rule of a service port is for. */
export type ServiceRole =
  /** KUBE-SERVICES, KUBE-NODEPORTS: where a service port's own chains are entered. */
  | "cluster-ip"
  | "external-ip"
  | "load-balancer-ip"
  | "node-port"
  /** REJECT and DROP for what nobody serves. */
  | "no-endpoints"
  | "no-local-endpoints"
  | "source-ranges-drop"
  | "health-check-node-port"
  /** KUBE-SVC/SVL, first rule: clients outside the pod network get the node's address. */
  | "masquerade-cluster-ip"
  /** KUBE-EXT. */
  | "masquerade-external"
  | "pod-traffic"
  | "masquerade-local"
  | "route-local"
  | "external-policy"
  /** KUBE-FW. */
  | "source-range"
  | "source-vip"
  | "source-rest"
  /** KUBE-SVC/SVL, one per endpoint. */
  | "affinity"
  | "endpoint"
  /** KUBE-SEP. */
  | "hairpin"
  | "dnat";

/** Who wrote a rule, and for what. */
export type Origin =
  | {
      readonly by: "service";
      /** `namespace/name`. */
      readonly service: string;
      /** Name of the Service port; "" when it has none. */
      readonly port: string;
      readonly protocol: Protocol;
      readonly role: ServiceRole;
      /** `ip:port`, in rules about one endpoint. */
      readonly endpoint?: string;
    }
  /** Rules that kube-proxy writes once per node. */
  | { readonly by: "kube-proxy"; readonly role: NodeRole }
  /** What a node's kubelet writes. */
  | { readonly by: "kubelet"; readonly role: string }
  /** What the pod network's plugins and agents write; see kubelet/cni/origin. */
  | {
      readonly by: "cni";
      /** flannel, calico, portmap … */
      readonly plugin: string;
      readonly role: string;
      /** `namespace/name`, in rules about one pod. */
      readonly pod?: string;
    };

export type NodeRole =
  | "jump"
  | "masquerade"
  | "mark-masquerade"
  | "forward"
  | "node-ports"
  | "localnet-firewall";

/** `service|ns/name|http|tcp|dnat|10.244.1.2:8080`, `kube-proxy|jump`, `cni|portmap|host-port|ns/name`. */
export function formatOrigin(origin: Origin): string {
  if (origin.by === "cni") {
    const { plugin, role, pod } = origin;
    return pod === undefined ? `cni|${plugin}|${role}` : `cni|${plugin}|${role}|${pod}`;
  }
  if (origin.by !== "service") return `${origin.by}|${origin.role}`;
  const { service, port, protocol, role, endpoint } = origin;
  return formatServiceOrigin(service, port, protocol, role, endpoint);
}

export function formatServiceOrigin(
  service: string,
  port: string,
  protocol: Protocol,
  role: ServiceRole,
  endpoint?: string,
): string {
  const text = `service|${service}|${port}|${protocol}|${role}`;
  return endpoint === undefined ? text : `${text}|${endpoint}`;
}

export function parseOrigin(text: string): Origin | undefined {
  const [by, ...rest] = text.split("|");
  if (by === "service") {
    const [service, port, protocol, role, endpoint] = rest;
    if (!service || port === undefined || !protocol || !role) return undefined;
    return {
      by,
      service,
      port,
      protocol: protocol as Protocol,
      role: role as ServiceRole,
      ...(endpoint !== undefined && { endpoint }),
    };
  }
  if (by === "cni") {
    const [plugin, role, pod] = rest;
    if (plugin === undefined || role === undefined) return undefined;
    return { by, plugin, role, ...(pod !== undefined && { pod }) };
  }
  const role = rest[0];
  if (role === undefined) return undefined;
  if (by === "kube-proxy") return { by, role: role as NodeRole };
  if (by === "kubelet") return { by, role };
  return undefined;
}
