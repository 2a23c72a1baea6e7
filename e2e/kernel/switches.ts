import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

const BASE = fileURLToPath(new URL("./switched.yaml", import.meta.url));

/** Parts of the Scenario's spec that change how packets go. */
const SWITCHES: Readonly<Record<string, object>> = {
  "hairpin-off": { nodeOptions: { hairpinMode: false } },
  "plain-bridge": { nodeOptions: { bridgeNfCallIptables: false } },
  "plain-bridge-hairpin-off": { nodeOptions: { bridgeNfCallIptables: false, hairpinMode: false } },
  "strict-reverse-path": { cloud: "aws", nodeOptions: { rpFilter: 1 } },
  "loose-reverse-path": { cloud: "aws", nodeOptions: { rpFilter: 2 } },
  "vpc-routes": { cloud: "aws", podRoutes: "vpc", natGateway: "198.51.100.1" },
  "source-dest-check": { podRoutes: "vpc", nodeOptions: { sourceDestCheck: true } },
  "route-localnet-off": { kubeProxy: { iptables: { localhostNodePorts: false } } },
  "masquerade-all": { kubeProxy: { iptables: { masqueradeAll: true, masqueradeBit: 5 } } },
  "no-cluster-cidr": { kubeProxy: { clusterCIDR: "" } },
  "node-cidr": { cloud: "ip", kubeProxy: { detectLocalMode: "NodeCIDR" } },
  "bridge-interface": {
    kubeProxy: {
      detectLocalMode: "BridgeInterface",
      detectLocal: { bridgeInterface: "cni0" },
      nodePortAddresses: ["10.0.1.0/24"],
    },
  },
  "interface-prefix": {
    kubeProxy: {
      detectLocalMode: "InterfaceNamePrefix",
      detectLocal: { interfaceNamePrefix: "veth" },
      nodePortAddresses: ["primary"],
    },
  },
};

/** The same cluster under each setting: name and text of a scenario file. */
export function switchedScenarios(): readonly { readonly name: string; readonly text: string }[] {
  const base = readFileSync(BASE, "utf8");
  return Object.entries(SWITCHES).map(([name, spec]) => {
    const [scenario, ...others] = parseAllDocuments(base);
    for (const [key, value] of Object.entries(spec)) scenario?.setIn(["spec", key], value);
    scenario?.setIn(["metadata", "name"], name);
    return { name, text: [scenario, ...others].map(String).join("") };
  });
}
