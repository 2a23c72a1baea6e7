import { useMirror } from "../../stores/mirror";
import { keysIn, ownersOf } from "../../stores/owners";
import { useSelection } from "../../stores/selection";

/** Class of a table's row that tells of these objects: whether the selected one is among them. */
export function useKeyMark(): (...keys: readonly (string | undefined)[]) => string {
  const selected = useSelection((state) => state.selected);
  return (...keys) => (selected !== null && keys.includes(selected) ? "selected" : "");
}

/** What a line that knows addresses only names, and its class. */
export function useNamed(): (text: string) => {
  readonly keys: readonly string[];
  readonly mark: string;
} {
  const records = useMirror((state) => state.records);
  const markOf = useKeyMark();
  return (text) => {
    const keys = keysIn(text, ownersOf(records));
    return { keys, mark: markOf(...keys) };
  };
}
