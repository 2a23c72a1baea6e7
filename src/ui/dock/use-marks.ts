import { findObject, useMirror } from "../../stores/mirror";
import { useSelection } from "../../stores/selection";
import { addressOf } from "../objects/object-status";

/** Class of a table's row that tells of these objects: whether the selected one is among them. */
export function useKeyMark(): (...keys: readonly (string | undefined)[]) => string {
  const selected = useSelection((state) => state.selected);
  return (...keys) => (selected !== null && keys.includes(selected) ? "selected" : "");
}

/** The same for lines that know addresses only. */
export function useAddressMark(): (text: string) => string {
  const selected = useSelection((state) => state.selected);
  const address = useMirror(({ records }) => {
    const object = selected ? findObject(records, selected) : undefined;
    return object ? addressOf(object) : "";
  });
  return (text) => (addressesIn(text).includes(address) ? "selected" : "");
}

function addressesIn(text: string): readonly string[] {
  return text.match(/\d+(?:\.\d+){3}/g) ?? [];
}
