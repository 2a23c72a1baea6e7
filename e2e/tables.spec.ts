import type { Locator, Page } from "@playwright/test";
import { box, hops, inspector, objectRow, openCluster, send, showTab } from "./app";
import { expect, test } from "./fixtures";

test("a row of any table selects what it names, on the canvas and in the list", async ({
  page,
}) => {
  test.slow();
  await openCluster(page);
  const lines = await send(page);
  await page.keyboard.press("End");
  const pod = lines.map((line) => /^(kuard-\S+) delivered/.exec(line)?.[1]).find(Boolean) ?? "";

  await showTab(page, "Dock", "Conntrack");
  const entry = page
    .getByRole("table", { name: /^conntrack on/ })
    .getByRole("row", { name: /10\.0\.0\.5/ });
  await entry.getByRole("cell", { name: "ESTABLISHED" }).click();
  await expect(inspector(page)).toContainText(`Pod in default${pod}`);
  await expect(box(page, `Pod/default/${pod}`)).toHaveClass(/is-selected/);
  for (const id of ["Service/default/kuard", "Node/node-"])
    await expect(page.locator(`.react-flow__node.is-related[data-id^="${id}"]`)).toHaveCount(1);
  await expect(objectRow(page, "Pod", pod)).toHaveClass(/selected/);
  await expect(objectRow(page, "Service", "kuard")).toHaveClass(/related/);
  await expect(entry).toHaveClass(/selected/);
  await entry.getByRole("button", { name: /^10\.0\.0\.5:/ }).click();
  await expect(box(page, "Service/default/kuard")).toHaveClass(/is-selected/);

  await showTab(page, "Dock", "Routes");
  await page.getByRole("combobox", { name: "Node" }).selectOption("node-1");
  await page.getByRole("button", { name: /^10\.244\.2\.0\/24 via 10\.0\.1\.12 dev eth0/ }).click();
  await expect(box(page, "Node/node-2")).toHaveClass(/is-selected/);
  await expect(box(page, "node/node-1/eth0")).toHaveClass(/is-related/);
  // Whoever follows a row goes on reading the same table.
  await expect(page.getByRole("combobox", { name: "Node" })).toHaveValue("node-1");

  await showTab(page, "Dock", "iptables");
  await page.getByRole("searchbox", { name: "Filter rules" }).fill("kuard -> 10.244");
  await page
    .getByRole("button", { name: /^-A KUBE-SVC-\w+ -m comment/ })
    .first()
    .click();
  await expect(inspector(page)).toContainText(/Pod in defaultkuard-/);

  await showTab(page, "Dock", "DNS");
  const record = page.getByRole("row", { name: /kube-dns.*10\.96\.0\.10/ }).first();
  await record.getByRole("button", { name: "10.96.0.10" }).first().click();
  await expect(box(page, "Service/kube-system/kube-dns")).toHaveClass(/is-selected/);
  await expect(record).toHaveClass(/selected/);

  await showTab(page, "Dock", "Endpoints");
  await page
    .getByRole("table", { name: "Endpoints" })
    .getByRole("button", { name: "node-3" })
    .first()
    .click();
  await expect(box(page, "Node/node-3")).toHaveClass(/is-selected/);

  await showTab(page, "Dock", "Events");
  await page
    .getByRole("button", { name: /^pod\/kuard-/ })
    .first()
    .click();
  await expect(inspector(page)).toContainText(/Pod in defaultkuard-/);
});

test("hops that have to do with what is selected are marked, wherever it was selected", async ({
  page,
}) => {
  await openCluster(page);
  await send(page);
  await showTab(page, "Dock", "Hops");
  const rows = page.getByRole("table", { name: "Hops with times and headers" }).getByRole("row");
  await expect(rows.filter({ hasText: "has to do with what is selected" })).toHaveCount(0);
  await box(page, "Service/default/kuard").click();
  const touched = rows.filter({ hasText: "has to do with what is selected" });
  await expect(touched.filter({ hasText: "PREROUTING" })).not.toHaveCount(0);
  await expect(touched.filter({ hasText: /nat gateway/i })).toHaveCount(0);
  const marked = hops(page).locator("li.touched");
  expect(await marked.count()).toBe(await touched.count());
  await rows.getByRole("button", { name: "user", exact: true }).first().click();
  await expect(box(page, "Host/user")).toHaveClass(/is-selected/);
});

test("a table is one stop for Tab, and the arrows go through its rows", async ({ page }) => {
  await openCluster(page);
  await showTab(page, "Dock", "Endpoints");
  const table = page.getByRole("table", { name: "Endpoints" });
  await expect(table).toBeVisible();
  await tabInto(page, table);
  const first = page.locator(":focus");
  await expect(first).toHaveText("default/kuard");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(":focus")).toHaveText(/^kuard-\w+$/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await expect(first).toHaveText(/^kuard-\w+$/);
  await page.keyboard.press("ArrowLeft");
  await expect(first).toHaveText("default/kuard");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(":focus")).toHaveText(/^10\.244\./);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(inspector(page)).toContainText(/Pod in defaultkuard-/);
  await page.keyboard.press("Shift+Tab");
  await expect(table.locator(":focus")).toHaveCount(0);
  await page.keyboard.press("Tab");
  await expect(table.locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(table.locator(":focus")).toHaveCount(0);
});

async function tabInto(page: Page, part: Locator): Promise<void> {
  for (let stop = 0; stop < 60; stop++) {
    await page.keyboard.press("Tab");
    if ((await part.locator(":focus").count()) > 0) return;
  }
  await expect(part.locator(":focus")).toHaveCount(1);
}
