import { readFileSync } from "node:fs";
import type { Browser, Locator, Page } from "@playwright/test";
import decodeQr from "qr/decode.js";
import { decodeLink, encodeLink } from "../src/share/link";
import {
  currentHop,
  goToHop,
  hopItems,
  hopLines,
  oneBlank,
  openCluster,
  send,
  setSpeed,
  showTab,
} from "./app";
import { expect, test } from "./fixtures";

test("an embedded page opens the hop that was reached there", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(page, 3);
  const link = await share(page);
  await page.goto(link.replace("/#", "/?embed=1#"));
  await page.getByRole("button", { name: "Click to load" }).click();
  await expect(page.getByText(`hop 4 / ${lines.length}`)).toBeVisible();
  for (let hop = 0; hop < 4; hop++) await page.getByRole("button", { name: "Next hop" }).click();
  await expect(page.getByText(`hop 8 / ${lines.length}`)).toBeVisible();
  const popup = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Open in kubehop" }).click();
  const opened = await popup;
  await expect(currentHop(opened)).toHaveAttribute("aria-current", "step");
  expect(oneBlank(await currentHop(opened).innerText())).toBe(lines[7]);
  await expect(opened.getByRole("region", { name: "Objects" })).toBeVisible();
});

test("after another link in the same tab a reload brings back what was done with it", async ({
  page,
}) => {
  await openCluster(page);
  const firstLines = await send(page);
  const first = await share(page);
  const secondLines = await send(page);
  const second = await share(page);
  for (const [link, lines] of [
    [first, firstLines],
    [second, secondLines],
  ] as const) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, new URL(link).hash);
    await expect.poll(() => hopLines(page)).toEqual(lines);
  }
  const own = await send(page);
  await page.waitForTimeout(800);
  await page.reload();
  await expect(notices(page)).toContainText("is back");
  expect(await hopLines(page)).toEqual(own);

  // A broken link leaves the address, too.
  await page.evaluate(() => {
    location.hash = "#1.nonsense";
  });
  await expect(notices(page)).toContainText("stays open");
  await expect.poll(() => page.url()).toBe(second);
  await page.reload();
  await expect(hopItems(page)).not.toHaveCount(0);
  expect(await hopLines(page)).toEqual(own);

  await page.getByRole("button", { name: "Workspaces" }).click();
  await page.getByRole("button", { name: "New workspace" }).click();
  await expect(hopItems(page)).toHaveCount(0);
  expect(new URL(page.url()).hash).toBe("");
});

test("a way that is watched, the send bar and the speed go along; what was locked stays locked", async ({
  page,
  browser,
}) => {
  await openCluster(page);
  await showTab(page, "Dock", "Paths");
  await page.getByRole("button", { name: "List", exact: true }).click();
  await page.getByRole("button", { name: "Watch way 5" }).click();
  await page.keyboard.press("End");
  const lines = await hopLines(page);
  await setSpeed(page, "2×");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  await dialog.getByRole("checkbox", { name: "Lock editing" }).check();
  await dialog.getByRole("combobox", { name: "Theme" }).selectOption("projector");
  const link = await dialog.getByRole("textbox", { name: /^Link/ }).inputValue();
  expect(link.length).toBeLessThan(1_500);

  const other = await fresh(browser, link);
  await expect(other.getByText("nothing was sent.")).toBeVisible();
  expect(await hopLines(other)).toEqual(lines);
  await expect(other.getByRole("combobox", { name: "Speed" })).toHaveValue("2");
  await expect(other.locator("html")).toHaveAttribute("data-theme", "projector");
  await other.getByRole("combobox", { name: "To", exact: true }).fill("svc/default/kuard:80");
  await other.getByRole("combobox", { name: "From", exact: true }).selectOption("node/node-2");
  await send(other);
  await other.waitForTimeout(800);
  await other.reload();
  await expect(other.getByRole("region", { name: "Editing is locked" })).toBeVisible();
  const again = await fresh(browser, await share(other));
  await expect(again.getByRole("combobox", { name: "From", exact: true })).toHaveValue(
    "node/node-2",
  );
  await expect(again.getByRole("region", { name: "Editing is locked" })).toBeVisible();
});

test("a view that was chosen with the canvas's buttons goes along; one that shows everything does not", async ({
  page,
  browser,
}) => {
  await openCluster(page);
  await send(page);
  await goToHop(page, 2);
  expect(viewOf(await share(page))).toBeUndefined();
  for (let times = 0; times < 3; times++)
    await page.getByRole("button", { name: "Zoom In", exact: true }).click();
  const transform = (one: Page) =>
    one.locator(".react-flow__viewport").evaluate((view) => view.style.transform);
  await expect.poll(() => transform(page).then((text) => text.length)).toBeGreaterThan(0);
  await page.waitForTimeout(600);
  const link = await share(page);
  const shown = await transform(page);
  expect(viewOf(link)).toMatchObject({ zoom: expect.any(Number) });
  const other = await fresh(browser, link);
  const numbers = (text: string) => (text.match(/-?[\d.]+/g) ?? []).map(Number);
  await expect
    .poll(async () => {
      const [x = 0, y = 0, zoom = 0] = numbers(await transform(other));
      const [wantedX = 0, wantedY = 0, wantedZoom = 0] = numbers(shown);
      return Math.max(Math.abs(x - wantedX), Math.abs(y - wantedY), 100 * (zoom - wantedZoom));
    })
    .toBeLessThan(3);
});

test("the QR code on the screen is the link", async ({ page }) => {
  await openCluster(page);
  await send(page);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const link = await page.getByRole("textbox", { name: /^Link/ }).inputValue();
  await page.getByRole("button", { name: "Show a QR code" }).click();
  const code = page.getByRole("img", { name: "QR code of the link" });
  await expect(code).toBeVisible();
  expect(decodeQr(await pixelsOf(page, code))).toBe(link);
});

test("markup in a link's names stays text; a view of nowhere shows the cluster", async ({
  page,
}) => {
  const markup = '<img src=x onerror="document.title=1"><svg onload="document.title=1">';
  const scenario = [
    `{apiVersion: kubehop.dev/v1alpha1, kind: Scenario, metadata: {name: x}, spec: {title: ${JSON.stringify(markup)}}}`,
    `{apiVersion: v1, kind: Pod, metadata: {name: web, annotations: {note: ${JSON.stringify(markup)}}}, spec: {nodeName: node-1, containers: [{name: c, image: "x/<b>y"}]}}`,
  ].join("\n---\n");
  const viewport = { x: 900_000, y: 900_000, zoom: 50 };
  const fragment = encodeLink({ run: { scenario, log: [], atUs: 30_000_000 }, viewport }, "");
  await page.goto(`/#${fragment}`);
  await expect(page.locator(".scenario")).toHaveText(markup);
  await expect(page.locator('.react-flow__node[data-id="Node/node-1"]')).toBeInViewport();
  await page.getByRole("rowheader", { name: "web" }).click();
  await showTab(page, "Inspector", "YAML");
  await expect(page.locator(".cm-content")).toContainText("<img src=x");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("tab", { name: "Embed" }).click();
  await expect(page.getByRole("textbox", { name: "Code for your page" })).toHaveValue(
    /title="kubehop: &lt;img src=x onerror=&quot;/,
  );
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  expect(await page.title()).not.toBe("1");
});

/** Presses Share; answers the link. */
async function share(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  const link = await dialog.getByRole("textbox", { name: /^Link/ }).inputValue();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  return link;
}

function viewOf(link: string) {
  const scenario = readFileSync("public/scenarios/default.yaml", "utf8");
  const decoded = decodeLink(new URL(link).hash, scenario);
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.moment.viewport;
}

/** A browser that was never here. */
async function fresh(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  await expect(hopItems(page)).not.toHaveCount(0);
  return page;
}

async function pixelsOf(page: Page, part: Locator) {
  const png = (await part.screenshot()).toString("base64");
  const { width, height, data } = await page.evaluate(async (png) => {
    const response = await fetch(`data:image/png;base64,${png}`);
    const bitmap = await createImageBitmap(await response.blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    return { width, height, data: [...(context?.getImageData(0, 0, width, height).data ?? [])] };
  }, png);
  return { width, height, data: Uint8Array.from(data) };
}

function notices(page: Page) {
  return page.getByRole("region", { name: "Notices" });
}
