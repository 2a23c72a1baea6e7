import { describe, expect, test } from "vitest";
import { clusterOf, pod } from "../testing/cluster";
import { outcomes, packetFlow } from "../testing/packet-flow";
import type { World } from "./world";

const WEB = `${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}${pod("client", "node-1", "app: client", "")}`;

function service(name: string, spec: string): string {
  return `
---
{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {${spec}}}`;
}

const SERVICES = [
  service(
    "web",
    "clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]",
  ),
  service(
    "np",
    "type: NodePort, clusterIP: 10.96.0.21, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]",
  ),
  service(
    "lb",
    "type: LoadBalancer, clusterIP: 10.96.0.22, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30081}]",
  ),
  service(
    "local",
    "type: NodePort, externalTrafficPolicy: Local, clusterIP: 10.96.0.23, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30082}]",
  ),
  service(
    "nobody",
    "type: NodePort, clusterIP: 10.96.0.24, selector: {app: nobody}, ports: [{port: 80, nodePort: 30083}]",
  ),
  service(
    "self",
    "clusterIP: 10.96.0.25, selector: {app: self}, ports: [{port: 80, targetPort: 8080}]",
  ),
  service(
    "echo",
    "clusterIP: 10.96.0.26, selector: {app: echo}, ports: [{port: 7, protocol: UDP}]",
  ),
  service(
    "sticky",
    "clusterIP: 10.96.0.27, sessionAffinity: ClientIP, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]",
  ),
].join("");

const MORE = `${pod("self", "node-1", "app: self")}
---
{apiVersion: v1, kind: Pod, metadata: {name: echo, labels: {app: echo}}, spec: {nodeName: node-2, containers: [{name: main, image: example/echo, ports: [{containerPort: 7, protocol: UDP}]}]}}`;

let settled: World | undefined;
/** The same settled cluster for every flow: exploring leaves no trace. */
function cluster(): World {
  settled ??= clusterOf(WEB + SERVICES + MORE);
  return settled;
}

const ip = (name: string) => cluster().store.find("Pod", "default", name)?.status.podIP ?? "";

describe("pod to pod", () => {
  packetFlow(
    "same node: stays on the bridge, TTL and addresses untouched",
    cluster,
    {
      from: "pod/default/client",
      to: "pod/default/web-1:8080",
      answeredBy: "pod/default/web-1",
      sees: ip("client"),
    },
    `
    client  send         ${ip("client")}:* > ${ip("web-1")}:8080 tcp S
    node-1  PREROUTING   KUBE-SERVICES, no DNAT
    node-1  FORWARD      *policy ACCEPT
    node-1  POSTROUTING  KUBE-POSTROUTING, no SNAT
    node-1  bridge       cni0 port veth* to ${ip("web-1")}
    web-1   delivered    ${ip("client")}:* > ${ip("web-1")}:8080 tcp S
    web-1   send         ${ip("web-1")}:8080 > ${ip("client")}:* tcp S.
    node-1  conntrack    reply of ${ip("client")}:* > ${ip("web-1")}:8080
    node-1  FORWARD      KUBE-FORWARD, accept by KUBE-FORWARD
    node-1  bridge       cni0 port veth* to ${ip("client")}
    client  delivered    ${ip("web-1")}:8080 > ${ip("client")}:* tcp S.
    `,
  );

  packetFlow(
    "other node: routed by both nodes, source kept",
    cluster,
    { from: "pod/default/client", to: "pod/default/web-2:8080", sees: ip("client") },
    `
    client  send         ${ip("client")}:* > ${ip("web-2")}:8080 tcp S
    node-1  PREROUTING   KUBE-SERVICES, no DNAT
    node-1  route        10.244.2.0/24 via 10.0.1.12 dev eth0
    node-1  FORWARD      *policy ACCEPT
    node-1  POSTROUTING  KUBE-POSTROUTING*, no SNAT
    vpc     forward      to node-2 (10.0.1.12)
    node-2  PREROUTING   KUBE-SERVICES, no DNAT
    node-2  route        10.244.2.0/24 dev cni0 proto kernel scope link src 10.244.2.1
    node-2  FORWARD      *policy ACCEPT
    node-2  POSTROUTING  KUBE-POSTROUTING*, no SNAT
    node-2  bridge       cni0 port veth* to ${ip("web-2")}
    web-2   delivered    ${ip("client")}:* > ${ip("web-2")}:8080 tcp S
    web-2   send         *
    …
    client  delivered    ${ip("web-2")}:8080 > ${ip("client")}:* tcp S.
    `,
  );

  test("TTL: 64 on the same node, 62 across nodes", () => {
    const ttlAt = (to: string) => {
      const paths = cluster().paths("pod/default/client", to);
      if (!paths.ok) throw new Error(paths.error);
      return paths.value[0]?.journey.hops.find(({ kind }) => kind === "delivered")?.after.ttl;
    };
    expect(ttlAt("pod/default/web-1:8080")).toBe(64);
    expect(ttlAt("pod/default/web-2:8080")).toBe(62);
  });
});

describe("pod to ClusterIP", () => {
  packetFlow(
    "endpoint on another node: DNAT there, un-DNAT on the way back, source kept",
    cluster,
    {
      from: "pod/default/client",
      to: "svc/default/web:80",
      answeredBy: "pod/default/web-2",
      sees: ip("client"),
    },
    `
    client  send         ${ip("client")}:* > 10.96.0.20:80 tcp S
    node-1  PREROUTING   KUBE-SERVICES KUBE-SVC-* KUBE-SEP-*
    node-1  DNAT         10.96.0.20:80 -> ${ip("web-2")}:8080
    node-1  route        10.244.2.0/24 via 10.0.1.12 dev eth0
    …
    web-2   delivered    ${ip("client")}:* > ${ip("web-2")}:8080 tcp S
    web-2   send         ${ip("web-2")}:8080 > ${ip("client")}:* tcp S.
    node-2  conntrack    reply of ${ip("client")}:* > ${ip("web-2")}:8080
    …
    node-1  conntrack    reply of ${ip("client")}:* > 10.96.0.20:80
    node-1  route        10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1
    node-1  FORWARD      KUBE-FORWARD, accept by KUBE-FORWARD
    node-1  POSTROUTING  un-DNAT ${ip("web-2")}:8080 -> 10.96.0.20:80
    node-1  bridge       *
    client  delivered    10.96.0.20:80 > ${ip("client")}:* tcp S.
    `,
  );

  packetFlow(
    "endpoint on the same node: DNAT on the bridge, and the reply meets conntrack there",
    cluster,
    {
      from: "pod/default/client",
      to: "svc/default/web:80",
      answeredBy: "pod/default/web-1",
      sees: ip("client"),
    },
    `
    client  send         ${ip("client")}:* > 10.96.0.20:80 tcp S
    node-1  PREROUTING   KUBE-SERVICES KUBE-SVC-* KUBE-SEP-*
    node-1  DNAT         10.96.0.20:80 -> ${ip("web-1")}:8080
    node-1  FORWARD      *
    node-1  POSTROUTING  *
    node-1  bridge       cni0 port veth* to ${ip("web-1")}
    web-1   delivered    ${ip("client")}:* > ${ip("web-1")}:8080 tcp S
    web-1   send         ${ip("web-1")}:8080 > ${ip("client")}:* tcp S.
    node-1  conntrack    reply of ${ip("client")}:* > 10.96.0.20:80
    node-1  FORWARD      *
    node-1  POSTROUTING  un-DNAT ${ip("web-1")}:8080 -> 10.96.0.20:80
    node-1  bridge       *
    client  delivered    10.96.0.20:80 > ${ip("client")}:* tcp S.
    `,
  );

  packetFlow(
    "itself: hairpin, masqueraded to the bridge's address",
    cluster,
    {
      from: "pod/default/self",
      to: "svc/default/self:80",
      answeredBy: "pod/default/self",
      sees: "10.244.1.1",
    },
    `
    self    send         ${ip("self")}:* > 10.96.0.25:80 tcp S
    node-1  PREROUTING   KUBE-SERVICES KUBE-SVC-* KUBE-SEP-* KUBE-MARK-MASQ, mark 0x4000
    node-1  DNAT         10.96.0.25:80 -> ${ip("self")}:8080
    node-1  FORWARD      *
    node-1  MASQUERADE   ${ip("self")}:* -> 10.244.1.1:*
    node-1  bridge       cni0 port veth* to ${ip("self")}
    self    delivered    10.244.1.1:* > ${ip("self")}:8080 tcp S
    self    send         *
    …
    self    delivered    10.96.0.25:80 > ${ip("self")}:* tcp S.
    `,
  );

  test("each endpoint is equally likely, and sees the client's own address", () => {
    const found = outcomes(cluster(), "pod/default/client", "svc/default/web:80");
    expect(Object.keys(found).sort()).toEqual([
      `pod/default/web-1 sees ${ip("client")}`,
      `pod/default/web-2 sees ${ip("client")}`,
    ]);
    for (const probability of Object.values(found)) expect(probability).toBeCloseTo(1 / 2, 9);
  });

  test("UDP: the datagram is translated there and back", () => {
    expect(outcomes(cluster(), "pod/default/client", "svc/default/echo:7/udp")).toEqual({
      [`pod/default/echo sees ${ip("client")}`]: 1,
    });
  });

  test("UDP to a TCP Service port finds no rule and nobody who owns the address", () => {
    const found = outcomes(cluster(), "pod/default/client", "10.96.0.20:80/udp");
    expect(Object.keys(found)).toEqual(["dropped IpInNoRoutes"]);
  });
});

describe("node to ClusterIP", () => {
  test("the endpoint sees the address of the device that the packet leaves by", () => {
    const found = outcomes(cluster(), "node/node-1", "svc/default/web:80");
    expect(Object.keys(found).sort()).toEqual([
      "pod/default/web-1 sees 10.244.1.1",
      "pod/default/web-2 sees 10.0.1.11",
    ]);
  });
});

describe("user to NodePort, policy Cluster", () => {
  packetFlow(
    "reply returns through the node that was asked",
    cluster,
    {
      from: "host/user",
      to: "10.0.1.11:30080",
      answeredBy: "pod/default/web-2",
      sees: "10.0.1.11",
    },
    `
    user      send        203.0.113.10:* > 10.0.1.11:30080 tcp S
    internet  route       10.0.1.11 to the VPC
    igw       forward     10.0.1.11 to node-1, no NAT
    node-1    PREROUTING  KUBE-SERVICES KUBE-NODEPORTS KUBE-EXT-* KUBE-MARK-MASQ KUBE-SVC-* KUBE-SEP-*, mark 0x4000
    node-1    DNAT        10.0.1.11:30080 -> ${ip("web-2")}:8080
    node-1    route       10.244.2.0/24 via 10.0.1.12 dev eth0
    node-1    FORWARD     * accept by KUBE-FORWARD, mark 0x4000
    node-1    MASQUERADE  203.0.113.10:* -> 10.0.1.11:*
    vpc       forward     to node-2 (10.0.1.12)
    …
    web-2     delivered   10.0.1.11:* > ${ip("web-2")}:8080 tcp S
    web-2     send        ${ip("web-2")}:8080 > 10.0.1.11:* tcp S.
    …
    node-1    conntrack   reply of 203.0.113.10:* > 10.0.1.11:30080, un-SNAT 10.0.1.11:* -> 203.0.113.10:*
    node-1    route       default via 10.0.1.1 dev eth0
    node-1    FORWARD     *
    node-1    POSTROUTING un-DNAT ${ip("web-2")}:8080 -> 10.0.1.11:30080
    …
    user      delivered   10.0.1.11:30080 > 203.0.113.10:* tcp S.
    `,
  );

  test("on a node with, and on one without a pod", () => {
    const here = outcomes(cluster(), "host/user", "10.0.1.11:30080");
    expect(Object.keys(here).sort()).toEqual([
      "pod/default/web-1 sees 10.244.1.1",
      "pod/default/web-2 sees 10.0.1.11",
    ]);
    const elsewhere = outcomes(cluster(), "host/user", "10.0.1.13:30080");
    expect(Object.keys(elsewhere).sort()).toEqual([
      "pod/default/web-1 sees 10.0.1.13",
      "pod/default/web-2 sees 10.0.1.13",
    ]);
  });
});

describe("externalTrafficPolicy Local", () => {
  test("a node with a pod: only that pod, and it sees the client", () => {
    expect(outcomes(cluster(), "host/user", "10.0.1.11:30082")).toEqual({
      "pod/default/web-1 sees 203.0.113.10": 1,
    });
  });

  packetFlow(
    "a node without a pod: dropped, in silence",
    cluster,
    { from: "host/user", to: "10.0.1.13:30082" },
    `
    …
    node-3  PREROUTING  *
    node-3  INPUT       *DROP
    node-3  drop        NetfilterDrop: dropped on node-3 by the rule "default/local has no local endpoints" in KUBE-EXTERNAL-SERVICES
    `,
  );

  test("a node's own processes are served everywhere", () => {
    const found = outcomes(cluster(), "node/node-3", "10.0.1.13:30082");
    expect(Object.keys(found).sort()).toEqual([
      "pod/default/web-1 sees 10.0.1.13",
      "pod/default/web-2 sees 10.0.1.13",
    ]);
  });
});

describe("load balancer", () => {
  test("any node, then any pod: two random choices; the pod sees a node, never the client", () => {
    const found = outcomes(cluster(), "host/user", "lb/default/lb:80");
    const sum = Object.values(found).reduce((total, probability) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 12);
    expect(Object.keys(found).sort()).toEqual([
      "pod/default/web-1 sees 10.0.1.12",
      "pod/default/web-1 sees 10.0.1.13",
      "pod/default/web-1 sees 10.244.1.1",
      "pod/default/web-2 sees 10.0.1.11",
      "pod/default/web-2 sees 10.0.1.13",
      "pod/default/web-2 sees 10.244.2.1",
    ]);
    for (const probability of Object.values(found)) expect(probability).toBeCloseTo(1 / 6, 9);
  });

  packetFlow(
    "user → ELB → node → pod, and back the same way",
    cluster,
    { from: "host/user", to: "lb/default/lb:80", answeredBy: "pod/default/web-2" },
    `
    user      send        203.0.113.10:* > 192.0.2.10:80 tcp S
    internet  route       192.0.2.10 to the VPC
    igw       forward     192.0.2.10 to elb/lb
    elb/lb    accept      203.0.113.10:* > 192.0.2.10:80 tcp S
    elb/lb    connect     node-* 10.0.1.*:30081, 1 of 3 healthy targets
    elb/lb    send        10.0.0.5:* > 10.0.1.*:30081 tcp S
    vpc       forward     *
    …
    web-2     delivered   *
    web-2     send        *
    …
    elb/lb    delivered   10.0.1.*:30081 > 10.0.0.5:* tcp S.
    …
    user      delivered   192.0.2.10:80 > 203.0.113.10:* tcp S.
    `,
  );
});

describe("no endpoints", () => {
  test("ClusterIP: refused for pods and nodes alike", () => {
    expect(outcomes(cluster(), "pod/default/client", "svc/default/nobody:80")).toEqual({
      "refused NetfilterReject": 1,
    });
    expect(outcomes(cluster(), "node/node-2", "svc/default/nobody:80")).toEqual({
      "refused NetfilterReject": 1,
    });
  });

  test("NodePort: refused from outside", () => {
    expect(outcomes(cluster(), "host/user", "10.0.1.12:30083")).toEqual({
      "refused NetfilterReject": 1,
    });
  });

  packetFlow(
    "the ICMP error reaches the pod that asked",
    cluster,
    { from: "pod/default/client", to: "svc/default/nobody:80" },
    `
    client  send        ${ip("client")}:* > 10.96.0.24:80 tcp S
    node-1  PREROUTING  KUBE-SERVICES, no DNAT
    node-1  route       default via 10.0.1.1 dev eth0
    node-1  FORWARD     * REJECT
    node-1  reject      NetfilterReject: *"default/nobody has no endpoints" in KUBE-SERVICES
    node-1  send        10.244.1.1 > ${ip("client")} icmp port-unreachable (tcp ${ip("client")}:* > 10.96.0.24:80)
    …
    client  delivered   10.244.1.1 > ${ip("client")} icmp port-unreachable (tcp ${ip("client")}:* > 10.96.0.24:80)
    `,
  );
});

describe("session affinity", () => {
  test("the first connection may go anywhere, later ones follow it", () => {
    const world = cluster().fork();
    const first = world.trace("pod/default/client", "svc/default/sticky:80", {
      handshakeOnly: true,
    });
    if (!first.ok) throw new Error(first.error);
    const server = first.value.outcome?.server;
    expect(outcomes(world, "pod/default/client", "svc/default/sticky:80")).toEqual({
      [`${server} sees ${ip("client")}`]: 1,
    });
    const others = outcomes(cluster(), "pod/default/client", "svc/default/sticky:80");
    expect(Object.values(others).map((probability) => probability.toFixed(6))).toEqual([
      "0.500000",
      "0.500000",
    ]);
  });
});

describe("headless", () => {
  test("a name with several addresses: the client takes any, and speaks to the pod itself", () => {
    const headless = `${WEB}${service("each", "clusterIP: None, selector: {app: web}, ports: [{port: 8080}]")}`;
    const found = outcomes(clusterOf(headless), "pod/default/client", "each:8080");
    expect(Object.keys(found).sort()).toEqual([
      expect.stringMatching(/^pod\/default\/web-1 sees 10\.244\.1\./),
      expect.stringMatching(/^pod\/default\/web-2 sees 10\.244\.1\./),
    ]);
    for (const probability of Object.values(found)) expect(probability).toBe(1 / 2);
  });
});

describe("in and out of the cluster", () => {
  test("a pod reaches the internet as its node; nobody there reaches a pod's address", () => {
    expect(outcomes(cluster(), "pod/default/client", "198.51.100.20:80")).toEqual({
      "host/db sees 10.0.1.11": 1,
    });
    expect(outcomes(cluster(), "host/user", "pod/default/web-1:8080")).toEqual({
      "dropped IpInNoRoutes": 1,
    });
  });

  test("a pod address that nobody has: no route to host", () => {
    expect(outcomes(cluster(), "pod/default/client", "10.244.1.77:80")).toEqual({
      "refused NeighFailed": 1,
    });
    expect(outcomes(cluster(), "pod/default/client", "10.244.2.77:80")).toEqual({
      "refused NeighFailed": 1,
    });
  });

  test("a port that nobody serves is reset", () => {
    expect(outcomes(cluster(), "pod/default/client", "pod/default/web-2:9999")).toEqual({
      "refused NoSocket": 1,
    });
  });
});
