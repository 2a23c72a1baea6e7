import { matchesLabels } from "../../api/labels";
import {
  type EndpointSlice,
  objectKey,
  type Pod,
  type Service,
  type ServicePort,
} from "../../api/types";
import { resolvePorts } from "../../controllers/endpoint-slices";
import { SERVICE_NAME_LABEL } from "../../controllers/indexing";
import { isFinished, isPodReady, isTerminating } from "../../controllers/pod-facts";
import type { World } from "../world";
import { kubectl, listed, podText, selectorText } from "./lines";
import { whyNotReady } from "./not-ready";
import { isNodeDead, patch, patchPort, selectedPods, workloadsIn } from "./objects";
import { whyPod } from "./pods";
import { whyNothingSelected } from "./selectors";
import { hasUsable, isPortOf, slicesOf } from "./slices";
import type { Finding, Fix } from "./why";

/** Why a Service port has no endpoint that takes requests; undefined where it has one. */
export function whyNoEndpoints(
  world: World,
  service: Service,
  port: ServicePort | undefined,
): Finding | undefined {
  const slices = slicesOf(world, service);
  if (hasUsable(slices, port)) return undefined;
  if (Object.keys(service.spec.selector ?? {}).length === 0)
    return slices.some(({ endpoints }) => endpoints.length > 0)
      ? wrongSlicePorts(service, port, slices)
      : noSelector(service);
  const pods = selectedPods(world, service);
  const live = pods.filter((pod) => !isFinished(pod));
  if (live.length === 0) return noPods(world, service) ?? whyNothingSelected(world, service, pods);
  const unnamed = live.filter((pod) => pod.status.podIP && misses(service, port, pod));
  if (port && unnamed.length > 0 && unnamed.length === live.filter((p) => p.status.podIP).length)
    return targetPortName(service, port, unnamed);
  const dead = live.filter((pod) => pod.spec.nodeName && isNodeDead(world, pod.spec.nodeName));
  if (dead.length === live.length) return deadNodes(service, dead);
  const awake = live.filter((pod) => !dead.includes(pod));
  const leaving = awake.filter(isTerminating);
  const staying = awake.filter((pod) => !isTerminating(pod));
  const ready = staying.filter(isPodReady);
  if (ready.length > 0) return slicesBehind(service, ready);
  for (const pod of staying.length > 0 ? staying : leaving) {
    const trouble = whyPod(world, pod);
    if (trouble) return ofService(service, trouble);
  }
  return whyNotReady(world, service, staying);
}

function misses(service: Service, port: ServicePort | undefined, pod: Pod): boolean {
  return port !== undefined && !resolvePorts(service, pod).some((one) => isPortOf(one, port));
}

function nameOf({ metadata }: Service): string {
  return `Service ${metadata.namespace}/${metadata.name}`;
}

function noEndpointsLook({ metadata: { namespace, name } }: Service, shows: string) {
  return kubectl(`get endpointslices -l ${SERVICE_NAME_LABEL}=${name}`, namespace, shows);
}

/** A pod's trouble is the Service's, where there is no other pod. */
function ofService(service: Service, trouble: Finding): Finding {
  return {
    ...trouble,
    cause: `${nameOf(service)} has no ready endpoint. ${trouble.cause}`,
    objects: [objectKey(service), ...(trouble.objects ?? [])],
  };
}

function noSelector(service: Service): Finding {
  const { name } = service.metadata;
  return {
    code: "NoSelectorNoEndpoints",
    title: "The Service has no selector, and nobody gave it endpoints",
    cause: `${nameOf(service)} has no selector, so no controller looks for its pods, and there is no EndpointSlice with the label ${SERVICE_NAME_LABEL}=${name}: kube-proxy has nowhere to send to.`,
    objects: [objectKey(service)],
    look: [noEndpointsLook(service, "No resources found")],
  };
}

function wrongSlicePorts(
  service: Service,
  port: ServicePort | undefined,
  slices: readonly EndpointSlice[],
): Finding | undefined {
  const slice = slices.find(({ endpoints }) => endpoints.length > 0);
  if (!slice || !port) return undefined;
  const has = (slice.ports ?? []).map((one) => `"${one.name ?? ""}" ${one.protocol ?? "TCP"}`);
  const [only, ...others] = slice.ports ?? [];
  const isFixable = only && others.length === 0;
  return {
    code: "EndpointPortMissing",
    title: "The slice's ports are not the Service's",
    cause: `EndpointSlice ${slice.metadata.name} has addresses, but its port is named ${has.join(", ")}, and ${nameOf(service)} looks for "${port.name ?? ""}" ${port.protocol}: a Service's port and its slice's go together by name and protocol.`,
    objects: [objectKey(service), objectKey(slice)],
    look: [
      kubectl(
        `get endpointslice ${slice.metadata.name} -o jsonpath='{.ports}'`,
        slice.metadata.namespace,
        String(only?.port ?? ""),
      ),
    ],
    fix: isFixable
      ? [
          {
            title: `Call the slice's port as the Service does`,
            edits: [
              patch(slice, {
                ports: [{ ...only, name: port.name ?? "", protocol: port.protocol }],
              }),
            ],
          },
        ]
      : [],
  };
}

/** Nobody there, though a workload would make the right ones. */
function noPods(world: World, service: Service): Finding | undefined {
  const { selector } = service.spec;
  const makers = workloadsIn(world, service.metadata.namespace).filter((workload) =>
    matchesLabels(selector, workload.spec.template.metadata?.labels),
  );
  const [maker] = makers;
  if (!maker || !selector) return undefined;
  const { kind, metadata } = maker;
  const replicas = "replicas" in maker.spec ? maker.spec.replicas : undefined;
  return {
    code: "NoPods",
    title: replicas === 0 ? "Scaled to zero" : "There are no pods yet",
    cause: `${nameOf(service)} selects the pods of ${kind} ${metadata.name} (${selectorText(selector)}), and it has none${replicas === 0 ? ": replicas is 0" : " at this moment"}.`,
    objects: [objectKey(service), objectKey(maker)],
    look: [
      kubectl(`get ${kind.toLowerCase()} ${metadata.name}`, metadata.namespace, metadata.name),
    ],
    fix:
      replicas === 0
        ? [
            {
              title: `Scale ${metadata.name} to 1`,
              edits: [patch(maker, { spec: { replicas: 1 } })],
            },
          ]
        : [],
  };
}

function targetPortName(service: Service, port: ServicePort, pods: readonly Pod[]): Finding {
  const declared = new Set(
    pods.flatMap(({ spec }) =>
      spec.containers.flatMap(({ ports = [] }) =>
        ports.filter(({ protocol }) => protocol === port.protocol),
      ),
    ),
  );
  const targets = [
    ...new Set([...declared].map(({ name, containerPort }) => name ?? containerPort)),
  ];
  const { namespace, name } = service.metadata;
  return {
    code: "TargetPortNameMissing",
    title: "No container has a port of that name",
    cause: `${nameOf(service)} sends to the port named "${port.targetPort}", and the pods that it selects (${listed(pods.map(podText))}) declare ${targets.length === 0 ? `no ${port.protocol} port` : targets.map((one) => `"${one}"`).join(", ")}: a pod without that name is no endpoint of this port.`,
    objects: [objectKey(service), ...pods.map(objectKey)],
    look: [
      kubectl(
        `get service ${name} -o jsonpath='{.spec.ports[*].targetPort}'`,
        namespace,
        String(port.targetPort),
      ),
      kubectl(
        `get pods -l ${selectorText(service.spec.selector ?? {})} -o jsonpath='{.items[*].spec.containers[*].ports}'`,
        namespace,
        String(targets[0] ?? ""),
      ),
    ],
    fix: targets.slice(0, 3).map((targetPort) => ({
      title: `Set targetPort to ${targetPort}`,
      edits: [patchPort(service, port, { targetPort })],
    })),
  };
}

function deadNodes(service: Service, pods: readonly Pod[]): Finding {
  const nodes = [...new Set(pods.map(({ spec }) => spec.nodeName ?? ""))];
  return {
    code: "EndpointsOnDeadNode",
    title: "Every pod is on a node that is down",
    cause: `${nameOf(service)} has only pods on ${listed(nodes)} (${listed(pods.map(podText))}), which ${nodes.length === 1 ? "is" : "are"} down: the cluster counts them as not ready.`,
    objects: [objectKey(service), ...nodes.map((node) => `Node/${node}`), ...pods.map(objectKey)],
    look: [kubectl("get nodes", "", nodes[0] ?? "")],
    fix: nodes.map((node) => powerOn(node)),
  };
}

export function powerOn(node: string): Fix {
  return { title: `Power ${node} on`, edits: [{ type: "setPower", node, on: true }] };
}

function slicesBehind(service: Service, ready: readonly Pod[]): Finding {
  return {
    code: "EndpointsBehind",
    title: "The pod is ready, and the EndpointSlice does not say so yet",
    cause: `Pod ${listed(ready.map(podText))} is ready, but the EndpointSlice of ${nameOf(service)} does not list it yet: its controller needs a moment.`,
    objects: [objectKey(service), ...ready.map(objectKey)],
    look: [noEndpointsLook(service, service.metadata.name)],
  };
}
