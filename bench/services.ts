import { DEFAULT_CLUSTER_CONFIG } from "../src/core/api/cluster-config";
import { World } from "../src/core/cluster/world";
import { nodeManifest } from "./cluster";

const SERVED = 3;
/** Every so manieth Service has a NodePort, as their range is small. */
const NODE_PORT_EVERY = 10;
const FIRST_NODE_PORT = 30_000;

/** A cluster of three nodes with many Services whose EndpointSlices are made by hand: only the rules are large.
 *  Three pods stand behind every one of them. The Service in the middle is the one to send to. */
export function bootServices(count: number): { world: World; name: string; nodePort: number } {
  const world = new World({
    ...DEFAULT_CLUSTER_CONFIG,
    serviceCIDR: "10.96.0.0/12",
    addons: [],
  });
  const middle = count >> 1;
  const nodePort = FIRST_NODE_PORT + (count > 2_000 ? middle / NODE_PORT_EVERY : middle);
  const manifests = [
    user,
    ...[0, 1, 2].map(nodeManifest),
    ...Array.from({ length: SERVED + 1 }, (_, index) => pod(index)),
    ...Array.from({ length: count }, (_, index) => service(index, count)).flat(),
  ];
  const loaded = world.load(manifests);
  if (!loaded.ok) throw new Error(loaded.refusals[0]?.status.message);
  if (!world.settle()) throw new Error("the cluster does not settle");
  return { world, name: `service-${middle}`, nodePort };
}

const user = {
  apiVersion: "kubehop.dev/v1alpha1",
  kind: "Host",
  metadata: { name: "user" },
  spec: { zone: "internet", ip: "203.0.113.10" },
};

/** The last one is the client. */
function pod(index: number) {
  const node = index % 3;
  const ip = podIp(index);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: index < SERVED ? `server-${index}` : "client" },
    spec: {
      nodeName: `node-${node + 1}`,
      containers: [{ name: "main", image: "example/web", ports: [{ containerPort: 8080 }] }],
    },
    status: { phase: "Running", podIP: ip, podIPs: [{ ip }] },
  };
}

function podIp(index: number): string {
  return `10.244.${(index % 3) + 1}.${10 + index}`;
}

function service(index: number, count: number) {
  const name = `service-${index}`;
  const every = count > 2_000 ? NODE_PORT_EVERY : 1;
  const nodePort = index % every === 0 ? FIRST_NODE_PORT + index / every : undefined;
  const clusterIP = `10.97.${index >> 8}.${index & 255}`;
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: {
        type: nodePort === undefined ? "ClusterIP" : "NodePort",
        clusterIP,
        ports: [{ port: 80, targetPort: 8080, ...(nodePort !== undefined && { nodePort }) }],
      },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-slice`, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: [{ port: 8080, protocol: "TCP", name: "" }],
      endpoints: Array.from({ length: SERVED }, (_, server) => ({
        addresses: [podIp(server)],
        conditions: { ready: true },
        nodeName: `node-${(server % 3) + 1}`,
      })),
    },
  ];
}
