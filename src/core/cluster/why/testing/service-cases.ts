import { keyOf } from "../../../api/types";
import { formatIpv4 } from "../../../net/ipv4";
import { pod } from "../../../testing/cluster";
import { deployment, edit, service, settled, soon, WEB, type WhyCase } from "./why-case";

const PORT = "ports: [{port: 80, targetPort: 8080}]";
const NODE_PORT = "type: NodePort, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]";
const CLIENT = pod("client", "node-1", "role: client", "");
const FROM = "pod/default/client";
const TO = "svc/default/web:80";

const DEAF = "ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {port: 9090}}";
const SLICE = (port: string, ip: string) => `
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [${port}], endpoints: [{addresses: [${ip}]}]}`;

/** Of a Service and its endpoints. */
export const ENDPOINT_CASES: readonly WhyCase[] = [
  {
    code: "SelectorMatchesNothing",
    with: "a typing mistake",
    yaml: CLIENT + deployment("web") + service("web", `selector: {app: wbe}, ${PORT}`),
    from: FROM,
    to: TO,
    says: "selects app=wbe, and no pod of namespace default has these labels",
    fixes: 1,
  },
  {
    code: "SelectorMatchesNothing",
    with: "the right value under another label, asked through a load balancer",
    yaml:
      deployment("web", "{app.kubernetes.io/name: web}") +
      service("web", `type: LoadBalancer, selector: ${WEB}, ${PORT}`),
    from: "host/user",
    to: "lb/default/web:80",
    says: "has no healthy target",
    fixes: 1,
  },
  {
    code: "NoPods",
    yaml:
      CLIENT +
      deployment("web", WEB, "ports: [{containerPort: 8080}]", 0) +
      service("web", `selector: ${WEB}, ${PORT}`),
    from: FROM,
    to: TO,
    says: "replicas is 0",
    fixes: 1,
  },
  {
    code: "NoSelectorNoEndpoints",
    yaml: CLIENT + service("web", PORT),
    from: FROM,
    to: TO,
    fixes: 0,
  },
  {
    code: "EndpointPortMissing",
    yaml:
      CLIENT +
      pod("server", "node-2", "a: b") +
      service("web", PORT) +
      SLICE("{name: other, port: 8080, protocol: TCP}", "10.244.2.2"),
    from: FROM,
    to: TO,
    fixes: 1,
  },
  {
    code: "TargetPortNameMissing",
    yaml:
      CLIENT +
      deployment("web") +
      service("web", `selector: ${WEB}, ports: [{port: 80, targetPort: web}]`),
    from: FROM,
    to: TO,
    says: 'sends to the port named "web"',
    fixes: 1,
  },
  {
    code: "EndpointsNotReady",
    with: "a probe at the wrong port",
    yaml: CLIENT + deployment("web", WEB, DEAF) + service("web", `selector: ${WEB}, ${PORT}`),
    from: FROM,
    to: TO,
    says: "readiness probe of container main asks port 9090, and it listens on TCP 8080",
    fixes: 1,
  },
  {
    code: "EndpointsNotReady",
    with: "a pod that says so of itself",
    yaml: CLIENT + pod("web-1", "node-2", "app: web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: settled(
      edit({ type: "setReadiness", namespace: "default", pod: "web-1", ready: false }),
    ),
    from: FROM,
    to: TO,
    says: "web-1 says of itself that it is not",
    fixes: 1,
  },
  {
    code: "EndpointsOnDeadNode",
    yaml: CLIENT + pod("web-1", "node-2", "app: web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: (world) => {
      edit({ type: "setPower", node: "node-2", on: false })(world);
      world.runUntil(world.nowUs + 60_000_000);
    },
    from: FROM,
    to: TO,
    fixes: 1,
  },
  {
    code: "EndpointsBehind",
    yaml: CLIENT + pod("web-1", "node-2", "app: web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: (world) => {
      settled(edit({ type: "setReadiness", namespace: "default", pod: "web-1", ready: false }))(
        world,
      );
      edit({ type: "setReadiness", namespace: "default", pod: "web-1", ready: true })(world);
      const isReady = () =>
        world.store
          .find("Pod", "default", "web-1")
          ?.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
        false;
      world.runWhile(() => !isReady(), world.nowUs + 60_000_000);
    },
    from: FROM,
    to: TO,
    fixes: 0,
  },
  {
    code: "KubeProxyStopped",
    with: "a rule that still rejects",
    yaml:
      CLIENT +
      deployment("web", WEB, "ports: [{containerPort: 8080}]", 0) +
      service("web", `selector: ${WEB}, ${PORT}`),
    breaks: settled(
      edit(
        { type: "setProxy", node: "node-1", running: false },
        { type: "patch", key: "Deployment/default/web", patch: { spec: { replicas: 1 } } },
      ),
    ),
    from: FROM,
    to: TO,
    fixes: 1,
  },
  {
    code: "KubeProxyStopped",
    with: "a rule that leads to a pod that is gone",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: (world) => {
      edit({ type: "setProxy", node: "node-1", running: false })(world);
      const old = [...world.store.list("Pod")].find(
        ({ metadata }) => metadata.labels?.app === "web",
      );
      settled(edit({ type: "delete", key: keyOf("Pod", "default", old?.metadata.name ?? "") }))(
        world,
      );
    },
    from: FROM,
    to: TO,
    fixes: 1,
  },
  {
    code: "KubeProxyBehind",
    yaml: CLIENT + pod("web-1", "node-2", "app: web"),
    breaks: soon(
      edit({
        type: "apply",
        manifests: [
          {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "web", namespace: "default" },
            spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
          },
        ],
      }),
      150_000,
    ),
    from: FROM,
    to: TO,
    fixes: 0,
  },
  {
    code: "KubeProxyBehind",
    with: "rules that somebody flushed",
    yaml: CLIENT + pod("web-1", "node-2", "app: web") + service("web", `selector: ${WEB}, ${PORT}`),
    breaks: edit({
      type: "restoreRules",
      node: "node-1",
      text: "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n",
    }),
    from: FROM,
    to: TO,
    says: "node-1 has no rule for Service default/web.",
    fixes: 0,
  },
  {
    code: "WrongTargetPort",
    yaml:
      CLIENT +
      deployment("web") +
      service("web", `selector: ${WEB}, ports: [{port: 80, targetPort: 80}]`),
    from: FROM,
    to: TO,
    says: "listens on TCP 8080",
    fixes: 1,
  },
];

/** Of a Service and the request. */
export const SERVICE_CASES: readonly WhyCase[] = [
  {
    code: "NoSuchServicePort",
    yaml:
      CLIENT +
      deployment("web") +
      service("web", `selector: ${WEB}, clusterIP: 10.96.7.7, ${PORT}`),
    from: FROM,
    to: "10.96.7.7:8080",
    fixes: 1,
  },
  {
    code: "NoSuchServicePort",
    with: "a request that names the Service",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    from: FROM,
    to: "svc/default/web:8080",
    fixes: 1,
  },
  {
    code: "ServiceOtherProtocol",
    yaml:
      CLIENT +
      deployment("web") +
      service("web", `selector: ${WEB}, clusterIP: 10.96.7.7, ${PORT}`),
    from: FROM,
    to: "10.96.7.7:80/udp",
    fixes: 1,
  },
  {
    code: "ClusterIpPinged",
    yaml:
      CLIENT +
      deployment("web") +
      service("web", `selector: ${WEB}, clusterIP: 10.96.7.7, ${PORT}`),
    from: FROM,
    to: "10.96.7.7/icmp",
    says: "ICMP has no ports",
    fixes: 1,
  },
  {
    code: "ClusterIpFromOutside",
    yaml: deployment("web") + service("web", `selector: ${WEB}, clusterIP: 10.96.7.7, ${PORT}`),
    from: "host/vm",
    to: "10.96.7.7:80",
    fixes: 1,
  },
  {
    code: "NodePortOtherProtocol",
    yaml:
      deployment(
        "web",
        WEB,
        "ports: [{containerPort: 8080}, {containerPort: 8080, protocol: UDP}]",
      ) +
      service(
        "web",
        `selector: ${WEB}, type: NodePort, ports: [{port: 80, targetPort: 8080, nodePort: 30080, protocol: UDP}]`,
      ),
    from: "host/vm",
    to: "10.0.1.11:30080",
    says: "is a UDP port",
    fixes: 2,
  },
  {
    code: "NoServiceOnNodePort",
    yaml: deployment("web") + service("web", `selector: ${WEB}, ${NODE_PORT}`),
    from: "host/vm",
    to: "10.0.1.11:80",
    says: "there is 30080 (Service default/web)",
    fixes: 1,
  },
  {
    code: "ExternalTrafficPolicyLocal",
    yaml:
      pod("web-1", "node-2", "app: web") +
      service("web", `selector: ${WEB}, externalTrafficPolicy: Local, ${NODE_PORT}`),
    from: "host/vm",
    to: "nodeport/node-1/default/web:80",
    says: "they are on node-2",
    fixes: 2,
  },
  {
    code: "InternalTrafficPolicyLocal",
    yaml:
      CLIENT +
      pod("web-1", "node-2", "app: web") +
      service("web", `selector: ${WEB}, internalTrafficPolicy: Local, ${PORT}`),
    from: FROM,
    to: TO,
    fixes: 1,
  },
  {
    code: "SourceRangeRefused",
    yaml:
      CLIENT +
      deployment("web") +
      service(
        "web",
        `type: LoadBalancer, selector: ${WEB}, loadBalancerSourceRanges: [198.51.100.0/24], ${PORT}`,
      ),
    config: { cloud: "ip" },
    from: FROM,
    to: "lb/default/web:80",
    says: "198.51.100.0/24",
    fixes: 1,
  },
  {
    code: "NotANodePort",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    from: FROM,
    to: "nodeport/node-1/default/web:80",
    fixes: 2,
  },
  {
    code: "NotALoadBalancer",
    yaml: deployment("web") + service("web", `selector: ${WEB}, ${NODE_PORT}`),
    from: "host/vm",
    to: "lb/default/web:80",
    fixes: 2,
  },
  {
    code: "LoadBalancerPending",
    with: "no cloud",
    yaml:
      deployment("web") +
      service(
        "web",
        `selector: ${WEB}, type: LoadBalancer, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]`,
      ),
    config: { cloud: "none" },
    from: "host/vm",
    to: "lb/default/web:80",
    says: "no cloud that makes load balancers",
    fixes: 1,
  },
  {
    code: "LoadBalancerPortUnknown",
    yaml: deployment("web") + service("web", `selector: ${WEB}, type: LoadBalancer, ${PORT}`),
    config: { cloud: "ip" },
    from: "host/user",
    to: (world) => `${formatIpv4(world.loadBalancers()[0]?.ip ?? 0)}:8080`,
    fixes: 1,
  },
  {
    code: "NoHealthyTargets",
    with: "checks that have not found anything yet",
    yaml: deployment("web"),
    breaks: (world) => {
      edit({
        type: "apply",
        manifests: [
          {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "web", namespace: "default" },
            spec: {
              type: "LoadBalancer",
              selector: { app: "web" },
              ports: [{ port: 80, targetPort: 8080 }],
            },
          },
        ],
      })(world);
      world.runWhile(() => world.loadBalancers().length === 0, world.nowUs + 60_000_000);
      world.runUntil(world.nowUs + 3_000_000);
    },
    from: "host/user",
    to: "lb/default/web:80",
    fixes: 0,
  },
  {
    code: "ServiceUnknown",
    yaml: CLIENT + deployment("web") + service("web", `selector: ${WEB}, ${PORT}`),
    from: FROM,
    to: "svc/default/wep:80",
    fixes: 1,
  },
];
