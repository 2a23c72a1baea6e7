import type { ObjectKey } from "../../core/api/types";
import { keyOf } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { type Action, labelOf, whyNot } from "../actions/action";
import { objectPageId } from "../actions/object-id";
import { allObjectActions, foundObjects, objectActions, objectDetail } from "../actions/objects";
import { currentActions, STANDING_ACTIONS } from "../actions/registry";
import { keyText } from "../parts/describe";
import { rank } from "./rank";

/** One line of the palette. */
export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly detail?: string;
  /** Does something, or leads on to an object's actions. */
  readonly does: Action | { readonly object: ObjectKey };
  /** Why it cannot be done now; "" when it can. */
  readonly why: string;
}

/** Among thousands, what nobody scrolls through need not be drawn. */
const MOST_SHOWN = 60;

interface Candidate extends Entry {
  readonly others: string;
  /** Of what is at hand, before all else that fits as well. */
  readonly bonus?: number;
}

/** What can be done to one object. */
export function objectResults(key: ObjectKey, typed: string): readonly Entry[] {
  return best(typed, objectActions(key).map(candidateOf));
}

/** What can be done at all; `late` is what was found out since the palette was opened. */
export function allResults(typed: string, late: readonly Action[]): readonly Entry[] {
  const isOpen = typed.trim() === "";
  const { selected } = useSelection.getState();
  const own = selected === null ? [] : objectActions(selected);
  const standing = [...STANDING_ACTIONS, ...late, ...currentActions()].map(candidateOf);
  if (isOpen) {
    const now = [...own.map(candidateOf), ...standing].filter(({ why }) => why === "");
    return [...now.filter(({ group }) => !LONG_GROUPS.has(group)), ...objectEntries()].slice(
      0,
      4 * MOST_SHOWN,
    );
  }
  const ownIds = new Set(own.map(({ id }) => id));
  return best(typed, [
    ...own.map((action) => ({ ...namedObject(action), bonus: 0.25 })),
    ...standing,
    ...objectEntries(),
    ...allObjectActions()
      .filter(({ id }) => !ownIds.has(id))
      .map(namedObject),
  ]);
}

/** Lists that are too long to be read through: found by typing. */
const LONG_GROUPS = new Set(["Send from", "Send to", "Go to a hop"]);

function candidateOf(action: Action): Candidate {
  const { id, group, also = "" } = action;
  const label = labelOf(action);
  return { id, group, label, others: `${group} ${also} ${id}`, does: action, why: whyNot(action) };
}

/** Among others it must be told which object is meant. */
function namedObject(action: Action): Candidate {
  const entry = candidateOf(action);
  return { ...entry, group: "Objects", label: `${entry.group}: ${entry.label}`, bonus: -0.15 };
}

function objectEntries(): readonly Candidate[] {
  return foundObjects().map((object) => {
    const key = keyOf(object);
    const detail = objectDetail(object);
    return {
      id: objectPageId(key),
      group: "Objects",
      label: keyText(key),
      detail,
      others: `object find open ${key} ${detail}`,
      does: { object: key },
      why: "",
    };
  });
}

function best(typed: string, candidates: readonly Candidate[]): readonly Entry[] {
  return candidates
    .map((entry) => {
      const fit = rank(typed, entry.label, entry.others);
      const score = fit + (entry.bonus ?? 0) - (entry.why === "" ? 0 : 0.4);
      return { entry, fit, score };
    })
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_SHOWN)
    .map(({ entry }) => entry);
}
