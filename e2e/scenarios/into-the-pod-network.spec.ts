import type { Page } from "@playwright/test";
import { box, letTimePass, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

test("a route in the VPC leads the machine to the pods, and may be taken away", async ({
  page,
}) => {
  await openScenario(page, "into-the-pod-network");
  await expect(box(page, "vpc")).toContainText("no routes to pods");
  expect((await fromVm(page, "web-1")).verdict).toBe("dropped");

  await box(page, "vpc").click();
  const table = page.getByRole("table", { name: "Route table of the VPC" });
  await table.getByRole("button", { name: "Add the route to the pods of node-1" }).click();
  await expect(box(page, "vpc")).toContainText("routes to pods: 1 of 2");
  const found = await fromVm(page, "web-1");
  expect(found).toMatchObject({ server: "pod/default/web-1", saw: "10.0.9.20" });
  expect(found.hops.join("\n")).toMatch(/vpc forward 10\.244\.1\.0\/24.* to node-1/);
  expect((await fromVm(page, "web-2")).verdict).toBe("dropped");

  await box(page, "Node/node-2").click({ position: { x: 60, y: 8 } });
  await showTab(page, "Inspector", "Object");
  await page.getByRole("button", { name: "Add the VPC’s route to its pods" }).click();
  await expect(box(page, "vpc")).toContainText("routes to all pods");
  expect((await fromVm(page, "web-2")).verdict).toBe("delivered");
  await table.getByRole("button", { name: "Remove the route to the pods of node-1" }).click();
  expect((await fromVm(page, "web-1")).verdict).toBe("dropped");
});

test("the machine joins the pod network without being a node", async ({ page }) => {
  await openScenario(page, "into-the-pod-network");
  expect((await fromVm(page, "web-2")).verdict).toBe("dropped");
  await box(page, "Host/vm").click();
  await page.getByRole("button", { name: "Join the pod network" }).click();
  await expect(box(page, "Host/vm")).toContainText("in the pod network");
  await letTimePass(page);
  // It hears of the nodes a moment later.
  await expect(async () => {
    const sent = await fromVm(page, "web-2");
    expect(sent).toMatchObject({ server: "pod/default/web-2", saw: "10.0.9.20" });
    expect(sent.hops.join("\n")).toContain("vpc forward to node-2 (10.0.1.12)");
  }).toPass();
  await expect(page.getByRole("table", { name: "Node", exact: true }).getByRole("row")).toHaveCount(
    2,
  );
  await expect(box(page, "vpc")).toContainText("no routes to pods");
  await tryIt(page, "Look at the routes of vm");
  await runs(page, /10\.244\.1\.0\/24 via 10\.0\.1\.11/);
  const user = await sendFrom(page, "host/user", "pod/default/web-1:8080");
  expect(user.verdict).toBe("dropped");
});

test("the source/destination check stops what does not carry the machine's own address", async ({
  page,
}) => {
  await openScenario(page, "into-the-pod-network");
  const across = () => sendFrom(page, "pod/default/web-1", "pod/default/web-2:8080");
  expect((await across()).verdict).toBe("delivered");
  await box(page, "Node/node-1").click({ position: { x: 60, y: 8 } });
  await showTab(page, "Inspector", "Object");
  await page.getByRole("button", { name: "Source/destination check on" }).click();
  const stopped = await across();
  expect(stopped.verdict).toBe("dropped");
  expect(stopped.told).toMatch(/source\/destination check/i);
  await showTab(page, "Inspector", "Object");
  await page.getByRole("button", { name: "Source/destination check off" }).click();
  expect((await across()).verdict).toBe("delivered");
});

function fromVm(page: Page, pod: string) {
  return sendFrom(page, "host/vm", `pod/default/${pod}:8080`);
}
