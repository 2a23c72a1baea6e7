/** What the gallery's groups are called, in their order. */
export const TOPICS = [
  "The way in",
  "Pods and their network",
  "Names",
  "Services and endpoints",
  "Why not?",
] as const;

export type Topic = (typeof TOPICS)[number];

export interface BuiltInScenario {
  /** Of its file in public/scenarios; what `?scenario=` takes. */
  readonly name: string;
  /** As the file has it. */
  readonly title: string;
  readonly topic: Topic;
}

/** The scenarios of public/scenarios, within a topic in the order in which they are best read. */
export const BUILT_IN_SCENARIOS: readonly BuiltInScenario[] = [
  { name: "default", title: "User → ELB → Node → iptables → Pod", topic: "The way in" },
  {
    name: "ingress-gateway",
    title: "An ingress gateway, by host and path",
    topic: "The way in",
  },
  { name: "port-forward", title: "port-forward, past every Service", topic: "The way in" },
  { name: "source-ip", title: "Who does the pod see?", topic: "The way in" },
  { name: "local-policy", title: "Only nodes with a pod", topic: "The way in" },
  { name: "security-groups", title: "Security groups close the doors", topic: "The way in" },
  { name: "bare-metal", title: "A load balancer that never comes", topic: "The way in" },
  { name: "reachability", title: "Who reaches whom", topic: "Pods and their network" },
  {
    name: "into-the-pod-network",
    title: "From outside into the pod network",
    topic: "Pods and their network",
  },
  { name: "dns", title: "Names in a cluster", topic: "Names" },
  { name: "stale-dns", title: "A name for a pod goes stale", topic: "Names" },
  { name: "dns-trouble", title: "A name leads nowhere", topic: "Names" },
  {
    name: "labels",
    title: "Services and Deployments meet only by labels",
    topic: "Services and endpoints",
  },
  {
    name: "outside-endpoints",
    title: "A Service for machines outside",
    topic: "Services and endpoints",
  },
  {
    name: "probes",
    title: "A pod gets unready, and leaves step by step",
    topic: "Services and endpoints",
  },
  { name: "rolling-update", title: "A rolling update under load", topic: "Services and endpoints" },
  {
    name: "client-side-endpoints",
    title: "A client that picks its endpoint itself",
    topic: "Services and endpoints",
  },
  { name: "named-ports", title: "One port name, two numbers", topic: "Services and endpoints" },
  { name: "why-not", title: "Ten requests that fail", topic: "Why not?" },
  {
    name: "cni-bridge",
    title: "A pod gets its network: bridge, veth, address",
    topic: "Pods and their network",
  },
  { name: "cni-vxlan", title: "A packet in a packet: VXLAN", topic: "Pods and their network" },
  { name: "cni-calico", title: "No bridge: a route for each pod", topic: "Pods and their network" },
  { name: "cni-aws-vpc", title: "Pods with addresses of the VPC", topic: "Pods and their network" },
  { name: "multus", title: "A second network card for a pod", topic: "Pods and their network" },
  {
    name: "sidecar",
    title: "Containers of a pod share localhost",
    topic: "Pods and their network",
  },
  {
    name: "frontend-and-db",
    title: "Frontend and database in one pod?",
    topic: "Pods and their network",
  },
  {
    name: "host-network-and-ports",
    title: "hostPort and hostNetwork: the node’s ports",
    topic: "Pods and their network",
  },
  { name: "ports-not-ips", title: "Ports instead of addresses", topic: "Pods and their network" },
  { name: "address-exhaustion", title: "No address left", topic: "Pods and their network" },
];

export const DEFAULT_SCENARIO = "default";

export function isBuiltIn(name: string): boolean {
  return BUILT_IN_SCENARIOS.some((scenario) => scenario.name === name);
}
