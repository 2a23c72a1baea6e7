import type { Host, KubeObject, Pod, Service } from "../../core/api/types";
import type { Action } from "../../shell/kubectl/equivalent";
import { useAccess } from "../../stores/access";
import { changeObject, isFormKind } from "../../stores/edit";
import {
  fabricOf,
  findLoadBalancer,
  findNodeRuntime,
  type MirrorRecords,
  objectsOf,
} from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { isHeldUnready } from "../../stores/run-facts";
import {
  type ControlCommand,
  control,
  followCheck,
  send,
  setFrom,
  setTo,
  useSession,
} from "../../stores/session";
import { openTerminalAt } from "../../stores/terminals";
import { sourceOf, targetOf, tunnelsTo } from "../../stores/traffic-ends";
import { askToDelete, editYaml, showInspector, showRules, showRulesOf } from "../../stores/view";
import type { NodeRuntimeView } from "../../worker/protocol";

/** Something that can be done to an object, from wherever it is shown. */
export interface ObjectAction {
  readonly id: string;
  readonly label: string;
  /** What it asks for; absent where it only opens something. */
  readonly action?: Action;
  readonly danger?: boolean;
  /** It leaves the cluster as it is: a locked link allows it. */
  readonly isLook?: boolean;
  readonly run: () => void;
}

export function actionsFor(object: KubeObject, records: MirrorRecords): readonly ObjectAction[] {
  const key = keyOf(object);
  const opening: ObjectAction[] = [
    ...(isFormKind(object.kind)
      ? [{ id: "edit", label: "Edit …", run: () => changeObject(key) }]
      : []),
    { id: "yaml", label: "Edit YAML", run: () => editYaml(key) },
  ];
  const deleting: ObjectAction = {
    id: "delete",
    label: "Delete …",
    action: { type: "delete", key },
    danger: true,
    run: () => askToDelete(key),
  };
  const all: readonly ObjectAction[] = [
    ...trafficActions(object, records),
    ...terminalActions(object),
    ...opening,
    ...quickActions(object, records),
    ...ruleActions(object),
    deleting,
  ];
  return useAccess.getState().locked ? all.filter(({ isLook = false }) => isLook) : all;
}

/** Probes that are packets, and a load balancer's checks: made, and followed. */
function checkActions(object: KubeObject, records: MirrorRecords): readonly ObjectAction[] {
  const { namespace, name } = object.metadata;
  if (object.kind === "Pod")
    return object.spec.containers.flatMap((container, index) =>
      PROBES.flatMap((probe) => {
        const spec = container[`${probe}Probe`];
        if (!spec || spec.exec) return [];
        const of = object.spec.containers.length > 1 ? ` of ${container.name}` : "";
        const pod = `${namespace}/${name}`;
        const purpose = { kind: "probe", pod, container: index, probe } as const;
        const follow = (label: string, when: "now" | "next") =>
          orderless(label, () => followCheck(purpose, when));
        return [
          follow(`Follow the next ${probe} probe${of}`, "next"),
          follow(`Make a ${probe} probe${of} now`, "now"),
        ];
      }),
    );
  const balancer =
    object.kind === "Service" ? findLoadBalancer(records, namespace, name) : undefined;
  return (balancer?.targets ?? [])
    .slice(0, MAX_TARGETS)
    .map(({ node }) =>
      orderless(`Check the health of ${node} now`, () =>
        followCheck({ kind: "target", service: `${namespace}/${name}`, node }, "now"),
      ),
    );
}

const PROBES = ["startup", "readiness", "liveness"] as const;
/** More buttons than these are no help. */
const MAX_TARGETS = 6;

function orderless(label: string, run: () => Promise<void>): ObjectAction {
  return { id: label, label, run: () => void run() };
}

function look(id: string, label: string, run: () => void): ObjectAction {
  return { id, label, isLook: true, run };
}

/** The object as one end of a request. */
function trafficActions(object: KubeObject, records: MirrorRecords): readonly ObjectAction[] {
  const [from, to] = [sourceOf(object), targetOf(object, records)];
  return [
    ...(from === undefined ? [] : [look("from", "Send from here", () => setFrom(from))]),
    ...(to === undefined
      ? []
      : [
          look("to", "Send to here", () => setTo(to)),
          look("send", "Send a request to here and follow it", () => {
            setTo(to);
            showInspector("packet");
            void send();
          }),
        ]),
    ...tunnelsTo(object).map(({ port, to: through }) =>
      look(`port-forward ${port}`, `Port-forward to ${port} and send`, () => {
        setFrom(laptopIn(records));
        setTo(through);
        showInspector("packet");
        void send();
      }),
    ),
  ];
}

/** Who uses kubectl: somebody on the internet, as far as there is one. */
function laptopIn(records: MirrorRecords): string {
  const hosts = objectsOf(records, "Host").filter(({ spec }) => spec.zone === "internet");
  const user = hosts.find(({ metadata }) => metadata.name === "user") ?? hosts[0];
  return user ? `host/${user.metadata.name}` : useSession.getState().from;
}

/** Where a shell can be opened. */
function terminalActions({
  kind,
  metadata: { namespace, name },
}: KubeObject): readonly ObjectAction[] {
  if (kind !== "Node" && kind !== "Pod" && kind !== "Host") return [];
  const place = kind === "Pod" ? `pod/${namespace}/${name}` : `${kind.toLowerCase()}/${name}`;
  return [look("terminal", "Open a terminal here", () => openTerminalAt(place))];
}

/** Where its rules are to be read. */
function ruleActions(object: KubeObject): readonly ObjectAction[] {
  const key = keyOf(object);
  if (object.kind === "Node")
    return [look("rules", "Show its iptables rules", () => showRules(object.metadata.name, null))];
  const hasRules = ["Service", "EndpointSlice", "Pod"].includes(object.kind);
  return hasRules
    ? [look("rules", "Show the rules that are there because of it", () => showRulesOf(key))]
    : [];
}

/** What takes one press. */
export function quickActions(object: KubeObject, records: MirrorRecords): readonly ObjectAction[] {
  switch (object.kind) {
    case "Deployment":
    case "ReplicaSet":
      return scaleActions(keyOf(object), object.spec.replicas);
    case "Pod":
      return [...podActions(object, records), ...checkActions(object, records)];
    case "Node":
      return nodeActions(object.metadata.name, object.spec.unschedulable === true, records);
    case "Host":
      return hostActions(object, records);
    case "Service":
      return [...serviceActions(object), ...checkActions(object, records)];
    default:
      return [];
  }
}

/** A pod that is not ready by itself has probes that fail, or none that passed yet: nothing here heals that. */
function podActions(pod: Pod, records: MirrorRecords): readonly ObjectAction[] {
  const { namespace, name } = pod.metadata;
  const ready = isHeldUnready(records, keyOf(pod));
  return [
    order(ready ? "Let its probes pass" : "Fail its readiness probe", {
      type: "setReadiness",
      namespace,
      pod: name,
      ready,
    }),
    ...pod.spec.containers.map((container) =>
      order(`Kill container ${container.name}`, {
        type: "killContainer",
        namespace,
        pod: name,
        container: container.name,
      }),
    ),
  ];
}

type Order = Exclude<ControlCommand, { type: "undo" | "redo" }> & Action;

function order(label: string, action: Order): ObjectAction {
  return { id: label, label, action, run: () => control(action) };
}

function scaleActions(key: string, replicas: number): readonly ObjectAction[] {
  const to = (count: number) =>
    order(`Scale to ${count}`, { type: "patch", key, patch: { spec: { replicas: count } } });
  return [...(replicas > 0 ? [to(replicas - 1)] : []), to(replicas + 1)];
}

function nodeActions(
  name: string,
  isCordoned: boolean,
  records: MirrorRecords,
): readonly ObjectAction[] {
  const patch = { spec: { unschedulable: isCordoned ? null : true } };
  const actions = [
    order(isCordoned ? "Uncordon" : "Cordon", { type: "patch", key: `Node/${name}`, patch }),
    order("Drain", { type: "drain", node: name }),
  ];
  const runtime = findNodeRuntime(records, name);
  if (!runtime) return actions;
  const { proxyHalted: running } = runtime;
  const on = !runtime.up;
  return [
    ...actions,
    order(running ? "Start kube-proxy" : "Stop kube-proxy", {
      type: "setProxy",
      node: name,
      running,
    }),
    order(on ? "Power on" : "Power off", { type: "setPower", node: name, on }),
    ...cloudSwitches(runtime, records),
  ];
}

/** What the cloud knows of the machine. */
function cloudSwitches(
  { node, vpcRoute, sourceDestCheck }: NodeRuntimeView,
  records: MirrorRecords,
): readonly ObjectAction[] {
  const check = order(`Source/destination check ${sourceDestCheck ? "off" : "on"}`, {
    type: "setSetting",
    node,
    setting: "source_dest_check",
    value: Number(!sourceDestCheck),
  });
  return hasPodRoutes(records) ? [vpcRouteSwitch(node, vpcRoute), check] : [check];
}

/** Where pods have addresses of the VPC it knows them anyway. */
export function hasPodRoutes(records: MirrorRecords): boolean {
  return fabricOf(records)?.cni !== "aws-vpc";
}

/** A row of the VPC's route table. */
export function vpcRouteSwitch(node: string, vpcRoute: boolean): ObjectAction {
  return order(`${vpcRoute ? "Remove" : "Add"} the VPC’s route to its pods`, {
    type: "setSetting",
    node,
    setting: "vpc_route",
    value: Number(!vpcRoute),
  });
}

/** Only a machine in the VPC can take part in the pod network, where there is something to join. */
function hostActions({ metadata, spec }: Host, records: MirrorRecords): readonly ObjectAction[] {
  if (spec.zone !== "vpc" || !hasPodRoutes(records)) return [];
  const podNetwork = !(spec.podNetwork ?? false);
  return [
    order(podNetwork ? "Join the pod network" : "Leave the pod network", {
      type: "patch",
      key: `Host/${metadata.name}`,
      patch: { spec: { podNetwork } },
    }),
  ];
}

/** From or to ExternalName and headless more has to be said than a type: the form asks. */
function serviceActions(service: Service): readonly ObjectAction[] {
  const { type, clusterIP, externalTrafficPolicy } = service.spec;
  const key = keyOf(service);
  if (type === "ExternalName" || clusterIP === "None") return [];
  const patch = (label: string, spec: Readonly<Record<string, unknown>>) =>
    order(label, { type: "patch", key, patch: { spec } });
  const types = (["ClusterIP", "NodePort", "LoadBalancer"] as const).filter((one) => one !== type);
  const policy = externalTrafficPolicy === "Local" ? "Cluster" : "Local";
  return [
    ...types.map((one) => patch(`Make it ${one}`, { type: one })),
    ...(type === "ClusterIP"
      ? []
      : [patch(`externalTrafficPolicy: ${policy}`, { externalTrafficPolicy: policy })]),
  ];
}
