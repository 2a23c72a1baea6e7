import { DEFAULT_CLUSTER_CONFIG } from "../../../api/cluster-config";
import { keyOf } from "../../../api/types";
import { manifestsOf, pod } from "../../../testing/cluster";
import { deployment, edit, service, settled, soon, WEB, type WhyCase } from "./why-case";

const CLIENT = pod("client", "node-1", "role: client", "");
const FROM = "pod/default/client";
const PORT = "ports: [{port: 80, targetPort: 8080}]";
const SERVER = pod("web-1", "node-2", "app: web");
const TO_POD = "pod/default/web-1:8080";
const WEB_SERVICE = service("web", `selector: ${WEB}, clusterIP: 10.96.7.7, ${PORT}`);

const setting = (node: string, name: string, value: number) =>
  edit({ type: "setSetting", node, setting: name, value });

function rules(node: string, text: string) {
  return edit({ type: "restoreRules", node, text });
}

const HOST_PORT = "ports: [{containerPort: 8080, hostPort: 8080}]";

const LATE = `{apiVersion: v1, kind: Pod, metadata: {name: late}, spec: {containers: [{name: main, image: example/late, ${HOST_PORT}}]}}`;

/** Five addresses for pods. */
const SMALL = `
---
{apiVersion: v1, kind: Node, metadata: {name: small}, spec: {podCIDR: 10.244.9.0/29}, status: {addresses: [{type: InternalIP, address: 10.0.1.99}]}}`;

function fillers(node: string, count: number): string {
  return Array.from({ length: count }, (_, index) =>
    pod(`filler-${node}-${index}`, node, "role: filler", ""),
  ).join("");
}

function deletePod(name: string) {
  return edit({ type: "delete", key: keyOf("Pod", "default", name), gracePeriodSeconds: 0 });
}

/** Of pods, containers and machines. */
export const MACHINE_CASES: readonly WhyCase[] = [
  {
    code: "PodUnknown",
    yaml: CLIENT + deployment("web"),
    from: FROM,
    to: "pod/default/web-55f-abcde:8080",
    fixes: 0,
  },
  {
    code: "PodStarting",
    yaml: CLIENT,
    breaks: (world) => {
      edit({
        type: "apply",
        manifests: [
          {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "web-1", namespace: "default" },
            spec: { containers: [{ name: "main", image: "nginx" }] },
          },
        ],
      })(world);
    },
    from: FROM,
    to: "pod/default/web-1:80",
    fixes: 0,
  },
  {
    code: "PodUnschedulable",
    yaml: `${CLIENT}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {selector: {matchLabels: ${WEB}}, template: {metadata: {labels: ${WEB}}, spec: {nodeSelector: {disk: ssd}, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}${WEB_SERVICE}`,
    from: FROM,
    to: "svc/default/web:80",
    says: "didn't match Pod's node affinity/selector",
    fixes: 0,
  },
  {
    code: "HostPortClash",
    yaml:
      CLIENT +
      deployment("web", WEB, HOST_PORT, 3) +
      deployment("late", "{app: late}", HOST_PORT) +
      service("late", `selector: {app: late}, ${PORT}`),
    from: FROM,
    to: "svc/default/late:80",
    says: "one port of a node belongs to one pod",
    fixes: 1,
  },
  {
    code: "NoAddressLeft",
    yaml:
      SMALL +
      fillers("small", 5) +
      ["node-1", "node-2", "node-3"].map((node) => fillers(node, 9)).join("") +
      CLIENT,
    breaks: settled(
      edit({ type: "apply", manifests: manifestsOf(deployment("web") + WEB_SERVICE) }),
    ),
    from: FROM,
    to: "svc/default/web:80",
    says: "no IP addresses available in range set",
    fixes: 1,
  },
  {
    code: "ContainerDown",
    yaml: CLIENT + SERVER,
    breaks: edit({ type: "killContainer", namespace: "default", pod: "web-1" }),
    from: FROM,
    to: TO_POD,
    fixes: 0,
  },
  {
    code: "ContainerPortClash",
    yaml: `${CLIENT}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1, labels: {app: web}}, spec: {nodeName: node-2, containers: [{name: web, image: nginx}, {name: proxy, image: nginx}]}}${service("web", `selector: ${WEB}, ports: [{port: 80}]`)}`,
    from: FROM,
    to: "svc/default/web:80",
    says: "Container proxy of pod default/web-1 wants TCP port 80, which container web of the same pod has",
    fixes: 0,
  },
  {
    code: "HostPortClash",
    with: "a request to the pod itself, which has no address",
    yaml: CLIENT + deployment("web", WEB, HOST_PORT, 3),
    breaks: settled(edit({ type: "apply", manifests: manifestsOf(LATE) })),
    from: FROM,
    to: "pod/default/late:8080",
    says: "It is Pending and has no address",
    fixes: 0,
  },
  {
    code: "NothingListens",
    yaml: CLIENT + SERVER,
    from: FROM,
    to: "pod/default/web-1:9999",
    says: "it listens on TCP 8080",
    fixes: 1,
  },
  {
    code: "ListensOnLocalhost",
    yaml: `${CLIENT}
---
{apiVersion: v1, kind: Pod, metadata: {name: admin}, spec: {nodeName: node-2, containers: [{name: admin, image: gcr.io/kuar-demo/kuard-amd64:blue, args: ["--address", "127.0.0.1:9090"]}]}}`,
    from: FROM,
    to: "pod/default/admin:9090",
    says: "at 127.0.0.1 only",
    fixes: 1,
  },
  {
    code: "NothingListens",
    with: "a machine",
    yaml: CLIENT,
    from: FROM,
    to: "198.51.100.20:443",
    fixes: 1,
  },
  {
    code: "NodeDown",
    yaml: CLIENT + SERVER + WEB_SERVICE,
    breaks: edit({ type: "setPower", node: "node-2", on: false }),
    from: FROM,
    to: "svc/default/web:80",
    says: "still led there",
    fixes: 1,
  },
  {
    code: "PodCidrNotRouted",
    yaml: SERVER,
    from: "host/vm",
    to: TO_POD,
    says: "is in 10.244.2.0/24, the pod CIDR of node-2",
    fixes: 2,
  },
  {
    code: "PodIpFromInternet",
    yaml: SERVER + service("web", `selector: ${WEB}, type: LoadBalancer, ${PORT}`),
    from: "host/user",
    to: TO_POD,
    fixes: 1,
  },
  {
    code: "NobodyHasAddress",
    with: "no pod",
    yaml: CLIENT,
    from: FROM,
    to: "10.244.1.77:80",
    fixes: 0,
  },
  {
    code: "NobodyHasAddress",
    with: "no machine",
    yaml: CLIENT,
    from: "host/vm",
    to: "10.0.77.77:80",
    fixes: 0,
  },
  {
    code: "ConntrackToGonePod",
    yaml: CLIENT + SERVER + pod("web-2", "node-3", "app: web") + WEB_SERVICE,
    from: FROM,
    to: "svc/default/web:80",
    during: (world) => {
      deletePod("web-1")(world);
      deletePod("web-2")(world);
      edit({ type: "apply", manifests: [replacement()] })(world);
    },
    says: "as it was decided for the first one",
    fixes: 1,
  },
  {
    code: "NoRoute",
    yaml: CLIENT,
    from: FROM,
    to: "192.0.2.7:80",
    fixes: 0,
  },
  {
    code: "NotForwarding",
    yaml: CLIENT + SERVER,
    breaks: setting("node-2", "net.ipv4.ip_forward", 0),
    from: FROM,
    to: TO_POD,
    fixes: 1,
  },
  {
    code: "SourceDestCheck",
    yaml: CLIENT + SERVER,
    breaks: setting("node-2", "source_dest_check", 1),
    from: FROM,
    to: TO_POD,
    fixes: 1,
  },
  {
    code: "RpFilter",
    with: "there without the tunnel, back through it",
    yaml: CLIENT + SERVER,
    config: {
      cni: "vxlan",
      options: { ...DEFAULT_CLUSTER_CONFIG.options, sourceDestCheck: false },
    },
    breaks: edit(
      {
        type: "configureNetwork",
        netns: "node/node-1",
        text: "route replace 10.244.2.0/24 via 10.0.1.12 dev eth0",
      },
      {
        type: "setSetting",
        node: "node-2",
        setting: "net.ipv4.conf.all.rp_filter",
        value: 1,
      },
    ),
    from: FROM,
    to: TO_POD,
    fixes: 1,
  },
  {
    code: "MartianAddress",
    yaml: CLIENT,
    breaks: (world) => {
      setting("node-1", "net.ipv4.conf.all.route_localnet", 0)(world);
      rules(
        "node-1",
        "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 9999 -j DNAT --to-destination 127.0.0.1:10256\nCOMMIT\n",
      )(world);
    },
    from: "host/vm",
    to: "10.0.1.11:9999",
    fixes: 1,
  },
  {
    code: "NoHairpin",
    yaml: SERVER + WEB_SERVICE,
    config: {},
    breaks: setting("node-2", "hairpin_mode", 0),
    from: "pod/default/web-1",
    to: "svc/default/web:80",
    fixes: 1,
  },
  {
    code: "ReplyFromStranger",
    yaml: pod("client", "node-2", "role: client", "") + SERVER + WEB_SERVICE,
    breaks: setting("node-2", "net.bridge.bridge-nf-call-iptables", 0),
    from: FROM,
    to: "svc/default/web:80",
    says: "bridge-nf-call-iptables is off",
    fixes: 1,
  },
  {
    code: "InterfaceDown",
    yaml: CLIENT + SERVER,
    breaks: edit({ type: "configureNetwork", netns: "node/node-2", text: "link set eth0 down" }),
    from: FROM,
    to: TO_POD,
    fixes: 0,
  },
  {
    code: "NetfilterRule",
    yaml: CLIENT + SERVER,
    breaks: rules(
      "node-2",
      "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 8080 -j DROP\nCOMMIT\n",
    ),
    from: FROM,
    to: TO_POD,
    says: "Somebody's own rule in chain PREROUTING of table raw on node-2 drops the packet",
    fixes: 1,
  },
  {
    code: "NetfilterRule",
    with: "a policy",
    yaml: CLIENT + SERVER,
    breaks: rules(
      "node-2",
      "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
    ),
    from: FROM,
    to: TO_POD,
    fixes: 1,
  },
  {
    code: "SecurityGroupClosed",
    yaml: `${SERVER}${service("web", `selector: ${WEB}, type: NodePort, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]`)}
---
{apiVersion: kubehop.dev/v1alpha1, kind: SecurityGroup, metadata: {name: nodes}, spec: {attachedTo: ["node/*"], ingress: [{protocol: all, sourceGroup: nodes}, {protocol: TCP, fromPort: 22, toPort: 22, cidr: 0.0.0.0/0}]}}`,
    from: "host/vm",
    to: "nodeport/node-1/default/web:80",
    says: "They let in all (nodes), TCP 22 (0.0.0.0/0)",
    fixes: 1,
  },
  {
    code: "NetfilterRule",
    with: "health checks that a rule drops",
    yaml:
      SERVER +
      service(
        "web",
        `selector: ${WEB}, type: LoadBalancer, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]`,
      ),
    breaks: (world) => {
      for (const node of ["node-1", "node-2", "node-3"])
        rules(
          node,
          "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 30080 -j DROP\nCOMMIT\n",
        )(world);
      world.runUntil(world.nowUs + 90_000_000);
    },
    from: "host/user",
    to: "lb/default/web:80",
    says: "the health check (TCP port 30080) fails on node-1, node-2, node-3. Somebody's own rule",
    fixes: 1,
  },
  {
    code: "SourceRangeRefused",
    with: "at a classic ELB",
    yaml:
      SERVER +
      service(
        "web",
        `selector: ${WEB}, type: LoadBalancer, loadBalancerSourceRanges: [198.51.100.0/24], ${PORT}`,
      ),
    from: "host/user",
    to: "lb/default/web:80",
    says: "and this one is 203.0.113.10",
    fixes: 1,
  },
  {
    code: "PodTerminating",
    yaml: CLIENT + SERVER,
    breaks: soon(edit({ type: "delete", key: "Pod/default/web-1" }), 80_000),
    from: FROM,
    to: TO_POD,
    fixes: 0,
  },
  {
    code: "NodeDown",
    with: "the node of the pod that sends",
    yaml: SERVER,
    breaks: edit({ type: "setPower", node: "node-2", on: false }),
    from: "pod/default/web-1",
    to: "198.51.100.20:80",
    fixes: 1,
  },
  {
    code: "NodeDown",
    with: "the machine that looks a name up",
    yaml: "---\n{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: api}, spec: {zone: internet, ip: 198.51.100.30, hostnames: [api.example.com], listens: [{protocol: TCP, port: 80}]}}",
    breaks: edit({ type: "setPower", node: "node-2", on: false }),
    from: "node/node-2",
    to: "api.example.com:80",
    fixes: 1,
  },
  {
    code: "PodFailed",
    yaml: `${CLIENT}
---
{apiVersion: v1, kind: Pod, metadata: {name: web-1}, spec: {nodeName: node-2, containers: [{name: main, image: example/web}]}, status: {phase: Failed, reason: Evicted, message: the node was low on memory}}`,
    from: FROM,
    to: "pod/default/web-1:80",
    says: "Evicted",
    fixes: 0,
  },
  {
    code: "TunnelUnknown",
    yaml: CLIENT + SERVER,
    config: { cni: "vxlan" },
    breaks: edit(
      {
        type: "configureNetwork",
        netns: "node/node-1",
        text: "neigh add 10.244.77.0 lladdr 02:00:00:00:00:77 dev flannel.1 nud permanent",
      },
      {
        type: "configureNetwork",
        netns: "node/node-1",
        text: "route replace 10.244.2.0/24 via 10.244.77.0 dev flannel.1 onlink",
      },
    ),
    from: FROM,
    to: TO_POD,
    fixes: 0,
  },
  {
    code: "TtlExceeded",
    with: "two nodes that send it to each other",
    yaml: CLIENT,
    breaks: edit(
      {
        type: "configureNetwork",
        netns: "node/node-1",
        text: "route add 10.244.77.0/24 via 10.0.1.12 dev eth0",
      },
      {
        type: "configureNetwork",
        netns: "node/node-2",
        text: "route add 10.244.77.0/24 via 10.0.1.11 dev eth0",
      },
    ),
    from: FROM,
    to: "10.244.77.7:80",
    fixes: 0,
  },
  {
    code: "ReplyLost",
    yaml: CLIENT + SERVER,
    breaks: edit({
      type: "configureNetwork",
      netns: "node/node-2",
      text: "route del 10.244.1.0/24",
    }),
    from: FROM,
    to: TO_POD,
    fixes: 0,
  },
  {
    code: "PortsExhausted",
    yaml: CLIENT,
    breaks: (world) => {
      rules(
        "node-1",
        "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -d 198.51.100.20 -p tcp -j SNAT --to-source 10.0.1.11:5000-5000\nCOMMIT\n",
      )(world);
      world.trace(FROM, "198.51.100.20:80", { handshakeOnly: true });
    },
    from: FROM,
    to: "198.51.100.20:80",
    says: "insert_failed",
    fixes: 0,
  },
  {
    code: "NoNatMapping",
    config: { natGateway: "198.51.100.1" },
    from: "host/user",
    to: "198.51.100.1:80",
    fixes: 0,
  },
];

function replacement() {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-3", namespace: "default", labels: { app: "web" } },
    spec: {
      nodeName: "node-3",
      containers: [{ name: "main", image: "example/web", ports: [{ containerPort: 8080 }] }],
    },
  };
}
