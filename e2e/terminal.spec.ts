import type { Page } from "@playwright/test";
import { box, hopItems, hopLines, objectRow, openCluster, readyPods, send, showTab } from "./app";
import { expect, test } from "./fixtures";

function rows(page: Page) {
  return page.locator(".terminal-screen:visible .xterm-rows");
}

async function openTerminal(page: Page, url = "/"): Promise<void> {
  await openCluster(page, url);
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

function followSwitch(page: Page) {
  return page.getByRole("button", { name: "Follow what commands send" });
}

test("a command's packet is followed as it is sent, and the command waits for it", async ({
  page,
}) => {
  await openTerminal(page);
  await type(page, "kubectl exec deploy/kuard -- wget -qO- http://kuard/ready; echo .");
  await expect(hopItems(page).first()).toContainText("kuard-");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(note(page)).toContainText("The command waits for the packet that is followed");
  await expect(rows(page)).not.toContainText("ok.");
  await note(page).getByRole("button", { name: "Skip to its end" }).click();
  await expect(rows(page)).toContainText("ok.");
  await expect(rows(page)).toContainText("# kubehop: follow request #1");
});

test("Enter skips to the end of the packet that a command waits for", async ({ page }) => {
  await openTerminal(page);
  await type(page, "kubectl exec deploy/kuard -- wget -qO- http://kuard/ready; echo .");
  await expect(hopItems(page).first()).toContainText("kuard-");
  await type(page, "echo typed ahead");
  await expect(rows(page)).toContainText("ok.", { timeout: 5_000 });
  await expect(rows(page).locator("> div", { hasText: /^typed ahead/ })).toBeVisible();
});

test("the switch for following is remembered, and so is what it means", async ({ page }) => {
  await openTerminal(page);
  await expect(followSwitch(page)).toHaveAttribute("aria-pressed", "true");
  await followSwitch(page).click();
  await page.reload();
  await showTab(page, "Dock", "Terminal");
  await expect(followSwitch(page)).toHaveAttribute("aria-pressed", "false");
  await focus(page);
  await type(page, "kubectl exec deploy/kuard -- wget -qO- http://kuard/ready; echo .");
  await expect(rows(page)).toContainText("ok.");
  await expect(hopItems(page)).toHaveCount(0);
});

test("who follows a packet already goes on with it", async ({ page }) => {
  await openTerminal(page);
  const lines = await send(page);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await focus(page);
  await type(page, "ssh node-1 curl -s -o /dev/null http://10.0.1.12:10256/healthz; echo done");
  await expect(rows(page)).toContainText("done");
  expect(await hopLines(page)).toEqual(lines);
});

test("a command that waits lets time pass, and its packet can be followed", async ({ page }) => {
  await openTerminal(page);
  await followSwitch(page).click();
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

/** Clicks the word in the terminal's last rows that have it. */
async function clickWord(page: Page, word: string): Promise<void> {
  const row = rows(page).locator("> div", { hasText: word }).last();
  const { x = 0, y = 0 } = (await row.boundingBox()) ?? {};
  const text = (await row.textContent()) ?? "";
  const cell = await rows(page).evaluate((element) => {
    const { fontSize, fontFamily } = getComputedStyle(element);
    const pen = document.createElement("canvas").getContext("2d");
    if (!pen) return 8;
    pen.font = `${fontSize} ${fontFamily}`;
    return pen.measureText("m").width;
  });
  const at = { x: x + (text.indexOf(word) + 1.5) * cell, y: y + 8 };
  await page.mouse.move(at.x - 2, at.y);
  await page.mouse.click(at.x, at.y);
}

test("an address, a name and a chain in the output lead to their objects", async ({ page }) => {
  await openTerminal(page);
  await type(page, "clear; kubectl get svc kuard -o jsonpath='{.spec.clusterIP}'; echo");
  await expect(rows(page)).toContainText(/\d+\.\d+\.\d+\.\d+/);
  const [ip = ""] = /\d+\.\d+\.\d+\.\d+/.exec((await rows(page).textContent()) ?? "") ?? [];
  await clickWord(page, ip);
  await expect(page.getByRole("heading", { name: "kuard", exact: true }).first()).toBeVisible();
  await focus(page);
  await type(page, "clear; kubectl get nodes -o name");
  await expect(rows(page)).toContainText("node/node-3");
  await clickWord(page, "node-3");
  await expect(page.getByRole("heading", { name: "node-3", exact: true }).first()).toBeVisible();
  await focus(page);
  await type(page, "clear; ssh node-1 iptables -t nat -S | grep -o 'KUBE-SVC-[A-Z0-9]*' | tail -1");
  await expect(rows(page)).toContainText(/KUBE-SVC-[A-Z0-9]{16}/);
  await clickWord(page, "KUBE-SVC-");
  await showTab(page, "Dock", "iptables");
  await expect(page.getByRole("tabpanel").filter({ hasText: "KUBE-SVC-" }).first()).toBeVisible();
});

test("many lines, long ones, other alphabets, and none of it in the way", async ({ page }) => {
  await openTerminal(page);
  await type(page, "yes | head -100000 | tail -1; seq 1 20000; echo end of it");
  await expect(rows(page)).toContainText("end of it", { timeout: 30_000 });
  await type(page, "clear; echo 'Grüße 日本語 🎉'; printf 'x%.0s' $(seq 1 300); echo; hostname");
  await expect(rows(page)).toContainText("Grüße 日本語 🎉");
  await expect(rows(page)).toContainText(/x{40}/);
  await expect(rows(page)).toContainText("laptop");
  await page.setViewportSize({ width: 900, height: 700 });
  await type(page, "echo still there");
  await expect(rows(page)).toContainText("still there");
});

test("readline's keys, and copying what is selected", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openTerminal(page);
  await page.keyboard.type("two one");
  await page.keyboard.press("Control+w");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("echo ");
  await page.keyboard.press("Control+e");
  await page.keyboard.type("three");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toContainText("two three");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Control+u");
  await page.keyboard.type("sleep 300 &");
  await page.keyboard.press("Enter");
  await type(page, "jobs");
  await expect(rows(page)).toContainText(/\[1\]\+? +Running +sleep 300/);
  await type(page, "kill %1");
  await page.keyboard.press("Control+l");
  await type(page, "echo copy-me");
  const row = rows(page).locator("> div", { hasText: /^copy-me/ });
  await expect(row).toBeVisible();
  const { x = 0, y = 0 } = (await row.boundingBox()) ?? {};
  await page.mouse.dblclick(x + 20, y + 8);
  await page.keyboard.press("Control+Shift+c");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("copy-me");
});

function killWorker(page: Page): Promise<void> {
  return page.evaluate(() =>
    (window as unknown as { __kubehop: { killWorker(): void } }).__kubehop.killWorker(),
  );
}

test("a worker that dies ends its terminals, and they say so; the next one works", async ({
  page,
}) => {
  await openTerminal(page, "/?debug");
  await killWorker(page);
  await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();
  await focus(page);
  await type(page, "hostname");
  await expect(rows(page)).toContainText(
    "the simulation was started again: this terminal has ended",
  );
  await page.getByRole("combobox", { name: "Open a terminal at" }).selectOption("laptop");
  await expect(rows(page)).toContainText("you@laptop:~$");
  await focus(page);
  await type(page, "hostname");
  await expect(rows(page)).toContainText(/hostname\s*laptop/);
});
