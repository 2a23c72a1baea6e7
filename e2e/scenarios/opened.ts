import type { Page } from "@playwright/test";
import { hopItems, oneBlank, send } from "../app";
import { expect } from "../fixtures";

/** Opens a built-in scenario and waits until its objects are there. */
export async function openScenario(page: Page, name: string): Promise<void> {
  await page.goto(`/?scenario=${name}`);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label: "8×" });
}

export interface Sent {
  readonly verdict: "delivered" | "refused" | "dropped" | "not sent";
  /** Who answered, and as whom it saw the client; empty unless delivered. */
  readonly server: string;
  readonly saw: string;
  /** All that the page tells of the end: reason codes, words, what to look at. */
  readonly told: string;
  /** The lines of the list Hops. */
  readonly hops: readonly string[];
}

/** Fills the send bar, sends, goes to the last hop, and reads what came of it. */
export async function sendFrom(page: Page, from: string, to: string): Promise<Sent> {
  await page.getByRole("combobox", { name: "From" }).selectOption(await sourceValue(page, from));
  await page.getByRole("combobox", { name: "To" }).fill(to);
  const hops = await send(page);
  return { ...(await outcome(page)), hops };
}

/** How the followed request ended, as its last hop tells. */
export async function outcome(page: Page): Promise<Omit<Sent, "hops">> {
  const last = hopItems(page).last();
  // While the packet flies the list scrolls, and a click may meet another hop.
  await expect(async () => {
    await last.getByRole("button").click();
    await expect(last).toHaveAttribute("aria-current", "step", { timeout: 2_000 });
  }).toPass();
  const panel = page.locator(".packet-tab").filter({ hasText: END });
  await expect(panel).toBeVisible();
  const text = oneBlank(await panel.innerText());
  const found = END.exec(text);
  return {
    verdict: (found?.[1] ?? "") as Sent["verdict"],
    server: /✓ delivered (\S+)/.exec(text)?.[1] ?? "",
    saw: /saw the source address ([\d.]+)/.exec(text)?.[1] ?? "",
    told: text.slice(found?.index),
  };
}

const END = /[✓✕] (delivered|refused|dropped|not sent)/;

/** Presses what is suggested under this title. */
export async function tryIt(page: Page, title: string | RegExp): Promise<void> {
  await page
    .getByRole("list", { name: "Try", exact: true })
    .getByRole("button", { name: title })
    .click();
}

/** `deploy/NS/NAME` stands for its first pod, as elsewhere. */
async function sourceValue(page: Page, from: string): Promise<string> {
  if (!from.startsWith("deploy/")) return from;
  const prefix = `${from.replace("deploy/", "pod/")}-`;
  const values = await page
    .getByRole("combobox", { name: "From" })
    .locator("option")
    .evaluateAll((options) => options.map((one) => (one as HTMLOptionElement).value));
  const found = values.find((value) => value.startsWith(prefix));
  expect(found, `a pod of ${from}`).toBeDefined();
  return found ?? "";
}

/** Waits until the terminal that is shown has printed this: a command waits for its packet, which is followed. */
export async function runs(page: Page, printed: string | RegExp): Promise<void> {
  await expect(page.locator(".terminal-screen")).toContainText(printed, { timeout: 40_000 });
}
