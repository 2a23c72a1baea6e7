import { parseAllDocuments } from "yaml";
import { type ClusterConfig, DEFAULT_CLUSTER_CONFIG } from "../api/cluster-config";
import { addonManifests } from "../cluster/addons";
import { World } from "../cluster/world";

/** Three nodes, a user and a server on the internet, a machine in the VPC: what a scenario gets when it names none. */
const MACHINES = `
{apiVersion: v1, kind: Node, metadata: {name: node-1}, spec: {podCIDR: 10.244.1.0/24}, status: {addresses: [{type: InternalIP, address: 10.0.1.11}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: node-2}, spec: {podCIDR: 10.244.2.0/24}, status: {addresses: [{type: InternalIP, address: 10.0.1.12}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: node-3}, spec: {podCIDR: 10.244.3.0/24}, status: {addresses: [{type: InternalIP, address: 10.0.1.13}]}}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: user}, spec: {zone: internet, ip: 203.0.113.10}}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: db}, spec: {zone: internet, ip: 198.51.100.20, listens: [{protocol: TCP, port: 80}]}}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: vm}, spec: {zone: vpc, ip: 10.0.9.20}}
`;

export function manifestsOf(yaml: string): readonly unknown[] {
  return parseAllDocuments(yaml)
    .map((document): unknown => document.toJS())
    .filter((manifest) => manifest !== null);
}

/** A settled cluster: the machines above, the addons, and these manifests. */
export function clusterOf(yaml: string, overrides: Partial<ClusterConfig> = {}): World {
  const config = { ...DEFAULT_CLUSTER_CONFIG, ...overrides };
  const world = new World(config);
  const loaded = world.load([
    ...manifestsOf(MACHINES),
    ...addonManifests(config),
    ...manifestsOf(yaml),
  ]);
  if (!loaded.ok) throw new Error(loaded.refusals.map(({ status }) => status.message).join("\n"));
  if (!world.settle()) throw new Error("the cluster does not settle");
  world.begin();
  return world;
}

/** A pod on that node that serves HTTP on 8080 (a client serves nothing). */
export function pod(name: string, node: string, labels: string, port: number | "" = 8080): string {
  const ports = port === "" ? "" : `, ports: [{containerPort: ${port}}]`;
  return `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {${labels}}}, spec: {nodeName: ${node}, containers: [{name: main, image: example/${name}${ports}}]}}`;
}
