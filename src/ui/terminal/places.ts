import type { Pod } from "../../core/api/types";

export interface PlaceGroup {
  readonly label: string;
  readonly places: readonly { readonly place: string; readonly name: string }[];
}

/** Where a terminal can be opened, beside the laptop; groups without places are left out. */
export function placesIn(
  nodes: readonly string[],
  pods: readonly Pod[],
  hosts: readonly string[],
): readonly PlaceGroup[] {
  const machines = (kind: string, names: readonly string[]) =>
    names.map((name) => ({ place: `${kind}/${name}`, name }));
  const containers = pods.flatMap(({ metadata: { namespace, name }, spec }) =>
    spec.containers.map((container, index) => ({
      place: `pod/${namespace}/${name}${index > 0 ? `/${container.name}` : ""}`,
      name: spec.containers.length > 1 ? `${name} ${container.name}` : name,
    })),
  );
  return [
    { label: "Nodes", places: machines("node", nodes) },
    { label: "Pods", places: containers },
    { label: "Hosts", places: machines("host", hosts) },
  ].filter(({ places }) => places.length > 0);
}
