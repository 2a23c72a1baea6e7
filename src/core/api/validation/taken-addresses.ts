import type { Store } from "../store";
import { type KubeObject, objectKey } from "../types";
import { type FieldError, invalid } from "./field-error";
import { validateGroupCount } from "./security-group";

/** Machines share one network: an address that another one has would hide it. Ours, not the API server's: in life the
 *  cloud hands the addresses out. */
export function validateNotTaken(object: KubeObject, store: Store): FieldError[] {
  if (object.kind === "SecurityGroup") return validateGroupCount(object, store);
  if (object.kind !== "Node" && object.kind !== "Host") return [];
  const errors: FieldError[] = [];
  for (const { field, address } of addressesOf(object)) {
    const owner = findOwner(store, address, objectKey(object));
    if (owner) errors.push(invalid(field, address, `is already the address of ${owner}`));
  }
  return errors;
}

function addressesOf(object: KubeObject): readonly { field: string; address: string }[] {
  if (object.kind === "Host") return [{ field: "spec.ip", address: object.spec.ip }];
  if (object.kind !== "Node") return [];
  return object.status.addresses.flatMap(({ type, address }, index) =>
    type === "InternalIP" || type === "ExternalIP"
      ? [{ field: `status.addresses[${index}].address`, address }]
      : [],
  );
}

function findOwner(store: Store, address: string, except: string): string | undefined {
  for (const kind of ["Node", "Host"] as const) {
    for (const other of store.list(kind)) {
      if (objectKey(other) === except) continue;
      if (addressesOf(other).some((taken) => taken.address === address)) {
        return `${kind.toLowerCase()} ${other.metadata.name}`;
      }
    }
  }
  return undefined;
}
