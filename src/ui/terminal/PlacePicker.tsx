import { objectsOf, useMirror } from "../../stores/mirror";
import { placesIn } from "./places";

/** Opens a terminal at a place that there is now. */
export function PlacePicker({ onPick }: { readonly onPick: (place: string) => void }) {
  const records = useMirror((state) => state.records);
  const pods = objectsOf(records, "Pod");
  const groups = placesIn(
    objectsOf(records, "Node").map(({ metadata }) => metadata.name),
    pods,
    objectsOf(records, "Host").map(({ metadata }) => metadata.name),
  );
  return (
    <select
      className="place-picker"
      aria-label="Open a terminal at"
      value=""
      onChange={(event) => onPick(event.target.value)}
    >
      <option value="" hidden>
        + New
      </option>
      <option value="laptop">laptop</option>
      {groups.map(({ label, places }) => (
        <optgroup key={label} label={label}>
          {places.map(({ place, name }) => (
            <option key={place} value={place}>
              {name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
