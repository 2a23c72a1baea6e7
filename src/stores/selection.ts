import { create } from "zustand";
import type { KubeObject, ObjectKey } from "../core/api/types";
import { relatedKeys } from "./related";

interface SelectionState {
  readonly selected: ObjectKey | null;
  /** Keys of the objects (and `elb/…` places) that the selected one has to do with. */
  readonly related: ReadonlySet<string>;
  /** How often something was selected: to select the same again is to ask for it again. */
  readonly asked: number;
  readonly select: (key: ObjectKey | null) => void;
}

const NONE: ReadonlySet<string> = new Set();
let objects: () => Iterable<KubeObject> = () => [];

export const useSelection = create<SelectionState>((set) => ({
  selected: null,
  related: NONE,
  asked: 0,
  select: (selected) =>
    set(({ asked }) => ({
      selected,
      related: selected ? relatedKeys(selected, objects()) : NONE,
      asked: asked + 1,
    })),
}));

/** Where relations are looked up. */
export function connectSelection(source: () => Iterable<KubeObject>): void {
  objects = source;
}

/** The objects changed: what was related may not be any more. Keeps the old set where nothing changed. */
export function refreshSelection(): void {
  const { selected, related } = useSelection.getState();
  if (!selected) return;
  const now = relatedKeys(selected, objects());
  const same = now.size === related.size && [...now].every((key) => related.has(key));
  if (!same) useSelection.setState({ related: now });
}
