import { DEFAULT_CLUSTER_CONFIG } from "../src/core/api/cluster-config";
import { addonManifests } from "../src/core/cluster/addons";
import { World } from "../src/core/cluster/world";

export interface ClusterSize {
  readonly nodes: number;
  readonly pods: number;
  readonly services: number;
}

export function formatSize({ nodes, pods, services }: ClusterSize): string {
  return `${nodes}/${pods}/${services}`;
}

const USER = {
  apiVersion: "kubehop.dev/v1alpha1",
  kind: "Host",
  metadata: { name: "user" },
  spec: { zone: "internet", ip: "203.0.113.10" },
};

/** Node addresses start here: 10.0.1.11, then on through 10.0.1.254, 10.0.2.1 … */
const FIRST_NODE = 256 + 11;

export function nodeIp(index: number): string {
  const number = FIRST_NODE + index;
  return `10.0.${number >> 8}.${number & 255}`;
}

export function nodeManifest(index: number) {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node-${index + 1}` },
    spec: { podCIDR: `10.244.${index + 1}.0/24` },
    status: { addresses: [{ type: "InternalIP", address: nodeIp(index) }] },
  };
}

/** One Deployment for each Service, with its share of the pods. */
function application(index: number, replicas: number) {
  const name = `app-${index}`;
  const labels = { app: name };
  const container = { name: "main", image: "example/web", ports: [{ containerPort: 8080 }] };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { type: "NodePort", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}

export function clusterManifests({ nodes, pods, services }: ClusterSize): readonly unknown[] {
  return [
    USER,
    ...Array.from({ length: nodes }, (_, index) => nodeManifest(index)),
    ...addonManifests(DEFAULT_CLUSTER_CONFIG),
    ...Array.from({ length: services }, (_, index) => application(index, pods / services)).flat(),
  ];
}

/** From nothing to every pod ready and every proxy in step. */
export function bootCluster(manifests: readonly unknown[]): World {
  const world = new World(DEFAULT_CLUSTER_CONFIG);
  const loaded = world.load(manifests);
  if (!loaded.ok) throw new Error(loaded.refusals.map(({ status }) => status.message).join("\n"));
  if (!world.settle()) throw new Error("the cluster does not settle");
  world.begin();
  return world;
}
