import { DEFAULT_SCENARIO, isBuiltIn } from "../share/built-in";
import type { LinkProblem } from "../share/link";
import { readQuery } from "../share/query";
import { notify } from "../stores/notices";
import { usePanels } from "../stores/panels";
import { describeError, useSession } from "../stores/session";

/** What the page's address asks for. Read once: the query does not change without a new page. */
export const page = readQuery(location.search);

const PROBLEMS: Readonly<Record<LinkProblem, string>> = {
  broken: "This link is broken: a part of it is missing, or was changed on the way.",
  "too-new": "This link was made with a newer version of kubehop than this one.",
  "too-large": "This link is too large to be opened.",
};

/** The built-in scenario that was asked for, or the default one. */
export function scenarioName(): string {
  if (isBuiltIn(page.scenario)) return page.scenario;
  notify("error", `There is no built-in scenario “${page.scenario}”. The default one is open.`);
  return DEFAULT_SCENARIO;
}

export function hidePanels(): void {
  for (const panel of page.hide) usePanels.setState({ [panel]: false });
}

/** Opens the moment in the address. False: there is none, or it cannot be opened, which is then said. `instead` is what
 *  the reader sees then. */
export async function openFragment(builtIn: string, instead: string): Promise<boolean> {
  const fragment = location.hash;
  if (fragment === "" || fragment === "#") return false;
  const [{ decodeLink }, { openMoment, sayRefused }] = await Promise.all([
    import("../share/link"),
    import("../stores/moment"),
  ]);
  const decoded = decodeLink(fragment, builtIn);
  if (!decoded.ok) {
    notify("error", `${PROBLEMS[decoded.problem]} ${instead}`);
    return false;
  }
  try {
    const { errors, refused = [] } = await openMoment(decoded.moment);
    if (errors.length > 0) {
      notify(
        "error",
        `This link’s cluster cannot be opened. ${instead}`,
        errors.map(describeError),
      );
      return false;
    }
    sayRefused("link", refused, decoded.moment);
    if (decoded.builtInChanged) sayChanged();
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notify("error", `This link’s cluster cannot be opened. ${instead}`, [reason]);
    return false;
  }
}

function sayChanged(): void {
  notify(
    "info",
    "The built-in scenario has changed since this link was made: what you see may differ.",
  );
}

/** Another link was pasted into the address bar. One that cannot be opened leaves it again: what is open goes on, after a
 *  reload, too. */
export function watchFragment(builtIn: string, onOpened: () => Promise<void>): void {
  let isOpening = false;
  window.addEventListener("hashchange", async ({ oldURL }) => {
    isOpening = true;
    const isOpen = await openFragment(builtIn, "What was open stays open.");
    isOpening = false;
    if (isOpen) await onOpened();
    else history.replaceState(null, "", oldURL);
  });
  useSession.subscribe(({ opened }, before) => {
    if (opened !== before.opened && !isOpening) forgetFragment();
  });
}

/** The address is not about what is open any more. */
export function forgetFragment(): void {
  history.replaceState(null, "", location.pathname + location.search);
}
