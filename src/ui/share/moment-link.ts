import { encodeLink, packMoment } from "../../share/link";
import { formatQuery } from "../../share/query";
import type { SharedMoment } from "../../share/shared-moment";
import { useAccess } from "../../stores/access";
import { type BuiltIn, findBuiltIn } from "../../stores/built-in";
import { currentMoment } from "../../stores/moment";

/** Mail and chat programs cut longer links off. */
export const MAX_LINK_CHARACTERS = 8_000;

export interface AddressOptions {
  readonly embed?: boolean;
  readonly theme?: string;
}

/** The address that opens a moment. What the page's own address asked for stays out of it; a built-in scenario is named. */
export function linkTo(
  moment: SharedMoment,
  builtIn: BuiltIn | undefined,
  options: AddressOptions,
): string {
  const query = formatQuery({ ...options, ...(builtIn && { scenario: builtIn.name }) });
  const fragment = encodeLink(moment, builtIn?.text ?? "");
  return `${location.origin}${location.pathname}${query}#${fragment}`;
}

/** The address of this very moment. Whoever may not change it here may not change it there, either. */
export async function linkToNow(options: AddressOptions): Promise<string> {
  const { locked } = useAccess.getState();
  const moment = await currentMoment({ ...(locked && { locked }) });
  return linkTo(moment, await findBuiltIn(moment.run.scenario), options);
}

/** The same as a file, for what is too long for an address. */
export function momentFile(moment: SharedMoment): string {
  return `${JSON.stringify({ kubehop: 1, ...packMoment(moment, "") }, null, 1)}\n`;
}

export function embedCode(url: string, title: string, height: number): string {
  return `<iframe src="${escapeHtml(url)}" title="${escapeHtml(title)}" width="100%" height="${height}" style="border:1px solid #ccc" loading="lazy" allow="fullscreen"></iframe>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
