import type { Page } from "@playwright/test";
import { box, goToHop, openCluster, send } from "./app";
import { expect, test } from "./fixtures";

test("from afar a node is a tile with its load, close up its rules can be read", async ({
  page,
}) => {
  await openCluster(page);
  const iptables = box(page, "node/node-2/iptables");
  await expect(iptables).toBeVisible();

  for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "Zoom Out" }).click();
  await expect(iptables).toHaveCount(0);
  await expect(box(page, "Node/node-2")).toContainText(/pods ready\s*2\/2/);
  await expect(box(page, "Node/node-2")).toContainText(/conntrack\s*0/);

  await page.getByRole("button", { name: "Show everything" }).click();
  await expect(iptables).toBeVisible();
  await zoomInto(page, "node-2");
  const rules = page.getByRole("region", { name: "Rules of node-2" });
  await expect(rules).toContainText("nat KUBE-SERVICES");
  await expect(rules).toContainText(/KUBE-SVC-\w{4}… 10\.96\.0\.1:443/);
  await expect(rules).toContainText("DNAT 10.0.0.10:6443");
});

test("close up, the rules that the packet met are marked", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  const hop = lines.findIndex((line) => / PREROUTING .*KUBE-SEP/.test(line));
  const node = lines[hop]?.split(" ")[0] ?? "";
  await goToHop(page, hop);
  await zoomInto(page, node);
  const rules = page.getByRole("region", { name: `Rules of ${node}` });
  await expect(rules).toContainText(/rules tested, \d+ matched/);
  await expect(rules.getByText(/^✓ .*-j KUBE-NODEPORTS/)).toBeAttached();
  await expect(rules.getByText(/^– /).first()).toBeAttached();
});

test("zoomed out as far as it goes, the cluster can still be read, and the open iptables does not hide it", async ({
  page,
}) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(
    page,
    lines.findIndex((line) => / PREROUTING .*KUBE-SEP/.test(line)),
  );
  const card = page.getByRole("region", { name: /^iptables of node-/ });
  await expect(card).toBeVisible();
  const canvas = await page.locator(".stage-canvas").boundingBox();
  if (!canvas) throw new Error("no canvas");
  await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + canvas.height / 2);
  for (let i = 0; i < 12; i++) await page.mouse.wheel(0, 400);
  await expect(page.getByRole("button", { name: "Zoom Out" })).toBeDisabled();
  await expect(card).toHaveCount(0);
  const zone = await page.locator('[data-id="zone/cluster"]').boundingBox();
  expect(zone?.width).toBeGreaterThan(canvas.width / 5);
});

test("the packet goes down the rules that match while it plays", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  const hop = lines.findIndex((line) => / PREROUTING .*KUBE-SEP/.test(line));
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label: "0.25×" });
  await goToHop(page, hop);
  await page.keyboard.press("Space");
  const tag = page.locator(".cv-tag");
  const heights = new Set<number>();
  for (let i = 0; i < 12; i++) {
    heights.add(Math.round((await tag.boundingBox())?.y ?? 0));
    await page.waitForTimeout(150);
  }
  expect(heights.size).toBeGreaterThan(2);
});

test("the legend says what lines and symbols mean", async ({ page }) => {
  await openCluster(page);
  await page.getByRole("button", { name: "Legend", exact: true }).click();
  const legend = page.getByRole("region", { name: "Legend" });
  await expect(legend).toContainText("Service → pod that it selects");
  await legend.getByRole("button", { name: "Close the legend" }).click();
  await expect(legend).toHaveCount(0);
});

async function zoomInto(page: Page, node: string): Promise<void> {
  const frame = await box(page, `node/${node}/iptables`).boundingBox();
  if (!frame) throw new Error("no iptables on the canvas");
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -240);
  await expect(page.getByRole("region", { name: `Rules of ${node}` })).toBeVisible();
}
