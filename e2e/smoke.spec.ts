import { expect, test } from "./fixtures";

test("the page opens without errors", async ({ page }) => {
  await page.goto("./");
  await expect(page).toHaveTitle(/kubehop/);
  await expect(page.locator("#root")).not.toBeEmpty();
});
