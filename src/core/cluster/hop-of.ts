import type { Flight, HopDraft } from "../dataplane/flight";
import type { Hop } from "../trace/hop";

const NO_WALKS: Hop["walks"] = [];

/** Field by field: a spread of drafts in their many shapes is slow, and every packet passes here. */
export function hopOf(
  draft: HopDraft,
  { connection, role, direction }: Pick<Flight, "connection" | "role" | "direction">,
  atUs: number,
): Hop {
  const { node, place, kind, before, after, detail, walks = NO_WALKS } = draft;
  const hop: { -readonly [Field in keyof Hop]: Hop[Field] } = {
    walks,
    node,
    place,
    kind,
    before,
    after,
    detail,
    atUs,
    connection,
    role,
    direction,
  };
  if (draft.devIn !== undefined) hop.devIn = draft.devIn;
  if (draft.devOut !== undefined) hop.devOut = draft.devOut;
  if (draft.route !== undefined) hop.route = draft.route;
  if (draft.conntrack !== undefined) hop.conntrack = draft.conntrack;
  if (draft.probability !== undefined) hop.probability = draft.probability;
  if (draft.verdict !== undefined) hop.verdict = draft.verdict;
  return hop;
}
