import {
  box,
  currentHop,
  dock,
  goToHop,
  hopItems,
  inspector,
  openCluster,
  send,
  setSpeed,
  showTab,
} from "./app";
import { expect, test } from "./fixtures";

test("Space sends first, then pauses and plays; keys and buttons step", async ({ page }) => {
  await openCluster(page);
  await page.keyboard.press("Space");
  await expect(currentHop(page)).toContainText("user");
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  const total = await hopItems(page).count();
  const atHop = (hop: number) =>
    expect(page.locator(".clock")).toContainText(`hop ${hop} / ${total}`);

  await page.keyboard.press("Home");
  await atHop(1);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await atHop(3);
  await page.keyboard.press("ArrowLeft");
  await atHop(2);
  await page.keyboard.press("End");
  await atHop(total);
  await expect(page.getByRole("button", { name: "Next hop" })).toBeDisabled();

  await page.getByRole("button", { name: "First hop" }).click();
  await atHop(1);
  await page.getByRole("button", { name: "Next hop" }).click();
  await atHop(2);
  await page.getByRole("button", { name: "Previous hop" }).click();
  await atHop(1);
  await page.getByRole("button", { name: "Last hop" }).click();
  await atHop(total);

  const speed = page.getByRole("combobox", { name: "Speed" });
  await expect(speed).toHaveValue("1");
  await page.keyboard.press("+");
  await expect(speed).toHaveValue("2");
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  await expect(speed).toHaveValue("0.5");
});

test("a packet that plays moves from hop to hop by itself, to the end", async ({ page }) => {
  await openCluster(page);
  await page.keyboard.press("Space");
  await expect(hopItems(page)).not.toHaveCount(0);
  await expect(currentHop(page)).not.toContainText(/^user\s+send/);
  await setSpeed(page, "8×");
  const total = await hopItems(page).count();
  await expect(page.locator(".clock")).toContainText(`hop ${total} / ${total}`);
  await expect(inspector(page)).toContainText("✓ delivered");
});

test("a click on a hop, in the list and in the timeline, goes there", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  const delivered = lines.findIndex((line) => /^kuard-\S+ delivered/.test(line));

  await goToHop(page, delivered);
  await expect(currentHop(page)).toContainText(/^kuard-\S+\s+delivered/);
  await expect(inspector(page)).toContainText(`Hop ${delivered + 1} of ${lines.length}`);
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();

  const timeline = page.getByRole("slider", { name: "Timeline", exact: true });
  await timeline.locator("circle").nth(4).click();
  await expect(timeline).toHaveAttribute("aria-valuenow", "5");
  await expect(currentHop(page)).toContainText("connect");
  await expect(inspector(page)).toContainText(`Hop 5 of ${lines.length}`);
});

test("the inspector tells what a hop did, and every cause leads to its object", async ({
  page,
}) => {
  await openCluster(page);
  const lines = await send(page);
  const dnat = lines.findIndex((line) => line.includes(" DNAT "));
  const [, node = "", before = "", after = ""] =
    /^(\S+) DNAT (\S+) -> (\S+)$/.exec(lines[dnat] ?? "") ?? [];

  await goToHop(page, dnat);
  await expect(inspector(page).getByRole("heading", { name: /^DNAT to pod kuard-/ })).toBeVisible();
  const headers = inspector(page).getByRole("table", { name: /^Headers before and after/ });
  await expect(headers.getByRole("columnheader")).toHaveText(["In", "Out"]);
  const destination = headers.getByRole("row", { name: /^dst/ }).getByRole("cell");
  await expect(destination.nth(0)).toHaveText(before);
  await expect(destination.nth(1)).toHaveText(`${after}⇒ DNAT`);
  const causes = inspector(page).locator(".causes");
  const chain =
    /pod kuard-\S+ → label app=kuard → selector app=kuard → Service kuard → EndpointSlice kuard-\S+ → nat KUBE-SEP/;
  await expect(causes).toContainText(chain);

  // The rules that decided were walked just before, on arrival.
  await goToHop(page, dnat - 1);
  const rules = inspector(page).getByRole("listitem");
  await expect(rules.filter({ hasText: /^✓matched: .*KUBE-SEP-\w+ .*-j DNAT/ })).toContainText(
    `--to-destination ${after}`,
  );
  await expect(rules.filter({ hasText: "not matched" }).first()).toBeVisible();
  await inspector(page)
    .getByRole("button", { name: /^nat · KUBE-SVC-/ })
    .click();
  await expect(dock(page).getByRole("table", { name: /^nat KUBE-SVC-/ })).toBeVisible();
  await expect(dock(page).getByRole("combobox", { name: "Node" })).toHaveValue(node);

  await expect(causes).toContainText(chain);
  await causes.getByRole("button", { name: /KUBE-SEP/ }).click();
  await expect(dock(page).getByRole("table", { name: /^nat KUBE-SEP-/ })).toContainText(after);

  for (const [cause, kind, name] of [
    [/^pod kuard-/, "Pod in default", /^kuard-/],
    [/^label /, "Pod in default", /^kuard-/],
    [/^selector /, "Service in default", "kuard"],
    [/^Service /, "Service in default", "kuard"],
    [/^EndpointSlice /, "EndpointSlice in default", /^kuard-/],
  ] as const) {
    await showTab(page, "Inspector", "Packet");
    await causes.getByRole("button", { name: cause }).click();
    await expect(inspector(page)).toContainText(kind);
    await expect(inspector(page).getByRole("heading", { level: 2, name })).toBeVisible();
  }
});

test("going back shows conntrack and counters as they were then", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  const masquerade = lines.findIndex((line) => line.includes(" MASQUERADE "));
  const [, node = ""] = /^(\S+) /.exec(lines[masquerade] ?? "") ?? [];
  const onCanvas = box(page, `node/${node}/iptables`);
  const entry = dock(page).getByRole("row").filter({ hasText: "DNAT" });
  const counted = dock(page).locator("tr.counted");

  await page.keyboard.press("End");
  await showTab(page, "Dock", "Conntrack");
  await dock(page).getByRole("combobox", { name: "Node" }).selectOption(node);
  await expect(entry).toHaveCount(1);
  await expect(onCanvas).toContainText("1 conntrack");

  await page.keyboard.press("Home");
  await expect(dock(page)).toContainText(`${node} tracks no connection at this moment.`);
  await expect(entry).toHaveCount(0);
  await expect(onCanvas).toContainText("0 conntrack");
  await showTab(page, "Dock", "iptables");
  await expect(
    dock(page)
      .getByRole("table", { name: /^nat KUBE-SEP-/ })
      .first(),
  ).toBeVisible();
  await expect(counted).toHaveCount(0);

  // An entry is confirmed when its packet leaves the node.
  await goToHop(page, masquerade + 1);
  await expect(counted.filter({ hasText: "KUBE-SEP" })).not.toHaveCount(0);
  await showTab(page, "Dock", "Conntrack");
  await expect(entry).toHaveCount(1);
});
