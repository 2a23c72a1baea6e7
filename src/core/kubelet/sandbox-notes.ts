import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { shortKey } from "../controllers/objects";
import { podRef } from "./cni/pod-ref";
import type { SandboxRecord } from "./cni/sandbox-record";
import type { ControlState } from "./control";

/** A sandbox that is about to get its network. */
export function newRecord(ctx: ControlContext, pod: Pod, node: string): SandboxRecord {
  const random = ctx.random(`sandbox/${pod.metadata.uid}`);
  const digits = (count: number) =>
    Array.from({ length: count }, () => random.int(0, 15).toString(16)).join("");
  const { annotations = {} } = pod.metadata;
  const ingress = annotations["kubernetes.io/ingress-bandwidth"];
  const egress = annotations["kubernetes.io/egress-bandwidth"];
  const id = digits(64);
  const uuid = [8, 4, 4, 4, 12].map(digits).join("-");
  return {
    pod: podRef(pod),
    node,
    id,
    netnsPath: `/var/run/netns/cni-${uuid}`,
    addedAtUs: ctx.nowUs,
    prefix: 32,
    hostPorts: [],
    bandwidth: { ...(ingress && { ingress }), ...(egress && { egress }) },
    hostDevice: "",
    further: [],
  };
}

/** Of those that are gone, a node remembers this many. */
const REMEMBERED = 12;

export function note(state: ControlState, pod: Pod, record: SandboxRecord): void {
  state.kubelets.sandboxes.set(shortKey(pod), record);
}

export function noteRemoval(
  ctx: ControlContext,
  { kubelets }: ControlState,
  pod: Pod,
  record: SandboxRecord,
): void {
  kubelets.sandboxes.delete(shortKey(pod));
  const gone = kubelets.removedSandboxes.get(record.node) ?? [];
  const latest = [...gone, { ...record, removedAtUs: ctx.nowUs }].slice(-REMEMBERED);
  kubelets.removedSandboxes.set(record.node, latest);
}
