import { box, inspector, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("a second interface leads into a network of its own", async ({ page }) => {
  await openScenario(page, "multus");
  await expect(box(page, "node/node-1/br-storage")).toBeVisible();
  await expect(box(page, "Pod/default/db")).toContainText("net1 192.168.50.2");
  const storage = await sendFrom(page, "pod/default/backup", "192.168.50.2:5432");
  expect(storage.verdict).toBe("delivered");
  expect(storage.told).toContain("saw the source address 192.168.50.3");
  expect(storage.hops.join("\n")).toContain("bridge br-storage port");
  const outside = await sendFrom(page, "pod/default/web", "192.168.50.2:5432");
  expect(outside.verdict).not.toBe("delivered");

  await box(page, "Pod/default/db").click();
  await showTab(page, "Inspector", "Object");
  const runs = inspector(page).getByRole("list", { name: "Plugins that multus calls" });
  await expect(runs).toContainText("net1");
});
