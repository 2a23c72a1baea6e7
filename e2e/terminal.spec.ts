import type { Page } from "@playwright/test";
import { box, hopItems, objectRow, openCluster, readyPods, showTab } from "./app";
import { expect, test } from "./fixtures";

function rows(page: Page) {
  return page.locator(".terminal-screen:visible .xterm-rows");
}

async function openTerminal(page: Page): Promise<void> {
  await openCluster(page);
  await showTab(page, "Dock", "Terminal");
  await expect(rows(page)).toContainText("you@laptop:~$");
}

/** The keyboard goes to it, wherever it was. */
async function focus(page: Page): Promise<void> {
  await page.locator(".terminal-screen:visible .xterm-screen").click();
}

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

function note(page: Page) {
  return page.locator(".terminal-note");
}

test("a command changes the cluster, and undo takes it back", async ({ page }) => {
  await openTerminal(page);
  await type(page, "kubectl scale deploy kuard --replicas=1");
  await expect(rows(page)).toContainText("deployment.apps/kuard scaled");
  await expect(readyPods(page, "kuard")).toHaveCount(1, { timeout: 20_000 });
  await page.getByRole("button", { name: /^Undo/ }).first().click();
  await expect(readyPods(page, "kuard")).toHaveCount(3, { timeout: 20_000 });
});

test("a command that waits lets time pass, and its packet can be followed", async ({ page }) => {
  await openTerminal(page);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await focus(page);
  await type(page, "kubectl exec deploy/kuard -- wget -qO- http://kuard");
  await expect(rows(page)).toContainText("# kubehop: follow request #1");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  await expect(note(page)).toContainText("of virtual time");
  await expect(hopItems(page)).toHaveCount(0);
  await note(page).getByRole("button", { name: "Follow request #1" }).click();
  await expect(hopItems(page).first()).toContainText("kuard-");
});

test("Tab, history, Ctrl-R, Ctrl-C", async ({ page }) => {
  await openTerminal(page);
  await page.keyboard.type("kubectl get svc kub");
  await page.keyboard.press("Tab");
  await expect(rows(page)).toContainText("kubectl get svc kubernetes");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toContainText("CLUSTER-IP");
  await type(page, "clear");
  await expect(rows(page)).not.toContainText("CLUSTER-IP");
  await page.keyboard.press("Control+r");
  await page.keyboard.type("svc k");
  await expect(rows(page)).toContainText("(reverse-i-search)`svc k': kubectl get svc kubernetes");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toContainText("CLUSTER-IP");
  await type(page, "sleep 1000");
  await expect(note(page)).toContainText("The command waits");
  await page.keyboard.press("Control+c");
  await type(page, "echo $?");
  await expect(rows(page)).toContainText("130");
});

test("places: a node from its menu, a pod from there, and out by keyboard", async ({ page }) => {
  await openTerminal(page);
  await box(page, "Node/node-2").click({ button: "right", position: { x: 20, y: 12 } });
  await page.getByRole("option", { name: /Open a terminal here/ }).click();
  await expect(rows(page)).toContainText("root@node-2:~#");
  await expect(page.getByRole("tab", { name: "node node-2" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await type(page, "hostname");
  await expect(rows(page)).toContainText(/#\s*hostname\s*node-2/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("tab", { name: "node node-2" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(rows(page)).toContainText("you@laptop:~$");
  await page.keyboard.press("Enter");
  await type(page, "kubectl exec -it deploy/kuard -- ash");
  await expect(rows(page)).toContainText(/\[kuard-[\w-]+\] \/ \$/);
  await type(page, "exit");
  await expect(page.getByRole("tab", { name: "laptop" })).toBeVisible();
});

test("a shown command runs in the terminal, kubectl edit opens the editor, a name is a link", async ({
  page,
}) => {
  await openTerminal(page);
  await objectRow(page, "Deployment", "kuard").getByRole("button").first().click();
  await page.getByRole("button", { name: "Show the commands" }).click();
  await page.getByRole("button", { name: "Run in the terminal" }).nth(1).click();
  await expect(rows(page)).toContainText("deployment.apps/kuard scaled");
  await focus(page);
  await type(page, "kubectl edit deploy kuard");
  const editor = page.getByRole("region", { name: "Edit deployment/kuard" });
  await expect(editor.getByText("kubectl edit waits for you")).toBeVisible();
  await editor.getByRole("button", { name: "Close without saving" }).click();
  await expect(rows(page)).toContainText("Edit cancelled, no changes made.");
  await focus(page);
  await type(page, "clear; kubectl get svc kubernetes -o name");
  const row = rows(page).locator("> div", { hasText: "service/kubernetes" });
  const { x, y } = (await row.boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(x + 90, y + 8);
  await page.mouse.click(x + 95, y + 8);
  await expect(
    page.getByRole("heading", { name: "kubernetes", exact: true }).first(),
  ).toBeVisible();
});
