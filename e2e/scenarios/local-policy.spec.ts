import { box, letTimePass } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("nodes without the pod leave the targets, and come back with one", async ({ page }) => {
  await openScenario(page, "local-policy");
  const elb = box(page, "elb/default/web");
  await expect(elb).toContainText("node-1 healthy");
  await expect(elb).toContainText("node-2 healthy");
  await expect(elb).toContainText("node-3 unhealthy");

  const through = await sendFrom(page, "host/user", "lb/default/web:80");
  expect(through.verdict).toBe("delivered");
  expect(through.hops.join("\n")).toMatch(
    /elb\/web connect node-[12] \S+:30080, 1 of 2 healthy targets/,
  );
  // The pod sees the ELB: nobody masquerades.
  expect(through.hops.join("\n")).not.toContain("MASQUERADE");

  const past = await sendFrom(page, "host/user", "nodeport/node-3/default/web:80");
  expect(past.verdict).toBe("dropped");
  expect(past.hops.at(-1)).toMatch(/^node-3 drop/);

  await box(page, "elb/default/web").click();
  await page.getByRole("tab", { name: "Object", exact: true }).click();
  await expect(page.locator(".object-tab")).toContainText("Target node-3");

  // A third pod goes to node-3, whose kube-proxy then answers 200.
  await page
    .locator('tr[data-key="Deployment/default/web"]')
    .getByRole("button", { name: /^web/ })
    .first()
    .click();
  await page.getByRole("button", { name: "Scale to 3" }).click();
  await letTimePass(page);
  await expect(elb).toContainText("node-3 healthy", { timeout: 45_000 });
});
