import { expect, test } from "vitest";
import { endpointChainName, serviceChainName } from "./names";
import { formatOrigin, parseOrigin } from "./origin";

// Source: names in kube-proxy's own unit tests (pkg/proxy/iptables/proxier_test.go), and of every cluster's
// default/kubernetes.
test("chain names are the ones real clusters have", () => {
  expect(serviceChainName("KUBE-SVC", "ns1/svc1:p80", "tcp")).toBe("KUBE-SVC-XPGD46QRK7WJZT7O");
  expect(endpointChainName("ns1/svc1:p80", "tcp", "10.180.0.1:80")).toBe(
    "KUBE-SEP-SXIVWICOYRO3J4NJ",
  );
  expect(serviceChainName("KUBE-SVC", "default/kubernetes:https", "tcp")).toBe(
    "KUBE-SVC-NPX46M4PTMTKRN6Y",
  );
});

test("all chains of a service port share the hash", () => {
  expect(serviceChainName("KUBE-FW", "ns1/svc1:p80", "tcp")).toBe("KUBE-FW-XPGD46QRK7WJZT7O");
});

test.each([
  { by: "service", service: "ns/a", port: "", protocol: "udp", role: "cluster-ip" },
  {
    by: "service",
    service: "ns/a",
    port: "http",
    protocol: "tcp",
    role: "dnat",
    endpoint: "10.0.0.1:80",
  },
  { by: "kube-proxy", role: "jump" },
  { by: "cni", plugin: "flannel", role: "masquerade" },
  { by: "cni", plugin: "portmap", role: "host-port", pod: "default/web" },
  { by: "kubelet", role: "localnet-firewall" },
] as const)("an origin is read back: %o", (origin) => {
  expect(parseOrigin(formatOrigin(origin))).toEqual(origin);
});

test("what is no origin is none", () => {
  expect(parseOrigin("")).toBeUndefined();
  expect(parseOrigin("service|ns/a")).toBeUndefined();
});
