import { create } from "zustand";
import type { KubeObject } from "../core/api/types";
import type { Ends } from "../share/shared-moment";
import type { SuggestedRequest, Suggestion } from "../worker/protocol";
import { fabricOf, type MirrorRecords, objectsOf } from "./mirror";

/** The list of what to try: open until somebody puts it away. */
export const useTryList = create<{ readonly open: boolean }>(() => ({ open: true }));

const NONE: readonly Suggestion[] = [];

export function suggestionsIn(records: MirrorRecords): readonly Suggestion[] {
  return fabricOf(records)?.suggestions ?? NONE;
}

/** The request that a scenario suggests first. */
export function suggestedEnds(records: MirrorRecords): Ends | undefined {
  for (const one of suggestionsIn(records)) if (!("command" in one)) return endsOf(one, records);
  return undefined;
}

export function endsOf({ from, to, url }: SuggestedRequest, records: MirrorRecords): Ends {
  return {
    from: withPod(from, records),
    to: withPod(to, records),
    ...(url !== undefined && { url }),
  };
}

/** `deploy/NS/NAME` becomes the Deployment's first pod; it stays where there is none, and whoever is asked says so. */
export function withPod(text: string, records: MirrorRecords): string {
  const [, namespace, name, rest = ""] = /^deploy\/([^/]+)\/([^/:]+)(:.*)?$/.exec(text) ?? [];
  const sets = objectsOf(records, "ReplicaSet")
    .filter(({ metadata }) => isOwned(metadata, namespace, [name]))
    .map(({ metadata }) => metadata.name);
  const pod = objectsOf(records, "Pod").find(
    ({ metadata, status }) =>
      isOwned(metadata, namespace, sets) && status.podIP && !metadata.deletionTimestamp,
  );
  return pod ? `pod/${namespace}/${pod.metadata.name}${rest}` : text;
}

function isOwned(
  { namespace, ownerReferences = [] }: KubeObject["metadata"],
  wanted: string | undefined,
  owners: readonly (string | undefined)[],
): boolean {
  return namespace === wanted && ownerReferences.some(({ name }) => owners.includes(name));
}
