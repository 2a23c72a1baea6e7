import { DEFAULT_SCENARIO } from "./built-in";
import { PANELS, type PanelName } from "./shared-moment";

/** What the page is asked to be by its address, beside the moment in the fragment. */
export interface PageOptions {
  /** Canvas and playback only, loaded by a click. */
  readonly embed: boolean;
  /** Panels that are closed at first. */
  readonly hide: readonly PanelName[];
  /** `light`, `dark`; absent: as the reader likes it. */
  readonly theme?: string;
  /** Name of a built-in scenario. */
  readonly scenario: string;
}

/** `?embed=1&hide=objects,dock&theme=dark&scenario=default`. What is not understood is as if it were not there. */
export function readQuery(search: string): PageOptions {
  const query = new URLSearchParams(search);
  const hide = (query.get("hide") ?? "").split(",");
  const theme = query.get("theme");
  return {
    embed: query.get("embed") === "1",
    hide: PANELS.filter((panel) => hide.includes(panel) || hide.includes("all")),
    ...(theme !== null && { theme }),
    scenario: query.get("scenario") || DEFAULT_SCENARIO,
  };
}

/** The query of an address, with its `?`; empty when everything is as usual. */
export function formatQuery({ embed, hide = [], theme, scenario }: Partial<PageOptions>): string {
  const query = new URLSearchParams();
  if (embed) query.set("embed", "1");
  if (scenario && scenario !== DEFAULT_SCENARIO) query.set("scenario", scenario);
  if (theme) query.set("theme", theme);
  if (hide.length > 0) query.set("hide", hide.length === PANELS.length ? "all" : hide.join(","));
  const text = query.toString();
  return text === "" ? "" : `?${text.replaceAll("%2C", ",")}`;
}
