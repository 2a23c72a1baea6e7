import { expect, test } from "vitest";
import type { EndpointSlice, Service } from "../api/types";
import { aNode, aService, aSlice, HTTP, ProxyWorld } from "./testing/world";

/** Rules that name `ns/svc` on node-1, as iptables-save prints them, without the hashes of chain names (names.test). */
function rulesFor(
  service: Service,
  slice?: EndpointSlice,
  ...world: ConstructorParameters<typeof ProxyWorld>
) {
  const proxies = new ProxyWorld(...world);
  proxies.addNode(aNode(1));
  proxies.put(service, ...(slice ? [slice] : []));
  proxies.settle();
  return withoutHashes(proxies.lines().filter((line) => isAbout(line)));
}

function isAbout(line: string): boolean {
  return line.includes("ns/svc") || /^-A KUBE-(EXT|SVC|SVL|SEP|FW)-/.test(line);
}

function withoutHashes(lines: readonly string[]): string {
  return lines
    .map((line) => line.replace(/^-A /, "").replace(/(KUBE-[A-Z]{2,3})-[A-Z2-7]{16}/g, "$1"))
    .join("\n");
}

const here = "10.244.1.2@node-1";
const elsewhere = "10.244.2.2@node-2";

test("ClusterIP: three endpoints, chosen by chance, in the order of their text", () => {
  const slice = aSlice("ns/svc", ["10.244.1.9@node-1", "10.244.1.10@node-1", elsewhere]);
  expect(rulesFor(aService("ns/svc"), slice)).toBe(
    `KUBE-SEP -s 10.244.1.9/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ
KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.1.9:8080
KUBE-SEP -s 10.244.2.2/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ
KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.2.2:8080
KUBE-SEP -s 10.244.1.10/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ
KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.1.10:8080
KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-SVC
KUBE-SVC ! -s 10.244.0.0/16 -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.1.10:8080" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.1.9:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.2.2:8080" -j KUBE-SEP`,
  );
});

test("no endpoints: refused at the cluster IP, the external IP and the NodePort, and no chain", () => {
  const service = aService("ns/svc", {
    type: "LoadBalancer",
    ports: [{ protocol: "UDP", port: 53, targetPort: 53, nodePort: 30_053 }],
    externalIPs: ["5.6.7.8"],
    ingress: [{ ip: "1.2.3.4" }],
  });
  expect(rulesFor(service)).toBe(
    `KUBE-EXTERNAL-SERVICES -d 5.6.7.8/32 -p udp -m comment --comment "ns/svc has no endpoints" -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable
KUBE-EXTERNAL-SERVICES -d 1.2.3.4/32 -p udp -m comment --comment "ns/svc has no endpoints" -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable
KUBE-EXTERNAL-SERVICES -p udp -m comment --comment "ns/svc has no endpoints" -m addrtype --dst-type LOCAL -m udp --dport 30053 -j REJECT --reject-with icmp-port-unreachable
KUBE-SERVICES -d 10.96.0.20/32 -p udp -m comment --comment "ns/svc has no endpoints" -m udp --dport 53 -j REJECT --reject-with icmp-port-unreachable`,
  );
});

const nodePort = { type: "NodePort", ports: [{ ...HTTP, nodePort: 30_080 }] } as const;

test("NodePort, Cluster policy: everything from outside is masqueraded", () => {
  expect(rulesFor(aService("ns/svc", nodePort), aSlice("ns/svc", [elsewhere]))).toBe(
    `KUBE-EXT -m comment --comment "masquerade traffic for ns/svc:http external destinations" -j KUBE-MARK-MASQ
KUBE-EXT -j KUBE-SVC
KUBE-NODEPORTS -p tcp -m comment --comment "ns/svc:http" -m tcp --dport 30080 -j KUBE-EXT
KUBE-SEP -s 10.244.2.2/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ
KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.2.2:8080
KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-SVC
KUBE-SVC ! -s 10.244.0.0/16 -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.2.2:8080" -j KUBE-SEP`,
  );
});

test("NodePort, Local policy, node without endpoint: short-circuits for pods and the node, the rest dropped", () => {
  const service = aService("ns/svc", { ...nodePort, externalTrafficPolicy: "Local" });
  expect(rulesFor(service, aSlice("ns/svc", [elsewhere]))).toBe(
    `KUBE-EXT -s 10.244.0.0/16 -m comment --comment "pod traffic for ns/svc:http external destinations" -j KUBE-SVC
KUBE-EXT -m comment --comment "masquerade LOCAL traffic for ns/svc:http external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ
KUBE-EXT -m comment --comment "route LOCAL traffic for ns/svc:http external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC
KUBE-NODEPORTS -p tcp -m comment --comment "ns/svc:http" -m tcp --dport 30080 -j KUBE-EXT
KUBE-SEP -s 10.244.2.2/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ
KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.2.2:8080
KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-SVC
KUBE-SVC ! -s 10.244.0.0/16 -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.2.2:8080" -j KUBE-SEP
KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "ns/svc:http has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j DROP`,
  );
});

test("LoadBalancer, Local policy, node with endpoint: SVL, health check port, affinity in both chains", () => {
  const service = aService("ns/svc", {
    type: "LoadBalancer",
    ports: [{ ...HTTP, nodePort: 30_080 }],
    externalTrafficPolicy: "Local",
    healthCheckNodePort: 31_000,
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    ingress: [
      { ip: "1.2.3.4" },
      { ip: "1.2.3.5", ipMode: "Proxy" },
      { hostname: "elb.example.com" },
    ],
  });
  const text = rulesFor(service, aSlice("ns/svc", [here, elsewhere]));
  expect(text).toContain(
    `KUBE-EXT -m comment --comment "route LOCAL traffic for ns/svc:http external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC
KUBE-EXT -j KUBE-SVL`,
  );
  expect(text).toContain(
    `KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.1.2:8080" -m recent --rcheck --seconds 60 --reap --name KUBE-SEP --mask 255.255.255.255 --rsource -j KUBE-SEP
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.2.2:8080" -m recent --rcheck --seconds 60 --reap --name KUBE-SEP --mask 255.255.255.255 --rsource -j KUBE-SEP
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.1.2:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP
KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.2.2:8080" -j KUBE-SEP
KUBE-SVL -m comment --comment "ns/svc:http -> 10.244.1.2:8080" -m recent --rcheck --seconds 60 --reap --name KUBE-SEP --mask 255.255.255.255 --rsource -j KUBE-SEP
KUBE-SVL -m comment --comment "ns/svc:http -> 10.244.1.2:8080" -j KUBE-SEP`,
  );
  expect(text).toContain(
    `KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m recent --set --name KUBE-SEP --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.244.1.2:8080`,
  );
  expect(text).toContain(
    `KUBE-SERVICES -d 1.2.3.4/32 -p tcp -m comment --comment "ns/svc:http loadbalancer IP" -m tcp --dport 80 -j KUBE-EXT`,
  );
  expect(text).toContain(
    `KUBE-NODEPORTS -p tcp -m comment --comment "ns/svc:http health check node port" -m tcp --dport 31000 -j ACCEPT`,
  );
  expect(text).not.toContain("1.2.3.5");
  expect(text).not.toContain("has no");
});

test("source ranges: KUBE-FW lets some in, the firewall chain drops the rest; the node's VIP counts as the node", () => {
  const service = aService("ns/svc", {
    type: "LoadBalancer",
    loadBalancerSourceRanges: [" 203.0.113.7/25", "10.0.1.0/24"],
    ingress: [{ ip: "1.2.3.4" }],
  });
  const lines = rulesFor(service, aSlice("ns/svc", [here])).split("\n");
  expect(lines.filter((line) => /FW/.test(line) || line.includes("FIREWALL"))).toEqual([
    'KUBE-FW -s 203.0.113.0/25 -m comment --comment "ns/svc:http loadbalancer IP" -j KUBE-EXT',
    'KUBE-FW -s 10.0.1.0/24 -m comment --comment "ns/svc:http loadbalancer IP" -j KUBE-EXT',
    'KUBE-FW -s 1.2.3.4/32 -m comment --comment "ns/svc:http loadbalancer IP" -j KUBE-EXT',
    'KUBE-FW -m comment --comment "other traffic to ns/svc:http will be dropped by KUBE-PROXY-FIREWALL"',
    'KUBE-SERVICES -d 1.2.3.4/32 -p tcp -m comment --comment "ns/svc:http loadbalancer IP" -m tcp --dport 80 -j KUBE-FW',
    'KUBE-PROXY-FIREWALL -d 1.2.3.4/32 -p tcp -m comment --comment "ns/svc:http traffic not accepted by KUBE-FW" -m tcp --dport 80 -j DROP',
  ]);
});

test("internal policy Local: SVL serves the cluster IP, or nobody does", () => {
  const service = aService("ns/svc", { internalTrafficPolicy: "Local" });
  expect(rulesFor(service, aSlice("ns/svc", [here, elsewhere]))).toBe(
    `KUBE-SEP -s 10.244.1.2/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ
KUBE-SEP -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.1.2:8080
KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-SVL
KUBE-SVL ! -s 10.244.0.0/16 -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ
KUBE-SVL -m comment --comment "ns/svc:http -> 10.244.1.2:8080" -j KUBE-SEP`,
  );
  expect(rulesFor(service, aSlice("ns/svc", [elsewhere]))).toBe(
    `KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http has no local endpoints" -m tcp --dport 80 -j DROP`,
  );
});

test("internal Local with a NodePort: SVC exists for the outside, without the cluster IP's rule", () => {
  const service = aService("ns/svc", { ...nodePort, internalTrafficPolicy: "Local" });
  const text = rulesFor(service, aSlice("ns/svc", [elsewhere]));
  expect(text).toContain(
    'KUBE-SVC -m comment --comment "ns/svc:http -> 10.244.2.2:8080" -j KUBE-SEP',
  );
  expect(text).not.toContain("cluster IP");
  expect(text).toContain('"ns/svc:http has no local endpoints" -m tcp --dport 80 -j DROP');
});

test.each([
  ["headless", { clusterIP: "None" }],
  ["ExternalName", { type: "ExternalName", externalName: "db.example.com" }],
  ["another proxy's", { labels: { "service.kubernetes.io/service-proxy-name": "other" } }],
] as const)("%s Services have no rules", (_, fields) => {
  expect(rulesFor(aService("ns/svc", fields), aSlice("ns/svc", [here]))).toBe("");
});

test("a slice's port meets the Service's by name and protocol, never by number", () => {
  const other = aSlice("ns/svc", [here], { ports: [{ name: "web", protocol: "TCP", port: 8080 }] });
  expect(rulesFor(aService("ns/svc"), other)).toContain("has no endpoints");
});

const masqueradeLine = /^KUBE-SVC .*cluster IP".*MARK-MASQ$/m;

test.each([
  [
    "a cluster CIDR of its own",
    { clusterCIDR: "10.0.0.0/8" },
    "! -s 10.0.0.0/8 -d 10.96.0.20/32 -p tcp",
  ],
  ["NodeCIDR", { detectLocalMode: "NodeCIDR" }, "! -s 10.244.1.0/24 -d 10.96.0.20/32 -p tcp"],
  [
    "BridgeInterface",
    { detectLocalMode: "BridgeInterface", detectLocal: { bridgeInterface: "cni0" } },
    "-d 10.96.0.20/32 ! -i cni0 -p tcp",
  ],
  [
    "InterfaceNamePrefix",
    { detectLocalMode: "InterfaceNamePrefix", detectLocal: { interfaceNamePrefix: "veth" } },
    "-d 10.96.0.20/32 ! -i veth+ -p tcp",
  ],
] as const)("pods are told by %s", (_, kubeProxy, expected) => {
  const text = rulesFor(aService("ns/svc"), aSlice("ns/svc", [here]), kubeProxy);
  expect(masqueradeLine.exec(text)?.[0]).toContain(`KUBE-SVC ${expected} `);
});

test("no cluster CIDR, no pod test: neither the masquerade rule nor the pods' short-circuit", () => {
  const service = aService("ns/svc", { ...nodePort, externalTrafficPolicy: "Local" });
  const text = rulesFor(service, aSlice("ns/svc", [here]), { clusterCIDR: "" });
  expect(text).not.toMatch(masqueradeLine);
  expect(text).not.toContain("pod traffic");
});

test("masqueradeAll leaves the pod test out", () => {
  const iptables = {
    masqueradeAll: true,
    masqueradeBit: 14,
    localhostNodePorts: true,
    minSyncPeriodUs: 0,
  };
  const text = rulesFor(aService("ns/svc"), aSlice("ns/svc", [here]), { iptables });
  expect(masqueradeLine.exec(text)?.[0]).toBe(
    'KUBE-SVC -d 10.96.0.20/32 -p tcp -m comment --comment "ns/svc:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
  );
});

test("1001 endpoints: rules about endpoints lose their comments, all others keep them", () => {
  const many = (count: number) =>
    aSlice(
      "ns/svc",
      Array.from({ length: count }, (_, i) => `10.200.${i >> 8}.${i & 255}`),
    );
  expect(rulesFor(aService("ns/svc"), many(1_000))).toContain("ns/svc:http -> 10.200.0.0:8080");
  const text = rulesFor(aService("ns/svc"), many(1_001));
  expect(text).not.toContain("->");
  expect(text).toContain("KUBE-SEP -s 10.200.0.0/32 -j KUBE-MARK-MASQ");
  expect(text).toContain("KUBE-SEP -p tcp -m tcp -j DNAT --to-destination 10.200.0.0:8080");
  expect(text).toContain("cluster IP");
});
