import type { Locator, Page } from "@playwright/test";
import {
  currentHop,
  hopItems,
  hopLines,
  inspector,
  objectRow,
  openCluster,
  sendButton,
} from "./app";
import { expect, test } from "./fixtures";

/** More stops than any way below has. */
const MOST_STOPS = 60;

test("everything is done by keyboard, and the focus is always seen", async ({ page }) => {
  await openCluster(page);

  await page.keyboard.press("Space");
  await expect(hopItems(page)).not.toHaveCount(0);
  await page.keyboard.press("End");
  await expect(currentHop(page)).toContainText(/^user\s+delivered/);
  await page.keyboard.press("ArrowLeft");
  await expect(currentHop(page)).toContainText(/^internet\s+route/);

  const service = objectRow(page, "Service", "kuard").getByRole("button", { name: /^kuard/ });
  // The list is one stop; within it the arrows move.
  await tabTo(page, page.getByRole("button", { name: "Service 3" }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(service).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(inspector(page)).toContainText("Service in default");

  await page.keyboard.press("e");
  const editor = page.getByRole("textbox", { name: "YAML document" });
  await expect(editor).toContainText("targetPort: 8080");
  await expect(editor).toBeFocused();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("# seen\n");
  await expect(editor).toContainText("# seen");
  await tabTo(page, inspector(page).getByRole("button", { name: "Apply" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(inspector(page).getByRole("status")).toContainText("service/kuard unchanged");

  await tabTo(page, page.getByRole("tab", { name: "YAML" }), "Shift+Tab");
  await page.keyboard.press("Home");
  await expect(page.getByRole("tab", { name: "Packet" })).toBeFocused();
  await expect(inspector(page)).toContainText("Hop ");
});

test("dialogs keep the focus, close on Escape and give it back", async ({ page }) => {
  await openCluster(page);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const button = page.getByRole("button", { name: "Import" });
  await tabTo(page, button);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Import YAML" });
  await expect(dialog.getByRole("textbox")).toBeVisible();
  await tabTo(page, dialog.getByRole("button", { name: "Apply to this cluster" }));
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
});

test("by keyboard alone: from the open page to a followed packet to a shared link", async ({
  page,
  browser,
}) => {
  test.slow();
  await openCluster(page);

  await tabTo(page, sendButton(page));
  await page.keyboard.press("Enter");
  await expect(hopItems(page)).not.toHaveCount(0);
  await page.keyboard.press("End");
  await expect(currentHop(page)).toContainText(/^user\s+delivered/);
  await page.keyboard.press("ArrowLeft");
  await expect(currentHop(page)).toContainText(/^internet\s+route/);

  await tabTo(page, page.getByRole("button", { name: "Share", exact: true }), "Shift+Tab");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Share this moment" });
  const field = dialog.getByRole("textbox", { name: /^Link/ });
  await expect(field).toBeVisible();
  await tabTo(page, field);
  const link = await field.inputValue();
  expect(link).toMatch(/^http.+#/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeFocused();

  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await expect(currentHop(other)).toContainText(/^internet\s+route/);
  expect(await hopLines(other)).toEqual(await hopLines(page));
  await other.context().close();
});

/** Presses Tab until the target has the focus; at every stop on the way the focus must show. */
async function tabTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press(key);
    await expect.poll(() => page.evaluate(unseenFocus), "focus that does not show").toBeUndefined();
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  await expect(target).toBeFocused();
}

/** The focused element when nothing on the screen tells that it has the focus. */
function unseenFocus(): string | undefined {
  const element = document.activeElement;
  if (!element || element === document.body) return undefined;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
  if (isOutlined || boxShadow !== "none") return undefined;
  // An editor draws its focus around itself, a file button around its label.
  const frame = element.closest(".cm-editor, label");
  if (frame && getComputedStyle(frame).outlineStyle !== "none") return undefined;
  return element.outerHTML.slice(0, 200);
}
