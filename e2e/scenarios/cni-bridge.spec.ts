import { box, inspector, showTab } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("a new pod's network is set up step by step, and taken away when it goes", async ({
  page,
}) => {
  await openScenario(page, "cni-bridge");
  const pods = page.getByRole("group", { name: /^Pod default\/web-.*, Ready$/ });
  await expect(pods).toHaveCount(2);
  await tryIt(page, "Start one more pod and watch its box");
  await expect(pods).toHaveCount(3);

  await pods.last().click();
  await showTab(page, "Inspector", "Object");
  const added = inspector(page).getByRole("list", { name: "Plugins, ADD" });
  await expect(added.locator(".cni-run-title strong")).toContainText([
    "loopback",
    "bridge",
    "host-local",
    "portmap",
    "bandwidth",
  ]);
  const bridge = added.locator(".cni-run").filter({ hasText: "bridge" }).first();
  await expect(bridge).toContainText("cni0");
  await bridge.getByText("Environment").last().click();
  await expect(bridge).toContainText("CNI_COMMAND=ADD");
  await expect(bridge).toContainText("CNI_IFNAME=eth0");
  await bridge.getByText("stdin: its configuration").last().click();
  await expect(bridge).toContainText('"isGateway": true');

  await tryIt(page, "Take one away again");
  await expect(pods).toHaveCount(1);
  const node = page.getByRole("group", { name: /^Node node-2,/ });
  await node.press("Enter");
  const gone = inspector(page).getByRole("listitem").filter({ hasText: "gone at" }).first();
  await gone.locator("summary").first().click();
  await expect(gone.getByRole("list", { name: "Plugins, DEL" })).toContainText("host-local");
});

test("a node shows its configuration and plugins; pods reach each other", async ({ page }) => {
  await openScenario(page, "cni-bridge");
  await box(page, "node/node-1/cni0").waitFor();
  await page.getByRole("group", { name: /^Node node-1,/ }).press("Enter");
  await inspector(page).getByText("/etc/cni/net.d/10-bridge.conflist").click();
  await expect(inspector(page)).toContainText('"subnet": "10.244.1.0/24"');
  await expect(inspector(page)).toContainText("2 of 253 addresses");
  const sent = await sendFrom(page, "pod/default/client", "10.244.2.2:80");
  expect(sent.verdict).toBe("delivered");
  expect(sent.hops.join("\n")).toContain("10.244.2.0/24 via 10.0.1.12 dev eth0");
});
