/** Kubernetes objects, as far as they matter to the network. Fields that we do not model are kept as they came
 *  (an object is plain JSON), so that what goes in comes out. Names and shapes: Kubernetes API v1.32. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export interface ObjectMeta {
  readonly name: string;
  /** "" for cluster-scoped kinds. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly generateName?: string;
}

interface ObjectBase<K extends string, V extends string> {
  readonly apiVersion: V;
  readonly kind: K;
  readonly metadata: ObjectMeta;
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason?: string;
  readonly message?: string;
  /** Of Deployments: when it was last seen to move. */
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

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

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly hostIP?: string;
  readonly protocol: ServiceProtocol;
}

export interface Probe {
  readonly httpGet?: {
    readonly path?: string;
    readonly port: number | string;
    readonly host?: string;
    readonly scheme?: string;
  };
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly exec?: { readonly command?: readonly string[] };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly ContainerPort[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly lifecycle?: {
    readonly preStop?: {
      readonly exec?: { readonly command?: readonly string[] };
      readonly sleep?: { readonly seconds?: number };
    };
  };
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly hostNetwork?: boolean;
  readonly serviceAccountName?: string;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly dnsPolicy?: "ClusterFirst" | "ClusterFirstWithHostNet" | "Default" | "None";
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly terminationGracePeriodSeconds?: number;
  readonly tolerations?: readonly Toleration[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface Pod extends ObjectBase<"Pod", "v1"> {
  readonly spec: PodSpec;
  readonly status: {
    readonly phase: PodPhase;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly hostIP?: string;
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly reason?: string;
    readonly message?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly started?: boolean;
  readonly state: {
    readonly waiting?: { readonly reason: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
    readonly terminated?: ContainerEnd;
  };
  /** How the one before ended. */
  readonly lastState?: { readonly terminated?: ContainerEnd };
}

export interface ContainerEnd {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode: number;
  readonly signal?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Labels;
    readonly annotations?: Labels;
    readonly name?: string;
  };
  readonly spec: PodSpec;
}

export interface Deployment extends ObjectBase<"Deployment", "apps/v1"> {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly strategy?: {
      readonly type?: "RollingUpdate" | "Recreate";
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
      };
    };
    readonly paused?: boolean;
    /** 600 where it is absent. */
    readonly progressDeadlineSeconds?: number;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ReplicaSet extends ObjectBase<"ReplicaSet", "apps/v1"> {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
  };
}

export interface DaemonSet extends ObjectBase<"DaemonSet", "apps/v1"> {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplate };
  readonly status?: {
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly numberReady?: number;
    readonly numberAvailable?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberMisscheduled?: number;
    readonly observedGeneration?: number;
  };
}

/** As the API spells it; packets use net/packet's lower-case Protocol. */
export type ServiceProtocol = "TCP" | "UDP" | "SCTP";

export type ServiceType = "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";

export interface ServicePort {
  readonly name?: string;
  readonly protocol: ServiceProtocol;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export interface LoadBalancerIngress {
  readonly ip?: string;
  readonly hostname?: string;
  readonly ipMode?: "VIP" | "Proxy";
}

export type TrafficPolicy = "Cluster" | "Local";

export interface Service extends ObjectBase<"Service", "v1"> {
  readonly spec: {
    readonly type: ServiceType;
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
    /** "None" for headless; absent for ExternalName. */
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly externalName?: string;
    readonly sessionAffinity?: "None" | "ClientIP";
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly externalTrafficPolicy?: TrafficPolicy;
    readonly internalTrafficPolicy?: TrafficPolicy;
    readonly healthCheckNodePort?: number;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly loadBalancerIP?: string;
    readonly loadBalancerClass?: string;
    readonly allocateLoadBalancerNodePorts?: boolean;
    readonly publishNotReadyAddresses?: boolean;
    readonly trafficDistribution?: string;
    readonly ipFamilies?: readonly string[];
    readonly ipFamilyPolicy?: string;
  };
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly LoadBalancerIngress[] } };
}

export interface IngressBackend {
  readonly service?: {
    readonly name?: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: {
    readonly apiGroup?: string;
    readonly kind?: string;
    readonly name?: string;
  };
}

export interface IngressPath {
  readonly path?: string;
  readonly pathType?: string;
  readonly backend?: IngressBackend;
}

export interface IngressRule {
  readonly host?: string;
  readonly http?: { readonly paths?: readonly IngressPath[] };
}

/** Which host and path lead to which Service: what gateways read. */
export interface Ingress extends ObjectBase<"Ingress", "networking.k8s.io/v1"> {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly IngressRule[];
  };
  readonly status: { readonly loadBalancer: { readonly ingress?: readonly LoadBalancerIngress[] } };
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly conditions?: {
    readonly ready?: boolean;
    readonly serving?: boolean;
    readonly terminating?: boolean;
  };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly targetRef?: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
  };
  readonly hints?: {
    readonly forZones?: readonly { readonly name: string }[];
    readonly forNodes?: readonly { readonly name: string }[];
  };
}

export interface SlicePort {
  readonly name?: string;
  readonly protocol?: ServiceProtocol;
  readonly port?: number;
  readonly appProtocol?: string;
}

export interface EndpointSlice extends ObjectBase<"EndpointSlice", "discovery.k8s.io/v1"> {
  readonly addressType: "IPv4" | "IPv6" | "FQDN";
  readonly endpoints: readonly SliceEndpoint[];
  readonly ports: readonly SlicePort[];
}

/** The older view of the same thing. Kept in step by the Endpoints controller. */
export interface Endpoints extends ObjectBase<"Endpoints", "v1"> {
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly protocol: ServiceProtocol;
    }[];
  }[];
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: {
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
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

export interface KindMap {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  DaemonSet: DaemonSet;
  Service: Service;
  Ingress: Ingress;
  EndpointSlice: EndpointSlice;
  Endpoints: Endpoints;
  Event: KubeEvent;
  Host: Host;
  SecurityGroup: SecurityGroup;
  NetworkAttachmentDefinition: NetworkAttachmentDefinition;
}

export type Kind = keyof KindMap;
export type KubeObject = KindMap[Kind];

export const KINDS: readonly Kind[] = [
  "Namespace",
  "Node",
  "Pod",
  "Deployment",
  "ReplicaSet",
  "DaemonSet",
  "Service",
  "Ingress",
  "EndpointSlice",
  "Endpoints",
  "Event",
  "Host",
  "SecurityGroup",
];

/** `Kind/namespace/name`, or `Kind/name` when cluster-scoped: the key of an object everywhere. */
export type ObjectKey = string;

export function objectKey(object: {
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string };
}): ObjectKey {
  return keyOf(object.kind, object.metadata.namespace, object.metadata.name);
}

export function keyOf(kind: string, namespace: string, name: string): ObjectKey {
  return namespace === "" ? `${kind}/${name}` : `${kind}/${namespace}/${name}`;
}
