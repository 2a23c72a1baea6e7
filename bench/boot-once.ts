// node boot-once.js NODES PODS SERVICES: boots one cluster in a process of its own and prints what that took.
import { bootCluster, clusterManifests } from "./cluster";

const [nodes = 0, pods = 0, services = 0] = process.argv.slice(2).map(Number);
const manifests = clusterManifests({ nodes, pods, services });
// From here: what starting Node and reading the code costs is not the boot's.
const before = process.cpuUsage();
const world = bootCluster(manifests);
const { user, system } = process.cpuUsage(before);
const ready = [...world.store.list("Pod")].filter((pod) =>
  pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
).length;
console.log(JSON.stringify({ cpuSeconds: (user + system) / 1e6, ready }));
