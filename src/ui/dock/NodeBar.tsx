import type { ReactNode } from "react";
import { objectsOf, useMirror } from "../../stores/mirror";
import { usePlayback } from "../../stores/playback";
import { useView } from "../../stores/view";

/** The node whose tables are shown: the one that was chosen, else the one that the followed packet last passed. */
export function useShownNode(): string {
  const records = useMirror((state) => state.records);
  const chosen = useView((state) => state.node);
  const names = objectsOf(records, "Node").map(({ metadata }) => metadata.name);
  const passed = usePlayback(({ hops, index }) => {
    for (let at = index; at >= 0; at--) {
      const node = hops[at]?.node;
      if (node !== undefined && names.includes(node)) return node;
    }
  });
  return names.includes(chosen) ? chosen : (passed ?? names[0] ?? "");
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
