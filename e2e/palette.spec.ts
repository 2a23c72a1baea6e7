import type { Locator, Page } from "@playwright/test";
import { box, currentHop, hopItems, objectRow, openCluster, readyPods, send, showTab } from "./app";
import { expect, test } from "./fixtures";

/** Buttons that are no commands, as they only mean something where they are: lines of a list that select what they name,
 *  what folds, what a form or a dialog is filled in for. Every other button must be found in the palette. */
const LOCAL = [
  "[role=tab]",
  "summary",
  ".link",
  ".row",
  ".group",
  ".rule-text",
  "[aria-expanded]:not([data-action])",
  "table.data button",
  ".routes button",
  ".tree button",
  "form button",
  ".links button",
  ".effects button",
  ".notice button",
].join(", ");

/** Of dialogs and editors, by name: each needs the text beside it. */
const LOCAL_NAMES = /^(Close|Dismiss|Apply|Apply to this cluster|Open as a new cluster)$/;

test("every button is a command, found in the palette by its id", async ({ page }) => {
  test.setTimeout(300_000);
  await openCluster(page);
  const found = new Set<string>();
  const unknown: string[] = [];
  const collect = async (where: string) => {
    const buttons = await page.evaluate(buttonsIn, LOCAL);
    for (const { action, name } of buttons)
      if (action === "" && !LOCAL_NAMES.test(name)) unknown.push(`${where}: ${name}`);
    for (const { action } of buttons) if (action !== "") found.add(action);
  };

  await collect("at first");
  await send(page);
  await page.keyboard.press("Home");
  await collect("with a packet");
  await page.getByRole("button", { name: "Legend", exact: true }).click();
  await expect(page.getByRole("region", { name: "Legend" })).toBeVisible();
  await collect("with the legend");
  for (const kind of ["Deployment", "Pod", "Node", "Host", "Service"]) {
    await objectRow(page, kind, /./).first().getByRole("button").first().click();
    await expect(page.getByRole("tabpanel", { name: "Object", exact: true })).toContainText(kind);
    await collect(kind);
  }
  await showTab(page, "Inspector", "YAML");
  await expect(page.getByRole("textbox", { name: "YAML document" })).toBeVisible();
  await collect("YAML");
  await page.keyboard.press("Escape");
  for (const tab of await page
    .getByRole("tablist", { name: "Dock" })
    .getByRole("tab")
    .allTextContents()) {
    await showTab(page, "Dock", tab);
    await expect(page.getByText("Loading …")).toHaveCount(0);
    if (tab === "Paths") await expect(page.getByText("Nothing is sent.")).toBeVisible();
    await collect(tab);
  }
  await showTab(page, "Cluster", "Add");
  await expect(page.getByRole("region", { name: "Add" })).toBeVisible();
  await collect("Add");
  for (const name of ["Import", "Export", "Share", "Workspaces"]) {
    await page.getByRole("banner").getByRole("button", { name, exact: true }).click();
    await expect(page.getByRole("dialog").getByRole("button").nth(1)).toBeVisible();
    await collect(name);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }

  expect(unknown, "buttons without an action").toEqual([]);

  // The palette itself is opened by its key or button.
  found.delete("palette");
  expect(found.size).toBeGreaterThan(80);
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Commands" });
  const missing: string[] = [];
  for (const id of sample(found)) {
    await palette.getByRole("combobox").fill(id);
    const option = palette.locator(`[role=option][data-action="${id}"]`);
    await option.waitFor({ timeout: 3_000 }).catch(() => missing.push(id));
  }
  expect(missing, "actions that the palette does not have").toEqual([]);
});

test("an object is found by name or address, and then what can be done to it", async ({ page }) => {
  await openCluster(page);
  const palette = await openPalette(page, "10.104.121.55");
  await expect(selected(palette)).toContainText("Service default/kuard");
  await page.keyboard.press("Enter");
  const actions = page.getByRole("dialog", { name: "Actions for Service default/kuard" });
  for (const label of ["Send to here", "Edit …", "Edit YAML", "Show the rules", "Delete …"])
    await expect(actions.getByRole("option", { name: label }).first()).toBeAttached();
  await page.keyboard.press("Backspace");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();

  await page.keyboard.type("deployment default/kuard scale to 4");
  await expect(selected(page.getByRole("dialog"))).toContainText("Scale to 4");
  await expect(selected(page.getByRole("dialog"))).toContainText("kubectl");
  await page.keyboard.press("Enter");
  await expect(readyPods(page, "kuard")).toHaveCount(4);
  await run(page, "undo scale");
  await expect(box(page, "Service/default/kuard")).toContainText("3 endpoints ready");
});

test("sends, plays, zooms, exports and shares without a button", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openCluster(page);
  await run(page, "send a request");
  await expect(hopItems(page)).not.toHaveCount(0);
  await run(page, "hop 8: prerouting");
  await expect(currentHop(page)).toContainText("PREROUTING");
  await run(page, "one hop back");
  await expect(page.locator(".clock")).toContainText("hop 7 /");
  await run(page, "speed 4×");
  await expect(page.getByRole("combobox", { name: "Speed" })).toHaveValue("4");
  await run(page, "send to svc/default/kuard");
  await expect(page.getByRole("combobox", { name: "To" })).toHaveValue("svc/default/kuard:80");

  await run(page, "nearest");
  await expect(page.getByRole("region", { name: /^Rules of node-/ }).first()).toBeVisible();
  await run(page, "from afar");
  await expect(box(page, "node/node-1/iptables")).toHaveCount(0);
  await run(page, "select node node-3");
  await run(page, "zoom to the selection");
  await expect(box(page, "node/node-3/iptables")).toBeInViewport();
  await run(page, "show everything");
  await expect(box(page, "Host/user")).toBeInViewport();

  const download = page.waitForEvent("download");
  await run(page, "export story markdown");
  expect((await download).suggestedFilename()).toMatch(/\.packet\.md$/);
  await run(page, "copy a link that locks editing");
  await expect(page.getByText("The link is copied to the clipboard.")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/^http.+#\d+\./);

  await run(page, "predict every way");
  await expect(page.getByText("Nothing is sent.")).toBeVisible();
  await run(page, "watch the way to");
  await expect(page.getByText("A possibility")).toBeVisible();
  await run(page, "leave the possibility");
  await run(page, "fork here compare");
  await expect(page.getByRole("form", { name: "Compare" })).toBeVisible();
  await run(page, "theme: projector");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "projector");
});

test("what cannot be done now says why; edits are not done while editing is locked", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openCluster(page);
  const palette = await openPalette(page, "stop the load");
  const stop = palette.getByRole("option", { name: /^Stop the load/ });
  await expect(stop).toHaveAttribute("aria-disabled", "true");
  await expect(stop).toContainText("No load is running.");
  await page.keyboard.press("Escape");

  await run(page, "copy a link that locks editing");
  await expect(page.getByText("The link is copied to the clipboard.")).toBeVisible();
  const other = await context.newPage();
  await other.goto(await page.evaluate(() => navigator.clipboard.readText()));
  await expect(other.getByRole("region", { name: "Editing is locked" })).toBeVisible();
  const locked = await openPalette(other, "add service");
  const add = locked.getByRole("option", { name: /^Add Service/ });
  await expect(add).toHaveAttribute("aria-disabled", "true");
  await expect(add).toContainText("Editing is locked in this link.");
  await other.keyboard.press("Escape");
  await box(other, "Service/default/kuard").click({ button: "right" });
  const menu = other.getByRole("dialog", { name: "Actions for Service default/kuard" });
  await expect(menu.getByRole("option", { name: "Send to here" })).toBeVisible();
  await expect(menu.getByRole("option", { name: "Delete …" })).toHaveCount(0);
  await other.keyboard.press("Escape");
  await run(other, "edit a copy");
  await expect(other.getByRole("region", { name: "Editing is locked" })).toHaveCount(0);
});

/** With what is written on them, or read aloud. */
function buttonsIn(local: string): { action: string; name: string }[] {
  const dialog = document.querySelector("dialog[open]");
  const buttons = [...(dialog ?? document).querySelectorAll<HTMLElement>("button, summary")];
  return buttons
    .filter((button) => button.checkVisibility() && !button.matches(local))
    .map((button) => ({
      action: button.dataset.action ?? "",
      name: (button.getAttribute("aria-label") ?? button.innerText).replace(/\s+/g, " ").trim(),
    }));
}

/** All, but of those that there is one of for each object or hop only a few. */
function sample(ids: ReadonlySet<string>): readonly string[] {
  const taken = new Map<string, number>();
  return [...ids].filter((id) => {
    const like = id.replace(/^(open )?[A-Z]\w+\/\S+/, "$1OBJECT").replace(/\.\d+$/, ".N");
    const count = (taken.get(like) ?? 0) + 1;
    taken.set(like, count);
    return count <= 2;
  });
}

async function openPalette(page: Page, text: string): Promise<Locator> {
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type(text);
  return palette;
}

function selected(palette: Locator): Locator {
  return palette.getByRole("option", { selected: true });
}

async function run(page: Page, text: string): Promise<void> {
  const palette = await openPalette(page, text);
  const words = text.split(" ").filter((word) => word.length > 3);
  for (const word of words.slice(0, 2))
    await expect(selected(palette)).toContainText(new RegExp(word.replace(/[/.:]/g, "\\$&"), "i"));
  await page.keyboard.press("Enter");
  await expect(palette).toHaveCount(0);
}
