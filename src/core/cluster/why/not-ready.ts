import { type Container, objectKey, type Pod, type Probe, type Service } from "../../api/types";
import type { World } from "../world";
import { inNamespace, kubectl, listed, podText, selectorText } from "./lines";
import { isOpen, listeningOf, listeningText, patchContainer, workloadOf } from "./objects";
import { latestEvent } from "./pods";
import type { Finding, Fix } from "./why";

/** Pods that run, and are not ready. */
export function whyNotReady(world: World, service: Service, pods: readonly Pod[]): Finding {
  const held = pods.filter((pod) => world.podsHeldUnready().includes(objectKey(pod)));
  const [first] = held.length > 0 ? held : pods;
  const failing = first && failingProbe(world, first);
  const unhealthy = first && latestEvent(world, first, "Unhealthy")?.message;
  const otherwise = unhealthy ? `its kubelet says: ${unhealthy}` : gateWords(first);
  const why = held.length > 0 && first ? heldWords(first) : (failing?.words ?? otherwise);
  const { namespace } = service.metadata;
  const selector = selectorText(service.spec.selector ?? {});
  return {
    code: "EndpointsNotReady",
    title: "No pod is ready",
    cause: `Service ${namespace}/${service.metadata.name} selects ${pods.length === 1 ? "one pod" : `${pods.length} pods`} (${listed(pods.map(podText))}), none of them ready: ${why}`,
    ...(failing?.message && {
      evidence: { what: "event" as const, text: `Unhealthy: ${failing.message}` },
    }),
    objects: [objectKey(service), ...pods.map(objectKey)],
    look: [
      {
        command: `kubectl get pods -l ${selector}${inNamespace(namespace)}`,
        place: "laptop",
        shows: "0/",
      },
      ...(first ? [kubectl(`describe pod ${first.metadata.name}`, namespace, "Ready")] : []),
    ],
    fix: [
      ...held.map(({ metadata }) => ({
        title: `Let ${metadata.name} be ready`,
        edits: [
          {
            type: "setReadiness" as const,
            namespace: metadata.namespace,
            pod: metadata.name,
            ready: true,
          },
        ],
      })),
      ...(failing?.fix ?? []),
    ],
  };
}

function heldWords({ metadata }: Pod): string {
  return `${metadata.name} says of itself that it is not (its readiness probe gets 503).`;
}

function gateWords(pod: Pod | undefined): string {
  const condition = pod?.status.conditions?.find(({ type }) => type === "Ready");
  return condition?.message ? `${condition.message}.` : "its containers have only just started.";
}

interface FailingProbe {
  readonly words: string;
  readonly message: string;
  readonly fix: readonly Fix[];
}

/** The probe that asks where nothing listens. */
function failingProbe(world: World, pod: Pod): FailingProbe | undefined {
  const listening = listeningOf(world, pod);
  for (const container of pod.spec.containers) {
    for (const kind of ["startup", "readiness"] as const) {
      const probe = container[`${kind}Probe`];
      if (!probe || probe.exec) continue;
      const port = probePort(container, probe);
      if (
        port !== undefined &&
        listening.some((one) => one.protocol === "tcp" && one.port === port && isOpen(one))
      )
        continue;
      const message = latestEvent(world, pod, "Unhealthy")?.message ?? "";
      return {
        message,
        words: `the ${kind} probe of container ${container.name} asks port ${port ?? `"${askedPort(probe)}"`}, and it listens on ${listeningText(listening)}.`,
        fix: probeFixes(world, pod, container, `${kind}Probe`),
      };
    }
  }
  return undefined;
}

/** By number, or by the name of one of the container's ports. */
function probePort(container: Container, probe: Probe): number | undefined {
  const asked = askedPort(probe);
  if (typeof asked === "number") return asked;
  return container.ports?.find(({ name }) => name === asked)?.containerPort;
}

function askedPort({ httpGet, tcpSocket, grpc }: Probe): number | string {
  return httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? "";
}

function probeFixes(
  world: World,
  pod: Pod,
  container: Container,
  field: "startupProbe" | "readinessProbe",
): readonly Fix[] {
  const workload = workloadOf(world, pod);
  const probe = container[field];
  if (!workload || !probe) return [];
  const ports = listeningOf(world, pod).filter((one) => one.protocol === "tcp" && isOpen(one));
  return ports.slice(0, 3).map(({ port }) => ({
    title: `Let the ${field === "startupProbe" ? "startup" : "readiness"} probe ask port ${port}`,
    edits: [
      patchContainer(workload, container.name, (one) => ({
        ...one,
        [field]: withPort(probe, port),
      })),
    ],
  }));
}

function withPort(probe: Probe, port: number): Probe {
  if (probe.httpGet) return { ...probe, httpGet: { ...probe.httpGet, port } };
  if (probe.tcpSocket) return { ...probe, tcpSocket: { ...probe.tcpSocket, port } };
  return { ...probe, grpc: { ...probe.grpc, port } };
}
