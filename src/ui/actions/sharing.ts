import { useAccess } from "../../stores/access";
import { findBuiltIn } from "../../stores/built-in";
import { currentMoment } from "../../stores/moment";
import { notify } from "../../stores/notices";
import { pause } from "../../stores/playback";
import { scenarioTitle } from "../../stores/session";
import { openDialog } from "../../stores/view";
import { copyText } from "../share/clipboard";
import { downloadText, fileStem } from "../share/download";
import { embedCode, linkTo, MAX_LINK_CHARACTERS, momentFile } from "../share/moment-link";
import {
  LINK_THEMES,
  type LinkSettings,
  type Shared,
  USUAL_SETTINGS,
  withSettings,
} from "../share/settings";
import type { Action } from "./action";

const group = "Share";
const EMBED_HEIGHT_PX = 480;

/** The moment as it is now, with the sender's decisions. Time stands still from here on. */
async function take(settings: Partial<LinkSettings>): Promise<Shared> {
  pause();
  const { locked } = useAccess.getState();
  const moment = await currentMoment({});
  const builtIn = await findBuiltIn(moment.run.scenario);
  const all = { ...USUAL_SETTINGS, locked, ...settings };
  return withSettings({ moment, ...(builtIn && { builtIn }) }, all);
}

async function copyLink(settings: Partial<LinkSettings>): Promise<void> {
  const shared = await take(settings);
  const { moment, builtIn, theme } = shared;
  const link = linkTo(moment, builtIn, theme === "" ? {} : { theme });
  if (link.length <= MAX_LINK_CHARACTERS) return copy(link, "The link");
  notify("info", "The link would be too long: this moment is saved as a file instead.");
  save(shared);
}

async function copyEmbedCode(): Promise<void> {
  const { moment, builtIn } = await take({});
  const link = linkTo(moment, builtIn, { embed: true });
  // The dialog says what to do instead.
  if (link.length > MAX_LINK_CHARACTERS) return openDialog("share");
  await copy(embedCode(link, `kubehop: ${scenarioTitle()}`, EMBED_HEIGHT_PX), "The embed code");
}

/** Where the clipboard is out of reach the dialog has the text to be selected. */
async function copy(text: string, what: string): Promise<void> {
  if (await copyText(text)) notify("ok", `${what} is copied to the clipboard.`);
  else openDialog("share");
}

function save({ moment }: Shared): void {
  const name = `${fileStem(scenarioTitle())}.kubehop.json`;
  downloadText(name, momentFile(moment), "application/json");
}

function linkAction(id: string, label: string, settings: Partial<LinkSettings>): Action {
  return {
    id: `share.${id}`,
    group,
    label,
    also: "url share options",
    run: () => copyLink(settings),
  };
}

export const copyThisLink: Action = linkAction("link", "Copy a link to this moment", {});

export const copyThisEmbed: Action = {
  id: "share.embed",
  group,
  label: "Copy the code that embeds this moment in a page",
  also: "iframe html",
  run: copyEmbedCode,
};

export const saveMomentFile: Action = {
  id: "share.file",
  group,
  label: "Save this moment as a file",
  also: "download json",
  run: async () => save(await take({})),
};

export const showQr: Action = {
  id: "share.qr",
  group,
  label: "Show a QR code of the link …",
  also: "phone",
  run: () => openDialog("share"),
};

export const SHARE_ACTIONS: readonly Action[] = [
  copyThisLink,
  linkAction("link.playing", "Copy a link that plays at once", { paused: false }),
  linkAction("link.hidden", "Copy a link that hides the panels", { hidesPanels: true }),
  linkAction("link.locked", "Copy a link that locks editing", { locked: true }),
  ...LINK_THEMES.map((theme) =>
    linkAction(`link.${theme}`, `Copy a link in the ${theme} theme`, { theme }),
  ),
  copyThisEmbed,
  saveMomentFile,
  showQr,
];
