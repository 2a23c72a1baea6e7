import { create } from "zustand";
import type { KubeObject, ObjectKey } from "../core/api/types";
import { relatedKeys } from "./related";

interface SelectionState {
  readonly selected: ObjectKey | null;
  /** Keys of the objects (and of places as `elb/…`) that the selected one has to do with. */
  readonly related: ReadonlySet<string>;
  /** `related` are those that were named together with the selected one, whatever else it has to do with. */
  readonly together: boolean;
  /** How often something was selected: to select the same again is to ask for it again. */
  readonly asked: number;
  readonly select: (key: ObjectKey | null) => void;
  /** All that a table's row names: the first is selected, the others stand beside it. */
  readonly selectTogether: (keys: readonly string[]) => void;
}

const NONE: ReadonlySet<string> = new Set();
let objects: () => Iterable<KubeObject> = () => [];

export const useSelection = create<SelectionState>((set) => ({
  selected: null,
  related: NONE,
  together: false,
  asked: 0,
  select: (selected) =>
    set(({ asked }) => ({
      selected,
      related: selected ? relatedKeys(selected, objects()) : NONE,
      together: false,
      asked: asked + 1,
    })),
  selectTogether: ([selected, ...others]) => {
    if (selected === undefined) return;
    set(({ asked }) => ({
      selected,
      related: new Set(others),
      together: true,
      asked: asked + 1,
    }));
  },
}));

/** Where relations are looked up. */
export function connectSelection(source: () => Iterable<KubeObject>): void {
  objects = source;
}

/** The objects changed: what was related may not be any more. Keeps the old set where nothing changed. */
export function refreshSelection(): void {
  const { selected, related, together } = useSelection.getState();
  if (!selected || together) return;
  const now = relatedKeys(selected, objects());
  const same = now.size === related.size && [...now].every((key) => related.has(key));
  if (!same) useSelection.setState({ related: now });
}
