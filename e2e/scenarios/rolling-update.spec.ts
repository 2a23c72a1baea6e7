import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures";
import { openScenario, runs, tryIt } from "./opened";

const WAIT = { timeout: 90_000 };

test.setTimeout(150_000);

/** Restarts a Deployment under a load, and counts what failed. */
async function failuresOf(page: Page, name: "hasty" | "patient"): Promise<number> {
  await openScenario(page, "rolling-update");
  const pods = page.getByRole("table", { name: "Pod", exact: true });
  const rows = pods.getByRole("row", { name: new RegExp(`^${name}-`) });
  await expect(rows).toHaveCount(3);
  const before = await rows.getByRole("rowheader").allTextContents();
  const served = page.getByRole("combobox", { name: "To" });
  await served.fill(`nodeport/node-1/default/${name}:80`);
  await page
    .getByRole("combobox", { name: "Requests per second of a steady load" })
    .selectOption("50");
  await page.getByRole("button", { name: "Start load" }).click();
  await tryIt(page, `Restart ${name}`);
  await runs(page, `deployment.apps/${name} restarted`);
  await expect
    .poll(async () => {
      const now = await rows.getByRole("rowheader").allTextContents();
      return now.length === 3 && now.every((pod) => !before.includes(pod));
    }, WAIT)
    .toBe(true);
  await page.getByRole("button", { name: "Stop load" }).click();
  await page.getByRole("tab", { name: "Traffic" }).click();
  const text = await page.locator(".traffic-summary").innerText();
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1] ?? 0);
  expect(count("answered")).toBeGreaterThan(100);
  return count("refused") + count("dropped") + count("failed");
}

test("without a preStop hook requests fail while pods are replaced", async ({ page }) => {
  expect(await failuresOf(page, "hasty")).toBeGreaterThan(0);
});

test("with one that waits for the rules none does", async ({ page }) => {
  expect(await failuresOf(page, "patient")).toBe(0);
});
