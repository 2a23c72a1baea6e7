import type { Topology } from "../../../src/core/cluster/topology";
import type { Manifest, ScenarioSpec } from "./manifests";

/** What a cluster brings besides what its file says: the API server's Service and CoreDNS. */
export function addonManifests(
  { addons = ["kubernetes", "coredns"] }: ScenarioSpec,
  hosts: Topology["hosts"],
): readonly Manifest[] {
  const apiServer = hosts.find(({ name }) => name === "apiserver");
  return [
    ...(apiServer && addons.includes("kubernetes") ? kubernetes(apiServer.ip) : []),
    ...(addons.includes("coredns") ? COREDNS : []),
  ];
}

function kubernetes(ip: string): readonly object[] {
  return [
    {
      kind: "Service",
      metadata: { name: "kubernetes" },
      spec: { ports: [{ name: "https", port: 443 }] },
    },
    {
      kind: "EndpointSlice",
      metadata: { name: "kubernetes", labels: { "kubernetes.io/service-name": "kubernetes" } },
      ports: [{ name: "https", port: 6443 }],
      endpoints: [{ addresses: [ip] }],
    },
  ];
}

const LABELS = { "k8s-app": "kube-dns" };

const COREDNS: readonly object[] = [
  {
    kind: "Service",
    metadata: { name: "kube-dns", namespace: "kube-system" },
    spec: {
      selector: LABELS,
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53 },
        { name: "metrics", port: 9153 },
      ],
    },
  },
  {
    kind: "Deployment",
    metadata: { name: "coredns", namespace: "kube-system" },
    spec: { template: { metadata: { labels: LABELS }, spec: { containers: [{}] } } },
  },
];
