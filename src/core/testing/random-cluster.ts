import fc from "fast-check";
import { type ClusterConfig, DEFAULT_CLUSTER_CONFIG } from "../api/cluster-config";
import type { Pod } from "../api/types";
import { addonManifests } from "../cluster/addons";
import { World } from "../cluster/world";

export type Policy = "Cluster" | "Local";

export interface RandomApp {
  readonly name: string;
  readonly namespace: string;
  /** Of a Deployment the first ones of its pods. */
  readonly unready: number;
  /** Nodes of pods that nobody owns, by index; a Deployment's are for the scheduler to place. */
  readonly pods: readonly number[] | { readonly replicas: number };
}

export interface RandomService {
  readonly name: string;
  readonly namespace: string;
  /** Label `app` that it selects; nobody may have it. */
  readonly selects: string;
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly targetPort: number | string;
  }[];
  readonly internalTrafficPolicy: Policy;
  readonly externalTrafficPolicy: Policy;
  readonly affinity: boolean;
  readonly publishNotReadyAddresses: boolean;
}

export interface RandomCluster {
  readonly seed: number;
  readonly nodes: number;
  readonly masqueradeAll: boolean;
  readonly apps: readonly RandomApp[];
  readonly services: readonly RandomService[];
}

export const NAMESPACES = ["default", "shop"] as const;
/** What every pod serves, under a name. */
export const SERVED = { name: "http", port: 8080 } as const;

const policy = fc.constantFrom<Policy>("Cluster", "Local");
const namespace = fc.constantFrom(...NAMESPACES);
const appName = (index: number) => `app-${index}`;
const MAX_APPS = 3;

function apps(nodes: number): fc.Arbitrary<readonly RandomApp[]> {
  const node = fc.nat({ max: nodes - 1 });
  return fc
    .array(
      fc.record({
        namespace,
        unready: fc.constantFrom(0, 0, 1, 2),
        pods: fc.oneof(
          fc.array(node, { maxLength: 4 }),
          fc.record({ replicas: fc.nat({ max: 4 }) }),
        ),
      }),
      { minLength: 1, maxLength: MAX_APPS },
    )
    .map((all) => all.map((app, index) => ({ ...app, name: appName(index) })));
}

const services: fc.Arbitrary<readonly RandomService[]> = fc
  .array(
    fc.record({
      namespace,
      // One more than there can be.
      selects: fc.nat({ max: MAX_APPS }).map(appName),
      type: fc.constantFrom("ClusterIP", "NodePort", "LoadBalancer"),
      // The last two lead nowhere: nobody listens, and nobody has a port of that name.
      targets: fc.array(fc.constantFrom(SERVED.port, SERVED.name, SERVED.port, 9, "absent"), {
        minLength: 1,
        maxLength: 2,
      }),
      internalTrafficPolicy: policy,
      externalTrafficPolicy: policy,
      affinity: fc.boolean(),
      publishNotReadyAddresses: fc.constantFrom(false, false, true),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    all.map(({ targets, ...service }, index) => ({
      ...service,
      // AWS's classic load balancers know no affinity.
      affinity: service.affinity && service.type !== "LoadBalancer",
      name: `svc-${index}`,
      ports: targets.map((targetPort, at) => ({ name: `p${at}`, port: 80 + at, targetPort })),
    })),
  );

export const randomCluster: fc.Arbitrary<RandomCluster> = fc
  .integer({ min: 1, max: 4 })
  .chain((nodes) =>
    fc.record({
      seed: fc.nat({ max: 1_000 }),
      nodes: fc.constant(nodes),
      masqueradeAll: fc.boolean(),
      apps: apps(nodes),
      services,
    }),
  );

export const nodeName = (index: number) => `node-${index + 1}`;

/** The cluster, settled, with its unready pods unready; `addons` as in a scenario, none for speed. */
export function bootRandom(cluster: RandomCluster, addons: ClusterConfig["addons"] = []): World {
  const { kubeProxy } = DEFAULT_CLUSTER_CONFIG;
  const { masqueradeAll } = cluster;
  const config: ClusterConfig = {
    ...DEFAULT_CLUSTER_CONFIG,
    seed: cluster.seed,
    addons,
    kubeProxy: { ...kubeProxy, iptables: { ...kubeProxy.iptables, masqueradeAll } },
  };
  const world = new World(config);
  const loaded = world.load([...addonManifests(config), ...manifestsOf(cluster)]);
  if (!loaded.ok) throw new Error(loaded.refusals.map(({ status }) => status.message).join("\n"));
  settle(world);
  for (const { unready, ...app } of cluster.apps)
    for (const { metadata } of podsOf(world, app).slice(0, unready)) {
      const { namespace, name: pod } = metadata;
      world.execute({ type: "setReadiness", namespace, pod, ready: false });
    }
  settle(world);
  return world;
}

export function settle(world: World): void {
  if (!world.settle()) throw new Error("the cluster does not settle");
  world.begin();
}

/** In order of their names. */
export function podsOf(
  { store }: World,
  { name, namespace }: Pick<RandomApp, "name" | "namespace">,
): readonly Pod[] {
  return [...store.list("Pod")]
    .filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.app === name)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function manifestsOf({ nodes, apps, services }: RandomCluster): readonly object[] {
  return [
    ...NAMESPACES.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })),
    ...Array.from({ length: nodes }, (_, index) => nodeManifest(index)),
    hostManifest("user", "internet", "203.0.113.10"),
    hostManifest("vm", "vpc", "10.0.9.20"),
    ...apps.flatMap(appManifests),
    ...services.map(serviceManifest),
  ];
}

function nodeManifest(index: number): object {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: nodeName(index) },
    spec: { podCIDR: `10.244.${index + 1}.0/24` },
    status: { addresses: [{ type: "InternalIP", address: `10.0.1.${11 + index}` }] },
  };
}

function hostManifest(name: string, zone: string, ip: string): object {
  return {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "Host",
    metadata: { name },
    spec: { zone, ip },
  };
}

function appManifests({ name, namespace, pods }: RandomApp): readonly object[] {
  const labels = { app: name };
  const ports = [{ name: SERVED.name, containerPort: SERVED.port }];
  const spec = { containers: [{ name: "main", image: "example/web", ports }] };
  if ("replicas" in pods) {
    const template = { metadata: { labels }, spec };
    return [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: { replicas: pods.replicas, selector: { matchLabels: labels }, template },
      },
    ];
  }
  return pods.map((node, index) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `${name}-${index}`, namespace, labels },
    spec: { ...spec, nodeName: nodeName(node) },
  }));
}

function serviceManifest(service: RandomService): object {
  const { name, namespace, selects, type, externalTrafficPolicy, affinity, ...spec } = service;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      ...spec,
      type,
      selector: { app: selects },
      sessionAffinity: affinity ? "ClientIP" : "None",
      ...(type !== "ClusterIP" && { externalTrafficPolicy }),
    },
  };
}
