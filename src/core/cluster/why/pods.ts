import { type Container, type KubeEvent, keyOf, objectKey, type Pod } from "../../api/types";
import { findCondition, isTerminating } from "../../controllers/pod-facts";
import { servedPorts } from "../../programs/images";
import type { World } from "../world";
import { kubectl, listed, podText } from "./lines";
import { readNodeCidr } from "./node-facts";
import { listeningOf, patch, patchContainer, podsIn, workloadOf } from "./objects";
import type { Finding, Fix, Look } from "./why";

/** What keeps a pod from serving, other than its probes; undefined: nothing does. `port`: only what keeps it from serving
 *  that one. */
export function whyPod(world: World, pod: Pod, port?: number): Finding | undefined {
  if (pod.status.phase === "Failed" || pod.status.phase === "Succeeded") return ended(world, pod);
  if (isTerminating(pod)) return terminating(pod);
  if (!pod.spec.nodeName) return unscheduled(world, pod);
  if (!pod.status.podIP) return withoutAddress(world, pod);
  return whyContainers(world, pod, port);
}

function whyContainers(world: World, pod: Pod, port: number | undefined): Finding | undefined {
  const statuses = pod.status.containerStatuses ?? [];
  const down = statuses.find(({ state }) => state.running === undefined);
  if (!down) return justDied(world, pod);
  const { waiting, terminated } = down.state;
  const message = waiting?.message ?? terminated?.message ?? "";
  const reason = waiting?.reason ?? terminated?.reason ?? "not running";
  const container = pod.spec.containers.find(({ name }) => name === down.name);
  const wanted = container ? servedPorts(container) : [];
  const serves = port === undefined || wanted.some((one) => one.port === port);
  if (!serves && listeningOf(world, pod).length > 0) return undefined;
  const clash = container && portClash(world, pod, container);
  if (clash) return clash;
  if (reason === "ContainerCreating") return starting(pod);
  return {
    code: "ContainerDown",
    title: "The container is not running",
    cause: `Container ${down.name} of pod ${podText(pod)} is ${reason}${message === "" ? "" : ` (${message})`}, restarted ${down.restartCount} times: nothing listens until its kubelet has started it again.`,
    objects: [objectKey(pod)],
    look: [describe(pod, reason)],
  };
}

/** Containers of a pod share its network: the second that wants a port cannot have it. */
function portClash(world: World, pod: Pod, container: Container): Finding | undefined {
  const { name, namespace } = pod.metadata;
  const wanted = servedPorts(container);
  const listening = listeningOf(world, pod);
  const taken = wanted.find((one) =>
    listening.some(({ protocol, port }) => protocol === one.protocol && port === one.port),
  );
  const holder = pod.spec.containers.find(
    (other) =>
      other !== container &&
      servedPorts(other).some(
        ({ protocol, port }) => protocol === taken?.protocol && port === taken.port,
      ),
  );
  if (!taken || !holder) return undefined;
  return {
    code: "ContainerPortClash",
    title: "Two containers of the pod want the same port",
    cause: `Container ${container.name} of pod ${podText(pod)} wants ${taken.protocol.toUpperCase()} port ${taken.port}, which container ${holder.name} of the same pod has: they share one network namespace. It ends with an error and is started again, and again; meanwhile the pod is not ready.`,
    objects: [objectKey(pod)],
    look: [kubectl(`logs ${name} -c ${container.name}`, namespace, "already in use"), get(pod)],
  };
}

/** Its kubelet has not seen it yet. */
function justDied(world: World, pod: Pod): Finding | undefined {
  const declared = pod.spec.containers.flatMap(({ ports = [] }) => ports);
  if (declared.length === 0 || listeningOf(world, pod).length > 0) return undefined;
  return {
    code: "ContainerDown",
    title: "The container's process has died",
    cause: `No process of pod ${podText(pod)} listens, though it is Running by its status: its kubelet looks every second, and then starts the container again.`,
    objects: [objectKey(pod)],
    look: [get(pod)],
  };
}

function get({ metadata }: Pod, shows = metadata.name): Look {
  return kubectl(`get pod ${metadata.name}`, metadata.namespace, shows);
}

function describe({ metadata }: Pod, shows: string): Look {
  return kubectl(`describe pod ${metadata.name}`, metadata.namespace, shows);
}

function starting(pod: Pod): Finding {
  return {
    code: "PodStarting",
    title: "The pod is only starting",
    cause: `Pod ${podText(pod)} is ${pod.status.podIP ? "not running yet" : "still without an address"}: its kubelet is making it. A moment later the same request may arrive.`,
    objects: [objectKey(pod)],
    look: [get(pod)],
  };
}

function terminating(pod: Pod): Finding {
  return {
    code: "PodTerminating",
    title: "The pod is on its way out",
    cause: `Pod ${podText(pod)} was deleted at ${pod.metadata.deletionTimestamp}: it is terminating, and takes no new requests.`,
    objects: [objectKey(pod)],
    look: [get(pod, "Terminating")],
  };
}

function ended(world: World, pod: Pod): Finding {
  const { phase, reason, message = "" } = pod.status;
  if (reason === "NodePorts") return hostPortClash(world, pod, message);
  return {
    code: "PodFailed",
    title: `The pod has ${phase === "Failed" ? "failed" : "ended"}`,
    cause: `Pod ${podText(pod)} is ${phase}${reason ? ` (${reason}${message ? `: ${message}` : ""})` : ""}: it will never run again.`,
    objects: [objectKey(pod)],
    look: [get(pod)],
  };
}

function unscheduled(world: World, pod: Pod): Finding {
  const message = findCondition(pod.status.conditions, "PodScheduled")?.message;
  if (message === undefined) return starting(pod);
  if (message.includes("free ports")) return hostPortClash(world, pod, message);
  const cordoned = [...world.store.list("Node")].filter(({ spec }) => spec.unschedulable);
  return {
    code: "PodUnschedulable",
    title: "No node takes the pod",
    cause: `Pod ${podText(pod)} is Pending and has no address, because the scheduler finds no node for it: ${message}`,
    evidence: { what: "event", text: `FailedScheduling: ${message}` },
    objects: [objectKey(pod), ...cordoned.map(objectKey)],
    look: [describe(pod, "FailedScheduling")],
    fix: cordoned.map((node) => ({
      title: `Uncordon ${node.metadata.name}`,
      edits: [patch(node, { spec: { unschedulable: null } })],
    })),
  };
}

function hostPortClash(world: World, pod: Pod, message: string): Finding {
  const wanted = hostPortsOf(pod);
  const holders = podsInAll(world).filter(
    (other) => other !== pod && hostPortsOf(other).some((port) => wanted.includes(port)),
  );
  const named = holders.map((holder) => `${podText(holder)} on ${holder.spec.nodeName ?? "?"}`);
  const by = holders.length > 0 ? ` taken by ${listed(named)}` : " taken";
  const workload = workloadOf(world, pod);
  return {
    code: "HostPortClash",
    title: "The host port is taken",
    cause: `Pod ${podText(pod)} asks for port ${wanted.join(", ")} of its node, which is${by}: one port of a node belongs to one pod. It is ${pod.status.phase} and has no address.`,
    evidence: { what: "event", text: message },
    objects: [objectKey(pod), ...holders.map(objectKey)],
    look: [describe(pod, message.includes("Predicate") ? "NodePorts" : "free ports")],
    fix: workload
      ? [{ title: "Ask for no host port", edits: withoutHostPorts(pod, workload) }]
      : [],
  };
}

function withoutHostPorts(pod: Pod, workload: NonNullable<ReturnType<typeof workloadOf>>) {
  const [first] = pod.spec.containers.filter(({ ports = [] }) => ports.some((p) => p.hostPort));
  if (!first) return [];
  return [
    patchContainer(workload, first.name, (container) => ({
      ...container,
      ports: (container.ports ?? []).map(({ hostPort: _, hostIP: __, ...port }) => port),
    })),
  ];
}

/** `80/TCP`. */
function hostPortsOf({ spec }: Pod): readonly string[] {
  return spec.containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, protocol }) => (hostPort ? [`${hostPort}/${protocol}`] : [])),
  );
}

function podsInAll({ store }: World): readonly Pod[] {
  return [...store.list("Pod")].filter(
    ({ status, spec }) => spec.nodeName && status.phase !== "Failed",
  );
}

const NO_ADDRESS = /no IP addresses available in range set|failed to assign an IP address/;

function withoutAddress(world: World, pod: Pod): Finding {
  const failed = latestEvent(world, pod, "FailedCreatePodSandBox");
  if (!failed || !NO_ADDRESS.test(failed.message))
    return failed ? sandbox(pod, failed) : starting(pod);
  const node = pod.spec.nodeName ?? "";
  const others = [...world.store.list("Node")].filter(
    ({ metadata, spec }) => metadata.name !== node && !spec.unschedulable,
  );
  const said = failed.message.slice(failed.message.lastIndexOf("failed to a"));
  return {
    code: "NoAddressLeft",
    title: "The node has no address left for the pod",
    cause: `Pod ${podText(pod)} is stuck in ContainerCreating on ${node}: every address of ${readNodeCidr(world, node)} is given away (${said}). Without an address nobody can reach it.`,
    evidence: { what: "event", text: `FailedCreatePodSandBox: ${failed.message}` },
    objects: [objectKey(pod), keyOf("Node", "", node)],
    look: [describe(pod, "FailedCreatePodSandBox")],
    fix: workloadOf(world, pod) && others.length > 0 ? elsewhere(world, pod, node) : [],
  };
}

/** Its controller makes another one, for which the scheduler looks elsewhere. */
function elsewhere({ store }: World, pod: Pod, node: string): readonly Fix[] {
  const found = store.find("Node", "", node);
  if (!found) return [];
  return [
    {
      title: `Cordon ${node} and delete the pod: its controller makes one on another node`,
      edits: [
        patch(found, { spec: { unschedulable: true } }),
        { type: "delete", key: objectKey(pod) },
      ],
    },
  ];
}

function sandbox(pod: Pod, { message }: KubeEvent): Finding {
  return {
    code: "PodStarting",
    title: "The pod cannot be plugged into the network",
    cause: `Pod ${podText(pod)} is stuck in ContainerCreating: ${message}`,
    evidence: { what: "event", text: `FailedCreatePodSandBox: ${message}` },
    objects: [objectKey(pod)],
    look: [describe(pod, "FailedCreatePodSandBox")],
  };
}

export function latestEvent({ store }: World, pod: Pod, reason: string): KubeEvent | undefined {
  const { namespace, name } = pod.metadata;
  const about = [...store.list("Event")].filter(
    ({ involvedObject, reason: one }) =>
      one === reason &&
      involvedObject.kind === "Pod" &&
      involvedObject.namespace === namespace &&
      involvedObject.name === name,
  );
  return about.at(-1);
}

/** A pod that is not there: one with almost that name, or one that its owner made instead. */
export function whyNoPod(world: World, namespace: string, name: string): Finding {
  const pods = podsIn(world, namespace);
  const owner = name.replace(/-[a-z0-9]{5}$/, "");
  const heirs = pods.filter(({ metadata }) => metadata.name.startsWith(`${owner}-`));
  const now = heirs.length > 0 ? ` Now there is ${listed(heirs.map((p) => p.metadata.name))}.` : "";
  return {
    code: "PodUnknown",
    title: "There is no such pod",
    cause: `Namespace ${namespace} has no pod ${name}: pods come and go, and a new one has another name and another address.${now}`,
    objects: heirs.map(objectKey),
    look: [kubectl("get pods", namespace, pods[0]?.metadata.name ?? "No resources found")],
  };
}
