import { box, inspector, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("a node has one pod for each hostPort, and leads to it by rules", async ({ page }) => {
  await openScenario(page, "host-network-and-ports");
  const pending = page.getByRole("group", { name: /^Pod default\/edge-.*, Pending$/ });
  await expect(pending).toHaveCount(1);
  const sent = await sendFrom(page, "host/user", "203.0.113.111:8081");
  expect(sent.verdict).toBe("delivered");
  expect(sent.told).toContain("pod/default/edge-");
  expect(sent.hops.join("\n")).toMatch(/node-1 DNAT 10\.0\.1\.11:8081 -> 10\.244\.1\.\d+:80/);

  await pending.click();
  await showTab(page, "Inspector", "Object");
  await expect(inspector(page)).toContainText(
    "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.",
  );
});

test("as many pods as there are nodes need not wait", async ({ page }) => {
  await openScenario(page, "host-network-and-ports");
  await tryIt(page, "Two are enough");
  await expect(page.getByRole("group", { name: /^Pod default\/edge-/ })).toHaveCount(2);
});

test("a pod in the node's network is the node to everybody", async ({ page }) => {
  await openScenario(page, "host-network-and-ports");
  await expect(box(page, "Pod/default/agent")).toContainText("node’s network");
  const sent = await sendFrom(page, "pod/default/client", "pod/default/agent:9100");
  expect(sent.verdict).toBe("delivered");
  expect(sent.hops.join("\n")).toContain("> 10.0.1.11:9100");
  await tryIt(page, "Name the node in a second such pod");
  await expect(page.getByRole("group", { name: /^Pod default\/second,.*NodePorts$/ })).toHaveCount(
    1,
  );
});
