import type { ReactNode } from "react";
import { type MirrorRecords, objectsOf, useMirror } from "../../stores/mirror";
import { usePlayback } from "../../stores/playback";
import { useView } from "../../stores/view";
import type { HopView } from "../../worker/protocol";

/** The node whose tables are shown: the one that was chosen, else the one that the followed packet last passed. */
export function useShownNode(): string {
  const records = useMirror((state) => state.records);
  const chosen = useView((state) => state.node);
  const names = nodeNames(records);
  const passed = usePlayback((state) => passedNode(state, names));
  return names.includes(chosen) ? chosen : (passed ?? names[0] ?? "");
}

/** The same, at this moment. */
export function shownNode(): string {
  const names = nodeNames(useMirror.getState().records);
  const chosen = useView.getState().node;
  if (names.includes(chosen)) return chosen;
  return passedNode(usePlayback.getState(), names) ?? names[0] ?? "";
}

function nodeNames(records: MirrorRecords): readonly string[] {
  return objectsOf(records, "Node").map(({ metadata }) => metadata.name);
}

function passedNode(
  { hops, index }: { readonly hops: readonly HopView[]; readonly index: number },
  names: readonly string[],
): string | undefined {
  for (let at = index; at >= 0; at--) {
    const node = hops[at]?.node;
    if (node !== undefined && names.includes(node)) return node;
  }
  return undefined;
}

export function NodeBar({ children }: { children?: ReactNode }) {
  const records = useMirror((state) => state.records);
  const node = useShownNode();
  return (
    <div className="dock-bar">
      <label>
        Node{" "}
        <select
          className="field"
          aria-label="Node"
          value={node}
          onChange={(event) => useView.setState({ node: event.target.value, ruleFocus: null })}
        >
          {objectsOf(records, "Node").map(({ metadata: { name } }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {children}
    </div>
  );
}
