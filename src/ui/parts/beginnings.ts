import type { HopView } from "../../worker/protocol";

/** Another packet begins with this hop, whatever came last: nothing has travelled from there. A kubelet connects inside
 *  a pod. */
export function beginsAnew(
  hop: Partial<Pick<HopView, "kind">> | undefined,
  before: Partial<Pick<HopView, "kind">> | undefined,
): boolean {
  return hop?.kind === "connect" || hop?.kind === "answer" || before?.kind === "connect";
}
