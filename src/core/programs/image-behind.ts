import type { Store } from "../api/store";
import type { Listener } from "../dataplane/netns";
import { servedPorts } from "./images";

/** The image of the container that a listener's port is of; "" where it is no pod's. */
export function imageBehind(
  store: Pick<Store, "find">,
  { owner, protocol, port }: Listener,
): string {
  const [kind, namespace = "", name = ""] = owner.split("/");
  const containers = kind === "pod" ? store.find("Pod", namespace, name)?.spec.containers : [];
  const serving = containers?.find((container) =>
    servedPorts(container).some((one) => one.protocol === protocol && one.port === port),
  );
  return (serving ?? containers?.[0])?.image ?? "";
}
