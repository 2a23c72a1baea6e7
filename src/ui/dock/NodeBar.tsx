import type { ReactNode } from "react";
import { objectsOf, useMirror } from "../../stores/mirror";
import { useView } from "../../stores/view";

/** The node whose tables are shown: the one that was chosen, or the first. */
export function useShownNode(): string {
  const records = useMirror((state) => state.records);
  const chosen = useView((state) => state.node);
  const names = objectsOf(records, "Node").map(({ metadata }) => metadata.name);
  return names.includes(chosen) ? chosen : (names[0] ?? "");
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
