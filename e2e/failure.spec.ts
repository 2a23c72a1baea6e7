import {
  box,
  clockSeconds,
  hopLines,
  inspector,
  letTimePass,
  objectRow,
  openCluster,
  readyPods,
  send,
} from "./app";
import { expect, test } from "./fixtures";

test("a packet to a Service without endpoints ends visibly, with its reason", async ({ page }) => {
  await openCluster(page);
  await deleteKuard(page);
  await expect(box(page, "Service/default/kuard")).toContainText("no endpoints");
  await expect(page.locator(".cv-part-kube-proxy", { hasText: "synced" })).toHaveCount(3);

  await page.getByRole("combobox", { name: "To" }).fill("nodeport/node-1/default/kuard:80");
  const lines = await send(page);
  expect(lines.join("\n")).toMatch(/^node-1 reject .*NetfilterReject/m);
  await page.keyboard.press("End");
  await expect(inspector(page)).toContainText("✕ refused");
  await expect(inspector(page)).toContainText("NetfilterReject");
  await expect(inspector(page)).toContainText("default/kuard has no endpoints");
  await expect(box(page, "Pod/default/kuard")).toHaveCount(0);
});

test("a stopped kube-proxy leaves its node's rules at a pod that is gone", async ({ page }) => {
  await openCluster(page);
  await box(page, "Node/node-1").getByText("node-1", { exact: true }).click();
  await inspector(page).getByRole("button", { name: "Stop kube-proxy" }).click();
  await expect(box(page, "node/node-1/kube-proxy")).toContainText("stopped: rules are frozen");
  await deleteKuard(page);
  await expect(box(page, "Service/default/kuard")).toContainText("no endpoints");

  await page.getByRole("combobox", { name: "To" }).fill("nodeport/node-1/default/kuard:80");
  const lines = await send(page);
  expect(lines.join("\n")).toMatch(/^node-1 DNAT \S+ -> 10\.244\.\d+\.\d+:8080$/m);
  expect(lines.join("\n")).not.toMatch(/^kuard-/m);
  await page.keyboard.press("End");
  await expect(inspector(page)).toContainText(/✕ (refused|dropped)/);
});

test("a worker that dies is started again with the same objects, hops and time", async ({
  page,
}) => {
  await openCluster(page, "/?debug");
  const hops = await send(page);
  await page.keyboard.press("End");
  const row = objectRow(page, "Pod", /^kuard-/).first();
  const name = (await row.getAttribute("data-key"))?.split("/").at(-1) ?? "";
  await row.getByRole("button", { name }).first().click();
  await inspector(page).getByRole("button", { name: "Fail its readiness probe" }).click();
  await letTimePass(page);
  await expect(box(page, "Service/default/kuard")).toContainText("2 of 3 endpoints ready");
  await page.getByRole("button", { name: "Pause" }).click();
  const objects = page.getByRole("region", { name: "Objects" });
  const [before, atSeconds] = [await objects.innerText(), await clockSeconds(page)];

  await page.evaluate(() =>
    (window as unknown as { __kubehop: { killWorker(): void } }).__kubehop.killWorker(),
  );
  await expect(page.getByRole("region", { name: "Notices" })).toContainText(
    "The simulation stopped and was restarted from its last state.",
  );
  await expect.poll(() => objects.innerText()).toBe(before);
  expect(await clockSeconds(page)).toBe(atSeconds);
  await expect(box(page, "Service/default/kuard")).toContainText("2 of 3 endpoints ready");
  expect(await hopLines(page)).toEqual(hops);
  await page.getByRole("button", { name: "Dismiss" }).first().click();
  const next = await send(page);
  expect(next.at(-1)).toMatch(/^user delivered/);
});

async function deleteKuard(page: Parameters<typeof openCluster>[0]): Promise<void> {
  const row = objectRow(page, "Deployment", "kuard");
  await row.hover();
  await row.getByRole("button", { name: "Delete kuard" }).click();
  await page
    .getByRole("dialog", { name: "Delete Deployment default/kuard?" })
    .getByRole("button", { name: "Delete", exact: true })
    .click();
  await letTimePass(page);
  await expect(readyPods(page, "kuard")).toHaveCount(0);
}
