import { useAccess } from "../stores/access";
import {
  beganWithLink,
  beginWithLink,
  lastBookmark,
  ownBookmark,
} from "../stores/workspaces-bookmark";

/** A link in the address goes before the work that was kept; an embedded page keeps nothing. */
const query = new URLSearchParams(location.search);
const link = /^#\d+\./.test(location.hash) ? location.hash : (query.get("scenario") ?? "");
const isEmbedded = query.get("embed") === "1";
const beginsWithLink = link !== "" && !beganWithLink(link);

/** Goes on with kept work. False: the page begins with a link or the built-in scenario. Without a bookmark nothing
 *  is loaded and nothing is asked, so that a first visit does not wait. */
export async function restoreWork(builtIn: string): Promise<boolean> {
  if (isEmbedded || beginsWithLink) return false;
  const id = ownBookmark() ?? (link === "" ? lastBookmark() : null);
  if (id === null) return false;
  const desk = await import("../stores/workspaces-desk");
  desk.setBuiltIn(builtIn);
  return desk.restoreWorkspace(id, id === ownBookmark());
}

/** From now on work is kept. A link becomes a workspace of its own. */
export async function keepWork(builtIn: string): Promise<void> {
  if (isEmbedded) return;
  const [desk, { watchWork }] = await Promise.all([
    import("../stores/workspaces-desk"),
    import("../stores/workspaces-watch"),
  ]);
  desk.setBuiltIn(builtIn);
  watchWork();
  // A locked link stays one: its own copy is kept from the first change on.
  if (!beginsWithLink || useAccess.getState().locked) return;
  beginWithLink(link);
  await desk.keeper.save();
}
