import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { hopItems, openCluster, send } from "./app";
import { expect, test } from "./fixtures";

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing serious in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await openCluster(page);
    const background = await brightness(page);
    if (theme === "dark") expect(background).toBeLessThan(60);
    else expect(background).toBeGreaterThan(200);
    expect(await violations(page), "first screen").toEqual([]);

    const lines = await send(page);
    const prerouting = lines.findIndex((line) => line.includes(" PREROUTING "));
    await hopItems(page).nth(prerouting).getByRole("button").click();
    expect(await violations(page), "packet followed").toEqual([]);

    await page.getByRole("button", { name: "Import" }).click();
    await expect(page.getByRole("dialog").getByRole("textbox")).toBeVisible();
    // What lies behind a modal dialog is out of reach.
    expect(await violations(page, "dialog"), "import").toEqual([]);
  });
}

test("the theme can be chosen and is remembered", async ({ page }) => {
  await openCluster(page);
  const button = page.getByRole("button", { name: /^Theme:/ });
  while (!(await page.getByRole("button", { name: "Theme: dark" }).isVisible()))
    await button.click();
  expect(await brightness(page)).toBeLessThan(60);
  await openCluster(page);
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  expect(await brightness(page)).toBeLessThan(60);
});

/** Serious and critical ones, with the elements they are about. */
async function violations(page: Page, part = "html"): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** Of the page's background, 0 to 255. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] =
      getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
    return (red + green + blue) / 3;
  });
}
