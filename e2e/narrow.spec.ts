import { box, currentHop, hopItems, hopLines, openCluster, readyPods, sendButton } from "./app";
import { expect, test } from "./fixtures";

test.use({ viewport: { width: 390, height: 844 } });

test("on a narrow screen a packet is sent and stepped, and everything is in reach", async ({
  page,
}) => {
  await openCluster(page);
  await expect(readyPods(page, "kuard").first()).toBeVisible();
  await sendButton(page).click();
  await expect(hopItems(page)).not.toHaveCount(0);
  const total = (await hopLines(page)).length;
  await hopItems(page).nth(7).getByRole("button").click();
  await expect(currentHop(page)).toContainText("PREROUTING");
  await page.getByRole("button", { name: "Next hop" }).click();
  await expect(currentHop(page)).toContainText("DNAT");
  await page.getByRole("button", { name: "Previous hop" }).click();
  await expect(currentHop(page)).toContainText("PREROUTING");
  await page.getByRole("button", { name: "Last hop" }).click();
  await expect(page.locator(".clock")).toContainText(`${total} / ${total}`);

  const details = page.getByRole("tablist", { name: "Details" });
  for (const [tab, content] of [
    ["Objects", "kuard"],
    ["YAML", "Select an object"],
    ["Timeline", "elb/kuard"],
    ["Hops", "PREROUTING"],
    ["iptables", "KUBE-SERVICES"],
    ["Conntrack", "Original direction"],
    ["Routes", "10.244.1.0/24"],
    ["Endpoints", "default/kuard"],
    ["Events", "Scheduled"],
    ["Packet", "Hop "],
  ] as const) {
    await details.getByRole("tab", { name: tab, exact: true }).click();
    await expect(page.getByRole("tabpanel")).toContainText(content);
  }

  await details.getByRole("tab", { name: "Objects" }).click();
  await page
    .getByRole("table", { name: "Service" })
    .getByRole("button", { name: /^kuard/ })
    .click();
  await expect(page.getByRole("tabpanel", { name: "Object" })).toContainText("Service in default");
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByRole("dialog", { name: "Import YAML" })).toBeInViewport();
  await page.keyboard.press("Escape");

  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
  for (const button of await page.getByRole("banner").getByRole("button").all()) {
    if (await button.isVisible()) await expect(button).toBeInViewport({ ratio: 1 });
  }
  await expect(box(page, "Host/user")).toBeVisible();
});

test("a phone on its side has the canvas beside the sheet, and every button in sight", async ({
  page,
}) => {
  for (const size of [
    { width: 844, height: 390 },
    { width: 667, height: 375 },
  ]) {
    await page.setViewportSize(size);
    await openCluster(page);
    const canvas = await page.getByRole("application", { name: "The network" }).boundingBox();
    const sheet = await page.getByRole("tablist", { name: "Details" }).boundingBox();
    expect(canvas?.height).toBeGreaterThan(200);
    expect(sheet?.x).toBeGreaterThanOrEqual((canvas?.x ?? 0) + (canvas?.width ?? size.width));
    await expect(page.locator(".topbar button:visible").last()).toBeInViewport({ ratio: 1 });
  }
});
