import { hopItems, openCluster, send } from "./app";
import { expect, test } from "./fixtures";

test("P presents: larger type, no panels but those that are opened, keys on screen", async ({
  page,
}) => {
  await openCluster(page);
  await send(page);
  const button = page.getByRole("button", { name: "Send", exact: true });
  const before = (await button.boundingBox())?.height ?? 0;
  const tag = page.locator(".cv-tag");
  const tagBefore = (await tag.boundingBox())?.height ?? 0;

  await page.keyboard.press("p");
  await expect(page.getByRole("button", { name: "Present" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect.poll(async () => (await button.boundingBox())?.height).toBeGreaterThan(before * 1.2);
  await expect.poll(async () => (await tag.boundingBox())?.height).toBeGreaterThan(tagBefore * 1.2);
  await expect(page.getByRole("button", { name: "Inspector" })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
  for (const one of await page.getByRole("banner").getByRole("button").all())
    await expect(one).toBeInViewport({ ratio: 1 });
  expect((await page.getByRole("banner").boundingBox())?.height).toBeLessThan(70);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".keys-on-screen kbd").last()).toHaveText("→");
  await expect(page.locator(".clock")).toContainText("hop 2 /");

  await page.getByRole("button", { name: "Dock" }).click();
  await expect(page.getByRole("tablist", { name: "Dock" })).toBeInViewport();
  await page.keyboard.press("p");
  await expect(page.getByRole("button", { name: "Inspector" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await expect(hopItems(page).nth(1)).toBeInViewport();
});

test("what is typed is not shown", async ({ page }) => {
  await openCluster(page);
  await page.keyboard.press("p");
  await expect(page.locator(".keys-on-screen")).toHaveCount(0, { timeout: 5_000 });
  await page.getByRole("combobox", { name: "To" }).click();
  await page.keyboard.type("pl");
  await expect(page.locator(".keys-on-screen")).toHaveCount(0);
  await expect(page.locator(".laser")).toHaveCount(0);
});

test("the laser pointer follows the mouse while L is held, and stays after a press", async ({
  page,
}) => {
  await openCluster(page);
  const dot = page.locator(".laser");
  await page.mouse.move(500, 400);
  await page.keyboard.down("l");
  await expect(dot).toBeVisible();
  await page.mouse.move(620, 430);
  await expect.poll(async () => Math.round((await dot.boundingBox())?.x ?? 0)).toBe(611);
  await page.waitForTimeout(400);
  await page.keyboard.up("l");
  await expect(dot).toHaveCount(0);

  await page.keyboard.press("l");
  await expect(dot).toBeVisible();
  await page.keyboard.press("l");
  await expect(dot).toHaveCount(0);
});

for (const [width, height] of [
  [390, 844],
  [820, 1180],
] as const) {
  test(`at ${width} × ${height} one can watch and step`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openCluster(page);
    await send(page);
    await page.getByRole("button", { name: "First hop" }).click();
    await page.getByRole("button", { name: "Next hop" }).click();
    await expect(page.locator(".clock")).toContainText("hop 2 /");
    await expect(page.locator(".cv-tag")).toBeInViewport();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const bar = page.locator(".topbar button:visible");
    for (const box of await bar.all()) await expect(box).toBeInViewport({ ratio: 1 });
  });
}

test("the help lists the keys", async ({ page }) => {
  await openCluster(page);
  await page.keyboard.press("?");
  const rows = page.getByRole("dialog").getByRole("row");
  await expect(rows.first()).toBeInViewport({ ratio: 1 });
  for (const key of ["Space", "Home", "Esc", "?", "P", "L", "Del"])
    await expect(rows.filter({ has: page.getByText(key, { exact: true }) }).first()).toBeVisible();
});

test("reduced motion steps", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openCluster(page);
  await page.keyboard.press("Space");
  await expect(page.locator(".clock")).toContainText("hop 3 /");
});
