import { box } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("pods have addresses of the VPC: its machines reach them, and see them", async ({ page }) => {
  await openScenario(page, "cni-aws-vpc");
  await expect(box(page, "node/node-1/eth1")).toBeVisible();
  await expect(box(page, "node/node-1/cni0")).toHaveCount(0);
  const inward = await sendFrom(page, "host/vm", "10.0.1.75:80");
  expect(inward.verdict).toBe("delivered");
  expect(inward.told).toContain("saw the source address 10.0.9.20");
  // The sixth pod's address is of the second card, and what it sends leaves by that.
  expect(inward.hops.join("\n")).toContain("node-1 route default via 10.0.1.1 dev eth1");
  const outward = await sendFrom(page, "pod/default/client", "10.0.9.20:80");
  expect(outward.told).toMatch(/saw the source address 10\.0\.1\.6\d/);
});

test("when all cards are full, pods wait for an address", async ({ page }) => {
  await openScenario(page, "cni-aws-vpc");
  await tryIt(page, "Ask for more pods than there are addresses");
  await expect(page.getByRole("group", { name: /^Pod default\/web-.*, no network$/ })).toHaveCount(
    5,
  );
  await expect(page.getByRole("group", { name: /^Pod default\/web-.*, Ready$/ })).toHaveCount(15);
});
