import { expect, test } from "./fixtures";

for (const [where, url] of [
  ["at the root of a host", "/"],
  ["from a folder of a host", "http://127.0.0.1:4320/some/folder/"],
] as const) {
  test(`the page opens without errors ${where}`, async ({ page }) => {
    await page.goto(url);
    await expect(page).toHaveTitle(/kubehop/);
    await expect(page.locator("#root")).not.toBeEmpty();
  });
}
