import { encodeLink, packMoment } from "../../share/link";
import { formatQuery, readQuery } from "../../share/query";
import type { SharedMoment } from "../../share/shared-moment";

/** Mail and chat programs cut longer links off. */
export const MAX_LINK_CHARACTERS = 8_000;

export interface AddressOptions {
  readonly embed?: boolean;
  readonly theme?: string;
}

/** The address that opens a moment. What the page's own address asked for stays out of it, save the scenario. */
export function linkTo(moment: SharedMoment, builtIn: string, options: AddressOptions): string {
  const { scenario } = readQuery(location.search);
  const named = moment.run.scenario === builtIn ? scenario : undefined;
  const query = formatQuery({ ...options, ...(named && { scenario: named }) });
  return `${location.origin}${location.pathname}${query}#${encodeLink(moment, builtIn)}`;
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
