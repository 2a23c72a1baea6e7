import type { Pod } from "../../api/types";
import type { NetnsId } from "../../dataplane/netns";
import { hash32 } from "../../sim/random";

/** Which pod: enough to name its devices. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly serviceAccount: string;
}

export function podRef({ metadata, spec }: Pod): PodRef {
  const { namespace, name, uid } = metadata;
  return { namespace, name, uid, serviceAccount: spec.serviceAccountName ?? "default" };
}

export function netnsOfPod({ namespace, name }: Pick<PodRef, "namespace" | "name">): NetnsId {
  return `pod/${namespace}/${name}`;
}

/** `veth1a2b3c4d`: the real one is random. `interfaceName`: the pod's end. */
export function vethName({ namespace, name, uid }: PodRef, interfaceName = "eth0"): string {
  const suffix = interfaceName === "eth0" ? "" : `/${interfaceName}`;
  const hash = hash32(`${namespace}/${name}/${uid}/veth${suffix}`);
  return `veth${hash.toString(16).padStart(8, "0")}`;
}
