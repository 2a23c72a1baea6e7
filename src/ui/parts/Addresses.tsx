import { useMirror } from "../../stores/mirror";
import { ownersOf, piecesOf } from "../../stores/owners";
import { useSelection } from "../../stores/selection";
import { keyText } from "./describe";

/** A text whose addresses lead to the objects that have them. */
export function Addresses({ text }: { readonly text: string }) {
  const records = useMirror((state) => state.records);
  return piecesOf(text, ownersOf(records)).map(({ text, keys }, position) =>
    keys.length === 0 ? (
      text
    ) : (
      <button
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text are known by where they stand
        key={position}
        type="button"
        className="address"
        title={keys.map(keyText).join(", ")}
        onClick={() => useSelection.getState().selectTogether(keys)}
      >
        {text}
      </button>
    ),
  );
}
