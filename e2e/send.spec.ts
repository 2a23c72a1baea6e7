import {
  clockSeconds,
  hopItems,
  hopLines,
  hops,
  inspector,
  openCluster,
  send,
  setSpeed,
  traced,
} from "./app";
import { expect, test } from "./fixtures";

const cliLines = traced("public/scenarios/default.yaml", "host/user", "lb/default/kuard:80");

test("the first press of Send shows the hops that the command line prints", async ({ page }) => {
  await openCluster(page);
  await expect(hopItems(page)).toHaveCount(0);
  expect(await send(page)).toEqual(await cliLines);
});

test("however long the page was open before", async ({ page }) => {
  await openCluster(page);
  await setSpeed(page, "8×");
  const opened = await clockSeconds(page);
  await expect.poll(() => clockSeconds(page)).toBeGreaterThan(opened + 20);
  expect(await send(page)).toEqual(await cliLines);
});

test("a second press follows another connection", async ({ page }) => {
  await openCluster(page);
  const first = await send(page);
  const second = await send(page);
  expect(second[0]).toMatch(/^user send 203\.0\.113\.10:\d+ > 192\.0\.2\.10:80 tcp S$/);
  expect(second).not.toEqual(first);
  await expect(page.getByText("In the past")).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Notices" })).toBeEmpty();
});

test("the reply comes back with its NAT undone", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  await page.keyboard.press("End");
  await expect(inspector(page)).toContainText(`Hop ${lines.length} of ${lines.length}`);
  await expect(inspector(page)).toContainText("✓ delivered");

  const delivered = lines.findIndex((line) => /^kuard-\S+ delivered /.test(line));
  expect(delivered).toBeGreaterThan(0);
  const [there, back] = [lines.slice(0, delivered), lines.slice(delivered + 1)];
  expect(there.join("\n")).toMatch(/ DNAT 10\.0\.1\.\d+:\d+ -> 10\.244\.\d+\.\d+:8080/);
  expect(there.join("\n")).toMatch(/ MASQUERADE /);
  expect(back.join("\n")).toMatch(/un-SNAT /);
  expect(back.join("\n")).toMatch(/un-DNAT 10\.244\.\d+\.\d+:8080 -> 10\.0\.1\.\d+:\d+/);
  expect(back.at(-1)).toMatch(/^user delivered 192\.0\.2\.10:80 > 203\.0\.113\.10:\d+ tcp S\.$/);
});

test("request, response and all packets can be followed", async ({ page }) => {
  await openCluster(page);
  const first = await send(page);
  const follow = page.getByRole("combobox", { name: "Follow" });

  await follow.selectOption("request");
  await expect(hopItems(page).last()).toContainText(/^kuard-\S+\s+delivered/);
  const request = await hopLines(page);
  expect(request[0]).toMatch(/^user send .* tcp P\./);

  await follow.selectOption("response");
  await expect(hopItems(page).last()).toContainText(/^user\s+delivered/);
  const response = await hopLines(page);
  expect(response[0]).toMatch(/^kuard-\S+ send .* tcp P\./);

  await follow.selectOption("all packets");
  await expect(hops(page)).toContainText("tcp F.");
  const all = await hopLines(page);
  expect(all.length).toBeGreaterThan(first.length + request.length + response.length);

  await follow.selectOption("first packet");
  await expect(hopItems(page)).toHaveCount(first.length);
  expect(await hopLines(page)).toEqual(first);
});
