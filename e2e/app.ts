import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures";

/** Opens the page and waits for the built-in cluster to live. */
export async function openCluster(page: Page, url = "/"): Promise<void> {
  await page.goto(url);
  await expect(readyPods(page, "kuard")).toHaveCount(3);
}

/** A box of the canvas: `Pod/default/x`, `elb/default/kuard`, `node/node-1/iptables`. */
export function box(page: Page, id: string): Locator {
  return page.locator(`.react-flow__node[data-id="${id}"]`);
}

export function readyPods(page: Page, app: string): Locator {
  return page
    .getByRole("application", { name: "The network" })
    .getByRole("group", { name: new RegExp(`^Pod default/${app}-.*, Ready$`) });
}

export function hops(page: Page): Locator {
  return page.getByRole("list", { name: "Hops", exact: true });
}

export function hopItems(page: Page): Locator {
  return hops(page).getByRole("listitem");
}

/** The list's lines, white space made one blank. */
export async function hopLines(page: Page): Promise<string[]> {
  return (await hopItems(page).allTextContents()).map(oneBlank);
}

export function currentHop(page: Page): Locator {
  return hops(page).locator('[aria-current="step"]');
}

export function sendButton(page: Page): Locator {
  return page.getByRole("button", { name: "Send", exact: true });
}

/** Clicks a hop in the list; counted from 0. */
export async function goToHop(page: Page, position: number): Promise<void> {
  await hopItems(page).nth(position).getByRole("button").click();
  await expect(hopItems(page).nth(position)).toHaveAttribute("aria-current", "step");
}

/** Presses Send and waits until another packet is followed. */
export async function send(page: Page): Promise<string[]> {
  const before = await hopLines(page);
  await sendButton(page).click();
  await expect(hopItems(page)).not.toHaveCount(0);
  await expect.poll(() => hopLines(page)).not.toEqual(before);
  return hopLines(page);
}

/** What the command line prints for the same. */
export async function traced(scenario: string, from: string, to: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("npm", [
    "run",
    "--silent",
    "kubehop",
    "--",
    "trace",
    scenario,
    "--from",
    from,
    "--to",
    to,
  ]);
  return stdout.split("\n").map(oneBlank).filter(Boolean);
}

export async function showTab(
  page: Page,
  name: "Inspector" | "Dock" | "Cluster",
  tab: string,
): Promise<void> {
  const found = page.getByRole("tablist", { name }).getByRole("tab", { name: tab, exact: true });
  // What found no room in the row is listed at its end.
  if ((await found.getAttribute("data-tucked")) === null) await found.click();
  else await page.getByLabel(`More tabs of ${name}`).selectOption(tab);
}

export function inspector(page: Page): Locator {
  return page.getByRole("tabpanel", { name: /^(Packet|Object|YAML)$/ });
}

export function dock(page: Page): Locator {
  return page.getByRole("tabpanel", {
    name: /^(Timeline|Hops|iptables|Conntrack|Routes|Endpoints|Events)$/,
  });
}

/** The row of an object in the table of its kind. */
export function objectRow(page: Page, kind: string, name: string | RegExp): Locator {
  return page
    .getByRole("region", { name: "Objects" })
    .getByRole("table", { name: kind, exact: true })
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name }) });
}

/** Virtual time in seconds, as the top bar shows it. */
export async function clockSeconds(page: Page): Promise<number> {
  const [, minutes = "", seconds = ""] =
    /t = (\d+):([\d.]+)/.exec(await page.locator(".clock").innerText()) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

export async function setSpeed(page: Page, speed: string): Promise<void> {
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label: speed });
}

/** Lets virtual time run, eight times as fast; a packet under way is seen to its end first. */
export async function letTimePass(page: Page): Promise<void> {
  await setSpeed(page, "8×");
  const last = page.getByRole("button", { name: "Last hop" });
  if (await last.isEnabled()) {
    await last.click();
    await expect(last).toBeDisabled();
  }
  const play = page.getByRole("button", { name: "Play", exact: true });
  const pause = page.getByRole("button", { name: "Pause", exact: true });
  // Going to a hop pauses, a moment later.
  await expect(async () => {
    if (await play.isVisible()) await play.click();
    await expect(pause).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** Replaces an editor's text by what is on the clipboard, as people do. */
export async function paste(page: Page, editor: Locator, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("ControlOrMeta+v");
}

export function oneBlank(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
