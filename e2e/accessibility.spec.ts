import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { hopItems, inspector, openCluster, send, showTab } from "./app";
import { expect, test } from "./fixtures";

const THEMES = ["light", "dark", "projector"] as const;

for (const theme of THEMES) {
  test(`axe finds nothing on any screen in the ${theme} theme`, async ({ page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openCluster(page, `/?theme=${theme}`);
    const background = await brightness(page);
    if (theme === "dark") expect(background).toBeLessThan(60);
    else expect(background).toBeGreaterThan(200);
    expect(await violations(page), "first screen").toEqual([]);

    const lines = await send(page);
    const prerouting = lines.findIndex((line) => line.includes(" PREROUTING "));
    await hopItems(page).nth(prerouting).getByRole("button").click();
    expect(await violations(page), "packet followed").toEqual([]);

    const dockTabs = page.getByRole("tablist", { name: "Dock" }).getByRole("tab");
    for (const tab of await dockTabs.allTextContents()) {
      await showTab(page, "Dock", tab);
      // What is not shown has been looked at: only the dock has changed.
      expect(await violations(page, "main [role=tabpanel]"), tab).toEqual([]);
    }
    await page
      .getByRole("row", { name: /^kuard/ })
      .first()
      .getByRole("button")
      .first()
      .click();
    for (const tab of ["Object", "YAML"]) {
      await showTab(page, "Inspector", tab);
      if (tab === "YAML") await expect(page.getByRole("textbox", { name: "YAML" })).toBeVisible();
      expect(await violations(page), tab).toEqual([]);
    }
  });

  test(`axe finds nothing in forms in the ${theme} theme`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openCluster(page, `/?theme=${theme}`);
    await page
      .getByRole("row", { name: /^kuard/ })
      .first()
      .getByRole("button")
      .first()
      .click();
    await showTab(page, "Inspector", "Object");
    await inspector(page).getByRole("button", { name: "Edit", exact: true }).click();
    const form = page.getByRole("form", { name: /^Change / });
    await expect(form).toBeVisible();
    expect(await violations(page, ".edit-form"), "edit form").toEqual([]);
    await page.keyboard.press("Escape");
    await expect(form).toHaveCount(0);
    await showTab(page, "Cluster", "Add");
    expect(await violations(page, "section[aria-label=Add]"), "Add").toEqual([]);
  });

  test(`axe finds nothing in any dialog in the ${theme} theme`, async ({ page }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openCluster(page, `/?theme=${theme}`);
    await send(page);
    const dialog = page.getByRole("dialog");
    for (const name of ["Import", "Export", "Workspaces", "Commands", "Help"]) {
      await page.getByRole("button", { name, exact: true }).click();
      const content = dialog.getByRole(name === "Commands" ? "option" : "heading");
      await expect(content.first()).toBeVisible();
      if (name === "Import") await expect(dialog.getByRole("textbox")).toBeVisible();
      if (name === "Workspaces") await expect(dialog.getByRole("listitem")).toHaveCount(1);
      // What lies behind a modal dialog is out of reach.
      expect(await violations(page, "dialog"), name).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
    }
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await dialog.getByRole("button", { name: "Show a QR code" }).click();
    await expect(dialog.getByRole("img", { name: "QR code of the link" })).toBeVisible();
    expect(await violations(page, "dialog"), "Share: link").toEqual([]);
    await dialog.getByRole("tab", { name: "Embed" }).click();
    await expect(
      dialog.frameLocator("iframe").getByRole("button", { name: "Click to load" }),
    ).toBeVisible();
    expect(await violations(page, "dialog"), "Share: embed").toEqual([]);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await page.getByRole("button", { name: "Service 3" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    await expect(dialog).toContainText("Delete");
    expect(await violations(page, "dialog"), "Delete").toEqual([]);
  });

  test(`axe finds nothing in the ${theme} theme when presenting, and on a phone`, async ({
    page,
  }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openCluster(page, `/?theme=${theme}`);
    await send(page);
    await page.keyboard.press("p");
    expect(await violations(page), "presenting").toEqual([]);
    await page.keyboard.press("p");
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByRole("tablist", { name: "Details" })).toBeVisible();
    expect(await violations(page), "phone").toEqual([]);
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

test("the system theme follows the system as it changes", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await openCluster(page);
  expect(await brightness(page)).toBeGreaterThan(200);
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => brightness(page)).toBeLessThan(60);
  await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
  const panels = page.getByRole("button", { name: "Dock" });
  await expect(panels).toHaveCSS("outline-style", "solid");
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  await expect.poll(() => brightness(page)).toBeGreaterThan(200);
});

test.describe("at 200 % zoom", () => {
  for (const [width, height] of [
    [640, 512],
    [720, 450],
    [960, 540],
  ] as const) {
    test(`of ${2 * width} × ${2 * height} nothing is cut off`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      await openCluster(page);
      await send(page);
      const size = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { scrollWidth, scrollHeight };
      });
      expect(size.scrollWidth).toBeLessThanOrEqual(width);
      expect(size.scrollHeight).toBeLessThanOrEqual(height);
      const cutOff = await page.evaluate(() =>
        [...document.querySelectorAll(".topbar button, .send-bar button, .topbar select")]
          .filter((one) => one.checkVisibility())
          .filter((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
          })
          .map((one) => one.outerHTML.slice(0, 120)),
      );
      expect(cutOff).toEqual([]);
    });
  }
});

test("steps are announced, and hops that rush by are not", async ({ page }) => {
  await openCluster(page);
  await send(page);
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  const said = page.locator("p.visually-hidden[aria-live=polite]");
  await expect(said).toContainText(/^Hop 1 of \d+: user\s+send/);
  await page.keyboard.press("ArrowRight");
  await expect(said).toContainText(/^Hop 2 of/);
  await page.keyboard.press("Space");
  await expect(page.locator(".clock")).toContainText("hop 5 /");
  await expect(said).toContainText(/^Hop 2 of/);
});

test("the first stop leads past the top bar", async ({ page }) => {
  await openCluster(page);
  await page.keyboard.press("Tab");
  const link = page.getByRole("link", { name: "Skip to the network" });
  await expect(link).toBeFocused();
  await expect(link).toBeInViewport();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("combobox", { name: "From" })).toBeFocused();
  expect(new URL(page.url()).hash).toBe("");
});

/** Of every impact, with the elements they are about. */
async function violations(page: Page, part = "html"): Promise<string[]> {
  await expect(page.locator(part).first()).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}

/** Of the page's background, 0 to 255. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [red = 0, green = 0, blue = 0] =
      getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
    return (red + green + blue) / 3;
  });
}
