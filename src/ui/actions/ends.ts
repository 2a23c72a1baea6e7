import { useMirror } from "../../stores/mirror";
import { setFrom, setTo } from "../../stores/session";
import { sourceChoices, targetChoices } from "../../stores/targets";
import type { Action } from "./action";

/** Who sends, and to whom: what the send bar offers. */
export function endActions(): readonly Action[] {
  const { records } = useMirror.getState();
  return [
    ...sourceChoices(records).map(
      ({ value }): Action => ({
        id: `from.${value}`,
        group: "Send from",
        label: `Send from ${value}`,
        also: "source",
        run: () => setFrom(value),
      }),
    ),
    ...targetChoices(records).map(
      ({ value }): Action => ({
        id: `to.${value}`,
        group: "Send to",
        label: `Send to ${value}`,
        also: "destination target",
        run: () => setTo(value),
      }),
    ),
  ];
}
