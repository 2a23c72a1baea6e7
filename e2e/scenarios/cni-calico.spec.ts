import { box, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("without a bridge every pod has a route of its own", async ({ page }) => {
  await openScenario(page, "cni-calico");
  await expect(box(page, "node/node-1/route")).toBeVisible();
  await expect(box(page, "node/node-1/cni0")).toHaveCount(0);
  const near = await sendFrom(page, "pod/default/client", "pod/default/near:8080");
  expect(near.verdict).toBe("delivered");
  expect(near.hops.join("\n")).toMatch(
    /node-1 route 10\.244\.1\.0 dev cali[0-9a-f]{11} scope link/,
  );
  const far = await sendFrom(page, "pod/default/client", "pod/default/far:8080");
  expect(far.verdict).toBe("delivered");
  expect(far.told).toContain("saw the source address 10.244.1.1");
  expect(far.hops.join("\n")).toContain("10.244.2.0/26 via 10.0.1.12 dev eth0 proto bird");

  await showTab(page, "Dock", "Routes");
  await expect(page.getByRole("tabpanel", { name: "Routes" })).toContainText(
    "blackhole 10.244.1.0/26 proto bird",
  );
});
