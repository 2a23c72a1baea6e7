import { DEFAULT_CLUSTER_CONFIG } from "../src/core/api/cluster-config";
import { addonManifests } from "../src/core/cluster/addons";
import type { World } from "../src/core/cluster/world";
import { SECOND } from "../src/core/sim/time";
import { type BenchRow, cpuSeconds } from "./bench";
import { bootCluster, nodeManifest } from "./cluster";

const NODES = 10;
const PODS = 300;
const STEPPED_SECONDS = 60;
const RUNS = 3;

const USER = {
  apiVersion: "kubehop.dev/v1alpha1",
  kind: "Host",
  metadata: { name: "user" },
  spec: { zone: "internet", ip: "203.0.113.10" },
};

/** Every pod is probed twice in ten seconds, as most charts have it. */
function manifests(probed: boolean): readonly unknown[] {
  const labels = { app: "web" };
  const probe = (path: string) => ({ httpGet: { path, port: 8080 } });
  const container = {
    name: "main",
    image: "example/web",
    ports: [{ containerPort: 8080 }],
    ...(probed && { readinessProbe: probe("/ready"), livenessProbe: probe("/healthy") }),
  };
  return [
    USER,
    ...Array.from({ length: NODES }, (_, index) => nodeManifest(index)),
    ...addonManifests(DEFAULT_CLUSTER_CONFIG),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        replicas: PODS,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}

/** What probes and health checks cost: booting, and letting a minute pass. */
export default async function probes(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const probed of [false, true]) {
    const boots: number[] = [];
    const steps: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const objects = manifests(probed);
      let world: World | undefined;
      boots.push(await cpuSeconds(() => (world = bootCluster(objects))));
      const { nowUs = 0 } = world ?? {};
      steps.push(await cpuSeconds(() => world?.runUntil(nowUs + STEPPED_SECONDS * SECOND)));
    }
    const name = `${NODES}/${PODS}, ${probed ? "two probes a pod" : "no probes"}`;
    rows.push({ name: `${name}, boot`, value: Math.min(...boots), unit: "s CPU" });
    rows.push({ name: `${name}, ${STEPPED_SECONDS} s`, value: Math.min(...steps), unit: "s CPU" });
  }
  return rows;
}
