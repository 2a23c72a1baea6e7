import type { ClusterConfig } from "../api/cluster-config";
import { clusterDnsIp } from "../dns/resolv";
import { cidr } from "../net/cidr";
import { formatIpv4 } from "../net/ipv4";
import { CLOUD_RESOLVER } from "./names";

/** Source: kube-apiserver --secure-port as kubeadm sets it. */
const API_SERVER_PORT = 6443;
/** What people outside reach it at. Beside the load balancers' addresses. */
const API_SERVER_PUBLIC_IP = "192.0.2.2";
/** The first of these that no machine of the scenario has. */
const API_SERVER_IPS = Array.from({ length: 245 }, (_, index) => `10.0.0.${10 + index}`);

const KUBE_SYSTEM = "kube-system";

/** What a cluster made by kubeadm has before anybody applies anything, as manifests. `taken`: addresses that the
 *  scenario's own machines have. */
export function addonManifests(
  config: ClusterConfig,
  taken: ReadonlySet<string> = new Set(),
): readonly Readonly<Record<string, unknown>>[] {
  const { addons } = config;
  const apiServerIp = API_SERVER_IPS.find((ip) => !taken.has(ip));
  const resolver = taken.has(CLOUD_RESOLVER) ? [] : [cloudResolver()];
  return [
    ...(addons.includes("kubernetes") && apiServerIp ? kubernetes(config, apiServerIp) : []),
    ...(addons.includes("coredns") ? [...resolver, ...coredns(config)] : []),
    ...(addons.length > 0 ? [kubeProxy()] : []),
  ];
}

/** The API server's own Service: no selector, and a slice made by hand that leads to the machine it runs on. */
function kubernetes({ serviceCIDR }: ClusterConfig, apiServerIp: string) {
  return [
    host(
      "apiserver",
      apiServerIp,
      [{ protocol: "TCP", port: API_SERVER_PORT }],
      ["kubernetes-api.internal"],
      API_SERVER_PUBLIC_IP,
    ),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "kubernetes",
        namespace: "default",
        labels: { component: "apiserver", provider: "kubernetes" },
      },
      spec: {
        clusterIP: formatIpv4((cidr(serviceCIDR).network + 1) >>> 0),
        ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: API_SERVER_PORT }],
      },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: {
        name: "kubernetes",
        namespace: "default",
        labels: { "kubernetes.io/service-name": "kubernetes" },
      },
      addressType: "IPv4",
      ports: [{ name: "https", protocol: "TCP", port: API_SERVER_PORT }],
      endpoints: [{ addresses: [apiServerIp], conditions: { ready: true } }],
    },
  ];
}

/** The cloud's resolver, which CoreDNS asks for what lies outside the cluster. */
function cloudResolver() {
  return host("resolver", CLOUD_RESOLVER, [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ]);
}

/** CoreDNS as kubeadm deploys it, behind the Service kube-dns. */
function coredns({ serviceCIDR }: ClusterConfig) {
  const labels = { "k8s-app": "kube-dns" };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "coredns", namespace: KUBE_SYSTEM, labels },
      spec: {
        replicas: 2,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            dnsPolicy: "Default",
            tolerations: [
              { key: "CriticalAddonsOnly", operator: "Exists" },
              { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
            ],
            containers: [
              {
                name: "coredns",
                image: "registry.k8s.io/coredns/coredns:v1.11.3",
                ports: [
                  { name: "dns", containerPort: 53, protocol: "UDP" },
                  { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
                  { name: "metrics", containerPort: 9153, protocol: "TCP" },
                ],
                readinessProbe: { httpGet: { path: "/ready", port: 8181, scheme: "HTTP" } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: {
        name: "kube-dns",
        namespace: KUBE_SYSTEM,
        labels: {
          ...labels,
          "kubernetes.io/cluster-service": "true",
          "kubernetes.io/name": "CoreDNS",
        },
      },
      spec: {
        clusterIP: formatIpv4(clusterDnsIp(serviceCIDR)),
        selector: labels,
        ports: [
          { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
          { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
          { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
        ],
      },
    },
  ];
}

/** kube-proxy runs on every node, in the node's own network. */
function kubeProxy() {
  const labels = { "k8s-app": "kube-proxy" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-proxy", namespace: KUBE_SYSTEM, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          tolerations: [{ operator: "Exists" }],
          containers: [
            {
              name: "kube-proxy",
              image: "registry.k8s.io/kube-proxy:v1.32.0",
              command: ["/usr/local/bin/kube-proxy"],
            },
          ],
        },
      },
    },
  };
}

function host(
  name: string,
  ip: string,
  listens: readonly { protocol: string; port: number }[],
  hostnames?: readonly string[],
  publicIP?: string,
) {
  return {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "Host",
    metadata: { name },
    spec: {
      zone: "vpc",
      ip,
      ...(publicIP !== undefined && { publicIP }),
      listens,
      ...(hostnames && { hostnames }),
    },
  };
}
