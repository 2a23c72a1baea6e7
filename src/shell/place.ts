import type { NetnsId } from "../core/dataplane/netns";

/** Where a command runs. The laptop is outside the modelled network. */
export type Place =
  | { readonly kind: "laptop" }
  | {
      readonly kind: "node";
      readonly name: string;
      /** `ip netns exec`, `nsenter -n`: another network than the node's own. */
      readonly netns?: NetnsId;
    }
  | { readonly kind: "host"; readonly name: string }
  | {
      readonly kind: "pod";
      readonly namespace: string;
      readonly name: string;
      readonly container: string;
    };

export const LAPTOP: Place = { kind: "laptop" };

/** `laptop`, `node/NAME`, `host/NAME`, `pod/NS/NAME/CONTAINER`. */
export function formatPlace(place: Place): string {
  switch (place.kind) {
    case "laptop":
      return "laptop";
    case "node":
    case "host":
      return `${place.kind}/${place.name}`;
    case "pod":
      return `pod/${place.namespace}/${place.name}/${place.container}`;
  }
}

/** As `formatPlace` writes them; a pod without container has an empty one: whoever opens it knows its first.
 *  Undefined for anything else. */
export function parsePlace(text: string): Place | undefined {
  const [kind, first, second, third, ...rest] = text.split("/");
  if (rest.length > 0) return undefined;
  if (kind === "laptop" && first === undefined) return LAPTOP;
  if ((kind === "node" || kind === "host") && first && second === undefined)
    return { kind, name: first };
  if (kind === "pod" && first && second)
    return { kind, namespace: first, name: second, container: third ?? "" };
  return undefined;
}

/** SRC of a request from here, as `World` takes it; undefined on the laptop. */
export function sourceOf(place: Place): string | undefined {
  switch (place.kind) {
    case "laptop":
      return undefined;
    case "pod":
      return `pod/${place.namespace}/${place.name}`;
    case "node":
      return place.netns ?? formatPlace(place);
    default:
      return formatPlace(place);
  }
}
