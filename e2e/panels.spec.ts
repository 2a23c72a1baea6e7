import { dock, openCluster, showTab } from "./app";
import { expect, test } from "./fixtures";

test("every tab of the dock is in the row, at 1440 pixels", async ({ page }) => {
  await openCluster(page);
  const tabs = page.getByRole("tablist", { name: "Dock" }).getByRole("tab");
  const shown = await tabs.evaluateAll((all) =>
    all.map((tab) => tab.getBoundingClientRect().right),
  );
  const list = await page.getByRole("tablist", { name: "Dock" }).boundingBox();
  const more = page.getByLabel("More tabs of Dock");
  const listed = (await more.count()) > 0 ? (await more.locator("option").count()) - 1 : 0;
  expect(shown.length - listed).toBeGreaterThanOrEqual(12);
  expect(Math.max(...shown)).toBeLessThanOrEqual((list?.x ?? 0) + (list?.width ?? 0));
});

test("tabs that find no room are listed at the row's end, and the arrows reach them", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1100, height: 800 });
  await openCluster(page);
  const list = page.getByRole("tablist", { name: "Dock" });
  const events = list.getByRole("tab", { name: "Events" });
  const more = page.getByLabel("More tabs of Dock");
  await expect(events).toHaveAttribute("data-tucked");
  await more.selectOption("Events");
  await expect(dock(page)).toContainText("Reason");
  await expect(events).not.toHaveAttribute("data-tucked");
  await expect(events).toBeInViewport({ ratio: 1 });

  await list.getByRole("tab", { name: "Timeline" }).focus();
  const count = await list.getByRole("tab").count();
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    await page.keyboard.press("ArrowRight");
    const focused = list.locator(":focus");
    await expect(focused).toBeInViewport({ ratio: 1 });
    seen.add(await focused.innerText());
  }
  expect(seen.size).toBe(count);
});

test("panels have the size that they were given, after a reload too", async ({ page }) => {
  await openCluster(page);
  const height = async () =>
    (await page.getByRole("tabpanel", { name: "Timeline" }).boundingBox())?.height ?? 0;
  const width = async () =>
    (await page.getByRole("region", { name: "Objects" }).boundingBox())?.width ?? 0;
  const usual = [await height(), await width()] as const;
  for (const name of ["Resize the dock", "Resize the list of objects"]) {
    await page.getByRole("separator", { name }).focus();
    for (let i = 0; i < 2; i++)
      await page.keyboard.press(name.includes("dock") ? "ArrowUp" : "ArrowRight");
  }
  const given = [await height(), await width()] as const;
  expect(given[0]).toBeGreaterThan(usual[0] + 20);
  expect(given[1]).toBeGreaterThan(usual[1] + 20);
  await page.getByRole("button", { name: "Dock" }).click();
  await page.getByRole("button", { name: "Dock" }).click();
  await page.reload();
  await expect(page.getByRole("region", { name: "Objects" })).toContainText("kuard");
  await expect.poll(height).toBeCloseTo(given[0], -1);
  await expect.poll(width).toBeCloseTo(given[1], -1);
});

test("what a button answers does not lie on the form beside it", async ({ page }) => {
  await openCluster(page);
  await page.getByRole("tab", { name: "Add", exact: true }).click();
  await page
    .getByRole("region", { name: "Add" })
    .getByRole("button", { name: /^Namespace/ })
    .click();
  const form = page.getByRole("form", { name: "Add Namespace" });
  await form.getByRole("button", { name: "Add Namespace" }).click();
  await expect(form).toHaveCount(0);
  await page
    .getByRole("region", { name: "Add" })
    .getByRole("button", { name: /^Service/ })
    .click();
  const notice = page.getByRole("region", { name: "Notices" }).locator(".notice").first();
  await expect(notice).toBeVisible();
  const lies = await notice.boundingBox();
  const field = await page.getByRole("form", { name: "Add Service" }).boundingBox();
  expect((lies?.x ?? 0) + (lies?.width ?? 0)).toBeLessThan(field?.x ?? 0);
  await showTab(page, "Cluster", "Objects");
});
