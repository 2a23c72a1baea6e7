import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { hopLines, openCluster, send, setSpeed, showTab } from "./app";
import { expect, test } from "./fixtures";

/** Every second connection from a node to an address that nobody has goes to the database. */
const RULES = `*nat
:LOTS - [0:0]
-A OUTPUT -d 203.0.113.77 -p tcp --dport 80 -j LOTS
-A LOTS -j LOG --log-prefix "seen: "
-A LOTS -p tcp -m statistic --mode nth --every 2 --packet 1 -j RETURN
-A LOTS -p tcp -j DNAT --to-destination 198.51.100.20:443
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*filter
:INPUT DROP [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
`;

function area(page: Page) {
  return page.getByLabel("Rules", { exact: true });
}

async function openDialog(page: Page): Promise<void> {
  await showTab(page, "Dock", "iptables");
  await page.getByRole("combobox", { name: "Node" }).selectOption("node-1");
  await page.getByRole("button", { name: "Paste rules" }).click();
  await expect(page.getByRole("dialog", { name: "Paste rules into node-1" })).toBeVisible();
}

test("a real node's rules: mistakes by line, counts, then packets go through them", async ({
  page,
}) => {
  await openCluster(page);
  await openDialog(page);
  const restore = page.getByRole("button", { name: "Restore", exact: true });
  await expect(restore).toBeDisabled();
  await area(page).fill(`${RULES}*raw\n-A PREROUTING -m foo -j DROP\n-A OUTPUT -j GONE\nCOMMIT\n`);
  const wrong = page.getByRole("button", { name: /^line 14: Couldn't load match `foo'/ });
  await expect(wrong).toBeVisible();
  await expect(page.getByText("line 15: Chain 'GONE' does not exist")).toBeVisible();
  await expect(restore).toBeDisabled();
  for (const theme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    const { violations } = await new AxeBuilder({ page }).include("dialog").analyze();
    expect(
      violations.map(({ id }) => id),
      theme,
    ).toEqual([]);
  }
  await wrong.click();
  const selected = await area(page).evaluate((field: HTMLTextAreaElement) =>
    field.value.slice(field.selectionStart, field.selectionEnd),
  );
  expect(selected).toBe("-A PREROUTING -m foo -j DROP");

  await area(page).fill(RULES);
  await expect(page.getByRole("status").filter({ hasText: "nat" })).toHaveText(
    "✓ nat: 5 chains, 5 rules; filter: 3 chains, 1 rule",
  );
  await restore.click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("note").filter({ hasText: "restored by hand" })).toContainText(
    "nat, filter restored by hand",
  );
  await expect(page.getByText("policy DROP")).toBeVisible();
  await expect(page.getByRole("table", { name: "nat LOTS" }).getByRole("row")).toHaveCount(4);

  await setEnds(page, "node/node-1", "203.0.113.77:80");
  const lines = await send(page);
  expect(lines.find((line) => line.includes("OUTPUT"))).toContain('LOTS, LOG "seen: "');
  expect(lines.some((line) => line.includes("DNAT 203.0.113.77:80 -> 198.51.100.20:443"))).toBe(
    true,
  );
  const next = await send(page);
  expect(next.some((line) => line.includes("DNAT"))).toBe(false);
  expect(await hopLines(page)).toEqual(next);
});

test("undone, kube-proxy runs and its rules are back; kept running, it takes its chains back", async ({
  page,
}) => {
  await openCluster(page);
  await openDialog(page);
  await area(page).fill(RULES);
  await page.getByRole("checkbox", { name: /Stop kube-proxy/ }).uncheck();
  await expect(page.getByText("within 30 s if its canary chain is missing")).toBeVisible();
  await page.getByRole("button", { name: "Restore", exact: true }).click();
  const note = page.getByRole("note").filter({ hasText: "restored by hand" });
  await expect(note).toContainText("kube-proxy will write its own chains again");
  await setSpeed(page, "8×");
  await expect(note).toContainText("kube-proxy has written its own chains again since", {
    timeout: 30_000,
  });
  await expect(page.getByRole("table", { name: "nat KUBE-SERVICES" })).toBeVisible();
  await expect(page.getByRole("table", { name: "nat LOTS" })).toBeVisible();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(note).toBeHidden();
  await expect(page.getByRole("table", { name: "nat LOTS" })).toBeHidden();
});

test("what a node carries is saved, and read back as it was", async ({ page }) => {
  await openCluster(page);
  await showTab(page, "Dock", "iptables");
  await page.getByRole("combobox", { name: "Node" }).selectOption("node-1");
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe("node-1.iptables-save");
  const path = await saved.path();
  const text = readFileSync(path, "utf8");
  expect(text).toContain('-A PREROUTING -m comment --comment "kubernetes service portals"');
  await openDialog(page);
  await page.locator('input[type="file"]').setInputFiles(path);
  await expect(area(page)).toHaveValue(text);
  await expect(page.getByRole("status").filter({ hasText: "nat" })).toContainText("✓ mangle: ");
});

async function setEnds(page: Page, from: string, to: string): Promise<void> {
  await page.getByRole("combobox", { name: "From" }).selectOption(from);
  await page.getByRole("combobox", { name: "To", exact: true }).fill(to);
}
