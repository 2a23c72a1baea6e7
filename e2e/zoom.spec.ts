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

async function zoomInto(page: Page, node: string): Promise<void> {
  const frame = await box(page, `node/${node}/iptables`).boundingBox();
  if (!frame) throw new Error("no iptables on the canvas");
  await page.mouse.move(frame.x + frame.width / 2, frame.y + frame.height / 2);
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -240);
  await expect(page.getByRole("region", { name: `Rules of ${node}` })).toBeVisible();
}
