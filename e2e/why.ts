import type { Locator, Page } from "@playwright/test";
import { letTimePass } from "./app";
import { expect } from "./fixtures";

/** What the page says of a request that came to nothing. */
export function whyBox(page: Page): Locator {
  return page.getByRole("region", { name: "Why not?" });
}

/** Presses a way out, lets the cluster hear of it, and sends until the request arrives. */
export async function repair(page: Page, fix: string | RegExp): Promise<void> {
  await whyBox(page).getByRole("button", { name: fix }).click();
  await sendUntilDelivered(page);
}

export async function sendUntilDelivered(page: Page): Promise<void> {
  await expect(async () => {
    await seeTheEnd(page);
    if (await delivered(page).isVisible()) return;
    await letTimePass(page);
    await page.waitForTimeout(1_000);
    await whyBox(page).getByRole("button", { name: "Send again" }).click({ timeout: 5_000 });
    await seeTheEnd(page);
    await expect(delivered(page)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 90_000 });
}

/** Goes to the last hop, if the packet is not there yet. */
export async function seeTheEnd(page: Page): Promise<void> {
  const last = page.getByRole("button", { name: "Last hop" });
  await expect(async () => {
    if (await last.isEnabled()) await last.click({ timeout: 5_000 });
    await expect(whyBox(page).or(delivered(page)).first()).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
}

export function delivered(page: Page): Locator {
  return page.locator(".packet-tab").getByText("✓ delivered");
}
