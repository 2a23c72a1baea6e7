import { inspector, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, tryIt } from "./opened";

const terminal = (page: import("@playwright/test").Page) =>
  page.getByRole("tabpanel", { name: "Terminal" });

test("a pod without an address stays ContainerCreating, in the plugin's words", async ({
  page,
}) => {
  await openScenario(page, "address-exhaustion");
  const ready = page.getByRole("group", { name: /^Pod default\/web-.*, Ready$/ });
  await expect(ready).toHaveCount(5);
  await tryIt(page, "One pod more than there are addresses");
  const left = page.getByRole("group", { name: /^Pod default\/web-.*, no network$/ });
  await expect(left).toHaveCount(1);
  await left.click();
  await showTab(page, "Inspector", "Object");
  await expect(inspector(page)).toContainText("FailedCreatePodSandBox");
  await expect(inspector(page)).toContainText(
    "failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.6",
  );
  await page.getByRole("group", { name: /^Node node-1,/ }).press("Enter");
  await expect(inspector(page)).toContainText("✕ 5 of 5 addresses");
  await tryIt(page, "Free an address again");
  await expect(left).toHaveCount(0);
});

test("a third node gets no pod CIDR and is not ready", async ({ page }) => {
  await openScenario(page, "address-exhaustion");
  await tryIt(page, "Add a third node");
  const node = page.getByRole("group", { name: /^Node node-3, .*NotReady$/ });
  await expect(node).toBeVisible();
  await node.press("Enter");
  await showTab(page, "Inspector", "Object");
  await expect(inspector(page)).toContainText("Node node-3 status is now: CIDRNotAvailable");
  await expect(inspector(page)).toContainText("cni plugin not initialized");
});

test("the last Service address is given out, and no more", async ({ page }) => {
  await openScenario(page, "address-exhaustion");
  await tryIt(page, "The last free Service address");
  await expect(terminal(page)).toContainText("service/last created");
  await tryIt(page, "One Service too many");
  await expect(terminal(page)).toContainText("failed to allocate a serviceIP: range is full");
});
