import { matchesSelector } from "../../api/labels";
import { objectKey, type Service } from "../../api/types";
import { internalIp } from "../../controllers/pod-facts";
import type { World } from "../world";
import { whyNoBalancer } from "./balancers";
import { nameOf } from "./case";
import { askPorts } from "./cluster-ip";
import { whyNoName } from "./dns";
import { closest, kubectl, listed, servicePorts } from "./lines";
import { whyNoEndpoints } from "./no-endpoints";
import { patch } from "./objects";
import { whyNoPod, whyPod } from "./pods";
import { type Finding, placed, type WhyNot } from "./why";

/** Why a request cannot even be sent: one of its ends is not there, or has no address. Undefined where the words do not
 *  make a request. */
export function whyNotSent(world: World, from: string, to: string): WhyNot | undefined {
  const finding = atSource(world, from) ?? atDestination(world, from, to);
  return finding && placed(finding, placeOf(finding));
}

/** Nothing was sent: the object that is missing something is the place. */
function placeOf({ objects = [] }: Finding): string {
  const [kind, first = "", second = ""] = objects[0]?.split("/") ?? [];
  if (kind === "Pod") return `pod/${first}/${second}`;
  return kind === "Node" ? `node/${first}/local` : "";
}

function atSource(world: World, from: string): Finding | undefined {
  const [kind, namespace = "", name = ""] = from.split("/");
  const { store } = world;
  if (kind === "pod") return podFinding(world, namespace, name);
  if (kind !== "deploy" && kind !== "deployment") return undefined;
  const deployment = store.find("Deployment", namespace, name);
  if (!deployment) return undefined;
  const pods = [...store.list("Pod")].filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      matchesSelector(deployment.spec.selector, metadata.labels),
  );
  if (pods.some(({ status, metadata }) => status.podIP && !metadata.deletionTimestamp))
    return undefined;
  const [pod] = pods;
  if (pod) return whyPod(world, pod);
  return {
    code: "NoPods",
    title: "There is no pod to send from",
    cause: `Deployment ${namespace}/${name} has no pod (replicas: ${deployment.spec.replicas}).`,
    objects: [objectKey(deployment)],
    look: [kubectl(`get deployment ${name}`, namespace, name)],
    fix:
      deployment.spec.replicas === 0
        ? [{ title: `Scale ${name} to 1`, edits: [patch(deployment, { spec: { replicas: 1 } })] }]
        : [],
  };
}

function podFinding(world: World, namespace: string, name: string): Finding | undefined {
  const pod = world.store.find("Pod", namespace, name);
  if (!pod) return whyNoPod(world, namespace, name);
  return pod.status.podIP ? undefined : whyPod(world, pod);
}

function atDestination(world: World, from: string, to: string): Finding | undefined {
  const target = /^(.*?)(?::([^:/]*)(?:\/\w+)?)?$/.exec(to);
  const [kind, ...path] = (target?.[1] ?? "").split("/");
  const port = target?.[2] ?? "";
  const [first = "", second = "", third = ""] = path;
  if (kind === "pod" && path.length === 2) return podFinding(world, first, second);
  if (kind === "endpoints" && path.length === 2) {
    const service = world.store.find("Service", first, second);
    const fits = service?.spec.ports?.find((one) => String(one.port) === port || one.name === port);
    return service && whyNoEndpoints(world, service, fits);
  }
  if ((kind === "svc" || kind === "lb") && path.length === 2)
    return serviceFinding(world, from, kind, first, second, port);
  if (kind === "nodeport" && path.length === 3)
    return serviceFinding(world, from, kind, second, third, port) ?? noNodeAddress(world, first);
  if (path.length > 0 || port === "" || /^[\d.]+$/.test(target?.[1] ?? "")) return undefined;
  return whyNoName(world, { from, to, hops: [] }, "DnsNxdomain");
}

function serviceFinding(
  world: World,
  from: string,
  kind: "svc" | "lb" | "nodeport",
  namespace: string,
  name: string,
  port: string,
): Finding | undefined {
  const service = world.store.find("Service", namespace, name);
  if (!service) return noService(world, from, kind, namespace, name, port);
  const ports = service.spec.ports ?? [];
  const fits = ports.filter((one) => String(one.port) === port || one.name === port);
  if (ports.length > 0 && fits.length === 0) return noPort(from, service, port);
  if (kind === "lb") {
    const balancers = world.loadBalancers();
    return balancers.some((one) => one.service === `${namespace}/${name}` && !one.deleting)
      ? undefined
      : whyNoBalancer(world, service, from);
  }
  if (kind === "nodeport" && !fits.some(({ nodePort }) => nodePort))
    return notANodePort(from, service, port);
  return undefined;
}

function noService(
  { store }: World,
  from: string,
  kind: string,
  namespace: string,
  name: string,
  port: string,
): Finding {
  const all = [...store.list("Service")];
  const elsewhere = all.filter(({ metadata }) => metadata.name === name);
  const here = all.filter(({ metadata }) => metadata.namespace === namespace);
  const near = closest(
    name,
    here.map(({ metadata }) => metadata.name),
  );
  const meant =
    near === undefined ? elsewhere : here.filter(({ metadata }) => metadata.name === near);
  const names = meant.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return {
    code: "ServiceUnknown",
    title: "There is no such Service",
    cause: `Namespace ${namespace} has no Service ${name}.${names.length > 0 ? ` There is ${listed(names)}.` : ""}`,
    objects: meant.map(objectKey),
    look: [kubectl("get services -A", "", "NAMESPACE")],
    fix:
      kind === "svc"
        ? names.slice(0, 3).map((one) => ({
            title: `Ask ${one}`,
            send: { from, to: `svc/${one}:${port}` },
          }))
        : [],
  };
}

function noPort(from: string, service: Service, port: string): Finding {
  const { name, namespace } = service.metadata;
  return {
    code: "NoSuchServicePort",
    title: `The Service has no port ${port}`,
    cause: `${nameOf(service)} has ${servicePorts(service)}, and nothing on ${port}.`,
    objects: [objectKey(service)],
    look: [kubectl(`get service ${name}`, namespace, name)],
    fix: askPorts(from, service, service.spec.ports ?? []),
  };
}

function notANodePort(from: string, service: Service, port: string): Finding {
  const { name, namespace } = service.metadata;
  return {
    code: "NotANodePort",
    title: "The Service has no nodePort",
    cause: `${nameOf(service)} is of type ${service.spec.type}: no port of the nodes is its own, so they cannot be asked for it.`,
    objects: [objectKey(service)],
    look: [kubectl(`get service ${name}`, namespace, service.spec.type)],
    fix:
      service.spec.type === "ClusterIP" && service.spec.clusterIP !== "None"
        ? [
            {
              title: "Make it a NodePort Service",
              edits: [patch(service, { spec: { type: "NodePort" } })],
            },
            ...(from.startsWith("pod/") || from.startsWith("deploy/")
              ? [
                  {
                    title: "Ask its cluster IP",
                    send: { from, to: `svc/${namespace}/${name}:${port}` },
                  },
                ]
              : []),
          ]
        : [],
  };
}

function noNodeAddress({ store }: World, name: string): Finding | undefined {
  const node = store.find("Node", "", name);
  if (!node || internalIp(node) !== undefined) return undefined;
  return {
    code: "NoRoute",
    title: "The node has no address",
    cause: `Node ${name} has no InternalIP: there is nothing to send to.`,
    objects: [objectKey(node)],
    look: [kubectl(`get node ${name} -o wide`, "", name)],
  };
}
