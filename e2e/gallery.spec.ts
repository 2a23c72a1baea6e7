import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { BUILT_IN_SCENARIOS } from "../src/share/built-in";
import { hopItems, openCluster, send } from "./app";
import { expect, test } from "./fixtures";
import { outcome } from "./scenarios/opened";

test("the gallery shows every scenario with its picture, and is filtered by words", async ({
  page,
}) => {
  await openCluster(page);
  await openGallery(page);
  await expect(cards(page)).toHaveCount(BUILT_IN_SCENARIOS.length);
  for (const { title } of BUILT_IN_SCENARIOS) {
    const one = card(page, title);
    await one.scrollIntoViewIfNeeded();
    const picture = one.locator("img:visible");
    await expect(picture).toHaveCount(1);
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBe(480);
    await expect(one).toHaveAccessibleDescription(/.{40}/);
  }
  await page.getByRole("searchbox", { name: "Filter scenarios" }).fill("no such subject");
  await expect(cards(page)).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Filter scenarios" }).fill("elb iptables");
  await expect(card(page, "User → ELB → Node → iptables → Pod")).toBeVisible();
});

test("what was open stays in its workspace, and the scenario gets one of its own", async ({
  page,
}) => {
  await openCluster(page);
  const lines = await send(page);
  await openGallery(page);
  await card(page, "User → ELB → Node → iptables → Pod").click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(hopItems(page)).toHaveCount(0);
  await page.getByRole("button", { name: "Workspaces", exact: true }).click();
  await page.getByRole("button", { name: /^Open of/ }).click();
  await expect(hopItems(page)).toHaveCount(lines.length);
});

test("scenarios that were only looked at leave no workspaces behind", async ({ page }) => {
  await openCluster(page);
  for (const title of ["Names in a cluster", "No address left", "Who reaches whom"]) {
    await openGallery(page);
    await card(page, title).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("button", { name: title })).toBeVisible();
  }
  await page.getByRole("button", { name: "Workspaces", exact: true }).click();
  const kept = page.getByRole("list", { name: "Workspaces" }).getByRole("listitem");
  await expect(kept).toHaveCount(1);
  await expect(kept).toContainText("Who reaches whom");
});

test("a suggestion sends, another runs in the terminal, and both are in the palette", async ({
  page,
}) => {
  await openCluster(page);
  await suggestion(page, "From a pod out to the internet").click();
  await expect(page.getByRole("combobox", { name: "To" })).toHaveValue("db.example.com:443");
  await expect(page.getByRole("combobox", { name: "From" })).toHaveValue(/^pod\/default\/kuard-/);
  expect((await outcome(page)).server).toBe("host/db");
  await suggestion(page, "Scale kuard down and send again").click();
  await expect(page.getByRole("region", { name: "Terminal on laptop" })).toContainText(
    "deployment.apps/kuard scaled",
    { timeout: 40_000 },
  );
  await suggestion(page, "Look at the Service’s rules").click();
  await expect(page.getByRole("region", { name: "Terminal on node/node-1" })).toContainText(
    "KUBE-SVC-",
    { timeout: 40_000 },
  );
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  const commands = page.getByRole("dialog", { name: "Commands" });
  await expect(commands.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("try nodeport");
  await expect(commands.getByRole("option", { name: /Try: .*NodePort/ }).first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "To" })).toHaveValue(/^nodeport\/node-1/);
});

test("G opens the gallery, T puts away what to try, a phone has it as a tab", async ({ page }) => {
  await openCluster(page);
  const list = page.getByRole("list", { name: "Try", exact: true });
  await expect(list).toBeVisible();
  await page.keyboard.press("t");
  await expect(list).toHaveCount(0);
  await page.keyboard.press("t");
  await expect(list).toBeVisible();
  await page.keyboard.press("g");
  await expect(page.getByRole("dialog", { name: "Scenarios" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Try" }).click();
  await suggestion(page, "From the internet to a NodePort").click();
  await expect(hopItems(page)).not.toHaveCount(0);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

for (const theme of ["light", "dark", "projector"] as const) {
  test(`axe finds nothing in the gallery and in what to try, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openCluster(page, `/?theme=${theme}`);
    const look = async (selector: string) =>
      (await new AxeBuilder({ page }).include(selector).analyze()).violations;
    expect(await look(".try-card")).toEqual([]);
    await openGallery(page);
    expect(await look("dialog")).toEqual([]);
  });
}

// That everything it suggests can be tried, scenarios/suggestions.test.ts holds.
for (const { name, title } of BUILT_IN_SCENARIOS) {
  test(`${name} opens from the gallery, and its first suggestion can be tried`, async ({
    page,
  }) => {
    await page.goto("/");
    await openGallery(page);
    await card(page, title).click();
    await expect(page.getByRole("region", { name: "Scenario" })).toContainText(title);
    await expect(page.getByRole("banner")).toContainText(title);
    await expect(page.getByRole("table", { name: "Node", exact: true })).toContainText("Ready");
    const [first] = await page
      .getByRole("list", { name: "Try", exact: true })
      .getByRole("button")
      .all();
    const does = (await first?.getAttribute("title")) ?? "";
    await first?.click();
    if (does.startsWith("Sends")) expect((await outcome(page)).told).not.toContain("NotModelled");
    else await expect(page.locator(".terminal-screen")).toContainText(/\S/);
    await expect(page.getByRole("region", { name: "Notices" }).locator(".error")).toHaveCount(0);
  });
}

async function openGallery(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Scenarios/ }).click();
  await expect(page.getByRole("dialog", { name: "Scenarios" })).toBeVisible();
}

function cards(page: Page) {
  return page.getByRole("dialog").locator(".scenario-card");
}

function card(page: Page, title: string) {
  return page.getByRole("dialog").getByRole("button", { name: title, exact: true });
}

function suggestion(page: Page, title: string) {
  return page
    .getByRole("list", { name: "Try", exact: true })
    .getByRole("button", { name: title, exact: true });
}
