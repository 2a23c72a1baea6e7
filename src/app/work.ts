import { useAccess } from "../stores/access";
import {
  askedByAddress,
  isAddressKnown,
  lastBookmark,
  ownBookmark,
} from "../stores/workspaces-bookmark";
import { page } from "./address";

/** A link in the address goes before the work that was kept. */
const beginsWithLink = !isAddressKnown();

/** Goes on with kept work. False: the page begins with a link or the built-in scenario. Without a bookmark nothing
 *  is loaded and nothing is asked, so that a first visit does not wait. An embedded page keeps nothing. */
export async function restoreWork(builtIn: string): Promise<boolean> {
  if (page.embed || beginsWithLink) return false;
  const id = ownBookmark() ?? (askedByAddress() === "" ? lastBookmark() : null);
  if (id === null) return false;
  const desk = await import("../stores/workspaces-desk");
  desk.setBuiltIn(builtIn);
  return desk.restoreWorkspace(id, id === ownBookmark());
}

/** From now on work is kept. */
export async function keepWork(builtIn: string): Promise<void> {
  if (page.embed) return;
  const [desk, { watchWork }] = await Promise.all([
    import("../stores/workspaces-desk"),
    import("../stores/workspaces-watch"),
  ]);
  desk.setBuiltIn(builtIn);
  watchWork();
  if (beginsWithLink) await keepLink();
  else await desk.keepWhatWasDone();
}

/** A link becomes a workspace of its own at once. A locked one stays a link: a copy is kept from the first action on. */
export async function keepLink(): Promise<void> {
  if (page.embed || useAccess.getState().locked) return;
  const { keeper } = await import("../stores/workspaces-desk");
  await keeper.save();
}
