import { readFile } from "node:fs/promises";
import type { Browser, Page } from "@playwright/test";
import { currentHop, goToHop, hopLines, oneBlank, openCluster, readyPods, send } from "./app";
import { expect, test } from "./fixtures";

test("one click copies a link that shows the same hop of the same packet in a fresh browser", async ({
  page,
  browser,
}) => {
  await openCluster(page);
  const lines = await send(page);
  const dnat = lines.findIndex((line) => line.includes(" DNAT "));
  await goToHop(page, dnat);
  const clock = await page.locator(".clock").innerText();
  const link = await share(page);
  expect(link.length).toBeLessThan(1_500);

  const other = await fresh(browser, link);
  await expect(currentHop(other)).toHaveText(/DNAT/);
  expect(await hopLines(other)).toEqual(lines);
  expect(oneBlank(await currentHop(other).innerText())).toBe(lines[dnat]);
  await expect(other.locator(".clock")).toHaveText(oneBlank(clock), { useInnerText: true });
  await expect(other.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  // They did nothing yet that could be taken back.
  await expect(other.getByRole("button", { name: /^Undo/ })).toBeDisabled();

  // Theirs is a copy: it goes on, and so does this one.
  await other.keyboard.press("ArrowRight");
  await expect(currentHop(other)).not.toHaveText(/DNAT/);
  await expect(currentHop(page)).toHaveText(/DNAT/);
});

test("where the clipboard is out of reach the link can be selected; options change it", async ({
  page,
  browser,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await openCluster(page);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  await expect(dialog.getByRole("status")).toContainText("select the text above");
  const field = dialog.getByRole("textbox", { name: /^Link/ });
  const plain = await field.inputValue();
  await dialog.getByRole("checkbox", { name: "Lock editing" }).check();
  await dialog.getByRole("checkbox", { name: "Hide the panels" }).check();
  await dialog.getByRole("combobox", { name: "Theme" }).selectOption("dark");
  await expect(field).not.toHaveValue(plain);
  await dialog.getByRole("button", { name: "Show a QR code" }).click();
  await expect(dialog.getByRole("img", { name: "QR code of the link" })).toBeVisible();

  const other = await fresh(browser, await field.inputValue());
  await expect(readyPods(other, "kuard")).toHaveCount(3);
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(other.getByRole("button", { name: "Dock" })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
  const note = other.getByRole("region", { name: "Editing is locked" });
  await expect(note).toBeVisible();
  await other.getByRole("button", { name: "List of objects" }).click();
  const row = other
    .getByRole("row")
    .filter({ hasText: /^kuard-/ })
    .first();
  await row.click();
  await other.getByRole("button", { name: "Inspector", exact: true }).click();
  await expect(other.getByRole("button", { name: "Its rules" })).toBeVisible();
  await expect(other.getByRole("button", { name: /^Edit/ })).toHaveText(["Edit a copy"]);
  await expect(other.getByRole("button", { name: "Delete", exact: true })).toHaveCount(0);
  await note.getByRole("button", { name: "Edit a copy" }).click();
  await expect(note).toHaveCount(0);
  await expect(other.getByRole("button", { name: "Delete", exact: true })).toBeVisible();
});

test("embedded: nothing runs before a click; then canvas and playback, and a way out", async ({
  page,
}) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(page, 3);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  await dialog.getByRole("tab", { name: "Embed" }).click();
  await expect(dialog.getByRole("textbox", { name: "Code for your page" })).toHaveValue(
    /^<iframe src="http.*\?embed=1#1\..*<\/iframe>$/,
  );
  const preview = dialog.frameLocator("iframe");
  await expect(preview.getByRole("application")).toHaveCount(0);
  await preview.getByRole("button", { name: "Click to load" }).click();
  await expect(preview.getByText(`hop 4 / ${lines.length}`)).toBeVisible();
  await expect(preview.getByRole("application", { name: "The network" })).toBeVisible();
  await expect(preview.getByRole("region", { name: "Objects" })).toHaveCount(0);
  await preview.getByRole("button", { name: "Next hop" }).click();
  await expect(preview.getByText(`hop 5 / ${lines.length}`)).toBeVisible();
  const href = await preview.getByRole("link", { name: "Open in kubehop" }).getAttribute("href");
  expect(href).not.toContain("embed");
  expect(href).toContain("#1.");
});

for (const [what, fragment, words] of [
  ["broken", "#1.zzzz", "This link is broken"],
  ["too new", "#99.abcd", "made with a newer version"],
  ["too large", `#1.${"A".repeat(450_000)}`, "too large"],
] as const) {
  test(`a link that is ${what} opens the default scenario, and says so`, async ({ page }) => {
    await openCluster(page, `/${fragment}`);
    await expect(page.getByRole("region", { name: "Notices" })).toContainText(words);
  });
}

test("another link in the same tab opens; a broken one leaves what is there", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(page, 6);
  const link = await share(page);
  await page.getByRole("button", { name: "Close" }).click();
  await goToHop(page, 1);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, new URL(link).hash);
  await expect.poll(async () => oneBlank(await currentHop(page).innerText())).toBe(lines[6]);
  await page.evaluate(() => {
    location.hash = "#1.nonsense";
  });
  await expect(page.getByRole("region", { name: "Notices" })).toContainText("stays open");
  expect(oneBlank(await currentHop(page).innerText())).toBe(lines[6]);
});

test("what is too long for a link is saved as a file, which opens when it is dropped", async ({
  page,
  browser,
}) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(page, 5);
  await page.evaluate(() => {
    // Noise does not pack.
    const text = Array.from(crypto.getRandomValues(new Uint8Array(12_000)), (byte) =>
      byte.toString(16),
    ).join("");
    const yaml = `{apiVersion: v1, kind: Namespace, metadata: {name: noise, annotations: {text: "${text}"}}}`;
    const transfer = new DataTransfer();
    transfer.items.add(new File([yaml], "noise.yaml"));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
  });
  await page.getByRole("button", { name: "Apply to this cluster" }).click();
  await page.getByRole("button", { name: "Show the cluster" }).click();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  await expect(dialog.getByRole("alert")).toContainText("Save it as a file instead");
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save as a file" }).click();
  const text = await readFile(await (await saved).path(), "utf8");

  const other = await fresh(browser, "/");
  await expect(readyPods(other, "kuard")).toHaveCount(3);
  await other.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "moment.kubehop.json"));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
  }, text);
  await expect.poll(async () => oneBlank(await currentHop(other).innerText())).toBe(lines[5]);
});

test("export: the cluster, manifests, pictures, the story and a capture", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(page, 8);
  await page.getByRole("button", { name: "Export", exact: true }).click();

  const scenario = await exported(page, "Scenario: YAML");
  expect(scenario.toString()).toContain("kind: Scenario");
  const manifests = (await exported(page, "Manifests: YAML")).toString();
  expect(manifests).toMatch(/kind: Deployment[\s\S]*kind: Service/);
  expect(manifests).not.toMatch(/clusterIP|status:|nodePort/);
  const png = await exported(page, "Picture: PNG");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.length).toBeGreaterThan(50_000);
  const svg = (await exported(page, "Picture: SVG")).toString();
  expect(svg).toMatch(/^<svg [\s\S]*kube-proxy/);
  const story = (await exported(page, "Story of the packet: Markdown")).toString();
  expect(story).toContain(`${lines.length} hops`);
  for (const line of lines) expect(story).toContain(line);
  expect((await exported(page, "Story of the packet: Text")).toString()).toContain(
    "Outcome: delivered",
  );
  const capture = await exported(page, "Capture: pcapng");
  expect(capture.readUInt32LE(0)).toBe(0x0a0d0d0a);
  expect(capture.includes("cni0")).toBe(false);
  await page.getByLabel("Capture: which packets").selectOption("Every interface");
  const everywhere = await exported(page, "Capture: pcapng");
  expect(everywhere.includes("cni0")).toBe(true);
  await page.getByLabel("Capture: which packets").selectOption("user eth0");
  const atUser = await exported(page, "Capture: pcapng");
  expect(atUser.includes("user eth0")).toBe(true);
  expect(atUser.length).toBeLessThan(everywhere.length);
});

/** Presses Share; answers what it put on the clipboard. */
async function share(page: Page): Promise<string> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  await expect(dialog.getByRole("status")).toHaveText("Copied to the clipboard.");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await expect(dialog.getByRole("textbox", { name: /^Link/ })).toHaveValue(link);
  return link;
}

/** A browser that was never here. */
async function fresh(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function exported(page: Page, name: string): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name, exact: true }).click();
  return readFile(await (await download).path());
}
