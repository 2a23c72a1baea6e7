import type { SecurityGroup } from "../core/api/types";
import { type MirrorRecords, objectsOf } from "./mirror";

let latest:
  | {
      readonly groups: readonly SecurityGroup[];
      readonly at: (machine: string) => readonly string[];
    }
  | undefined;

/** Names of the security groups at a machine: `node/NAME`, `host/NAME`, `lb/NAMESPACE/NAME`. The same function as long as
 *  the groups are the same. */
export function groupsAt(records: MirrorRecords): (machine: string) => readonly string[] {
  const groups = objectsOf(records, "SecurityGroup");
  if (latest?.groups === groups) return latest.at;
  const known = new Map<string, readonly string[]>();
  const at = (machine: string) => {
    const names =
      known.get(machine) ?? groups.filter((one) => isAttached(one, machine)).map(nameOf);
    known.set(machine, names);
    return names;
  };
  latest = { groups, at };
  return at;
}

export function isAttached({ spec }: SecurityGroup, machine: string): boolean {
  const { attachedTo = [] } = spec;
  return (
    attachedTo.includes(machine) || (machine.startsWith("node/") && attachedTo.includes("node/*"))
  );
}

function nameOf({ metadata }: SecurityGroup): string {
  return metadata.name;
}
