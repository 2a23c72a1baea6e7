import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { letTimePass, objectRow, openCluster, send, showTab } from "./app";
import { expect, test } from "./fixtures";

const NODE = "node-3";

test("entries whose endpoint goes: TCP stays and says so, UDP is deleted by kube-proxy", async ({
  page,
}) => {
  await openCluster(page);
  await page.getByRole("combobox", { name: "From" }).selectOption(`node/${NODE}`);
  await sendTo(page, "10.96.0.10:53/udp");
  await sendTo(page, "svc/default/kuard:80");
  await showTab(page, "Dock", "Conntrack");
  await page.getByRole("combobox", { name: "Node" }).selectOption(NODE);
  const entries = page.getByRole("table", { name: `conntrack on ${NODE}` });
  const udp = entries.getByRole("row", { name: /^udp/ });
  await expect(udp).toContainText("> 10.96.0.10:53");
  await expect(entries.getByText("⚠")).toHaveCount(0);

  const resolver = /(10\.244\.\d+\.\d+):53/.exec(await udp.innerText())?.[1] ?? "";
  await deleteRow(page, objectRow(page, "Pod", /^coredns-/).filter({ hasText: resolver }));
  // A packet that has been followed to its end leaves time standing.
  const play = page.getByRole("button", { name: "Play", exact: true });
  if (await play.isVisible()) await play.click();
  await expect(
    entries.getByText(`⚠ ${resolver}:53 is terminating: new connections go elsewhere`),
  ).toBeVisible();
  await deleteRow(page, objectRow(page, "Deployment", "kuard"));

  await letTimePass(page);
  const deleted = page.getByRole("table", { name: `Entries deleted on ${NODE}` });
  const why = `kube-proxy deleted it: ${resolver}:53 is no endpoint of kube-system/kube-dns:dns any more`;
  await expect(deleted.getByRole("row").filter({ hasText: why })).toContainText("[DESTROY] udp 17");
  await expect(udp).toHaveCount(0);
  await expect(entries.getByRole("row", { name: /^tcp/ })).toHaveCount(1);
  await expect(
    entries.getByText(/⚠ .* no pod has .* any more: the connection keeps its entry/),
  ).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).include("main [role=tabpanel]").analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await showTab(page, "Dock", "Events");
  await expect(page.getByRole("row", { name: /EntriesDeleted/ })).toContainText(why);
});

async function sendTo(page: Page, to: string): Promise<void> {
  await page.getByRole("combobox", { name: "To", exact: true }).fill(to);
  await send(page);
  const last = page.getByRole("button", { name: "Last hop" });
  if (await last.isEnabled()) await last.click();
}

async function deleteRow(page: Page, row: ReturnType<typeof objectRow>): Promise<void> {
  await row.hover();
  await row.getByRole("button", { name: /^Delete / }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
}
