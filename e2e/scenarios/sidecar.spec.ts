import { box, inspector, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("a pod's containers reach each other at localhost, and nobody else does", async ({ page }) => {
  await openScenario(page, "sidecar");
  const own = await sendFrom(page, "pod/default/shop", "127.0.0.1:9000");
  expect(own.verdict).toBe("delivered");
  expect(own.told).toContain("pod/default/shop");
  const other = await sendFrom(page, "pod/default/client", "pod/default/shop:9000");
  expect(other.verdict).toBe("refused");
  expect(other.told).toContain("NoSocket");
  const web = await sendFrom(page, "pod/default/client", "pod/default/shop:8080");
  expect(web.verdict).toBe("delivered");

  await box(page, "Pod/default/shop").click();
  await showTab(page, "Inspector", "Object");
  const frame = inspector(page).locator(".namespace-frame");
  await expect(frame).toContainText("pause");
  await expect(frame).toContainText("*:8080");
  await expect(frame).toContainText("127.0.0.1:9000");
});

test("the second container on a port crashes, and runs with a port of its own", async ({
  page,
}) => {
  await openScenario(page, "sidecar");
  const clash = page.getByRole("group", { name: /^Pod default\/clash-.*, CrashLoopBackOff$/ });
  await expect(clash).toHaveCount(1);
  await tryIt(page, "Why does clash not run?");
  const terminal = page.getByRole("tabpanel", { name: "Terminal" });
  await expect(terminal).toContainText("listen tcp :8080: bind: address already in use");
  await expect(terminal).toContainText("CrashLoopBackOff");
  await tryIt(page, "Give the second container a port of its own");
  await expect(page.getByRole("group", { name: /^Pod default\/clash-.*, Ready$/ })).toHaveCount(1);
  await expect(clash).toHaveCount(0);
});
