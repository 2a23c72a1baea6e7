import type { Page } from "@playwright/test";
import { box, inspector, letTimePass, objectRow, openCluster, readyPods, send } from "./app";
import { expect, test } from "./fixtures";

const PACKETS = 4;

test("a pod whose label changes gets no packet any more", async ({ page }) => {
  await openCluster(page);
  const before = await send(page);
  const pod = deliveredTo(before);

  await openYaml(page, "Pod", pod);
  const editor = page.getByRole("textbox", { name: "YAML document" });
  // The first such line is the one in metadata.labels.
  await editor.getByText("app: kuard", { exact: true }).first().click();
  await page.keyboard.press("End");
  for (const _ of "kuard") await page.keyboard.press("Backspace");
  await page.keyboard.insertText("on-leave");
  await inspector(page).getByRole("button", { name: "Apply" }).click();
  await expect(inspector(page).getByRole("status")).toContainText(`pod/${pod} configured`);

  // The controllers follow in virtual time: the ReplicaSet misses a pod, and makes one.
  await letTimePass(page);
  await expect(readyPods(page, "kuard")).toHaveCount(4);
  await expect(box(page, "Service/default/kuard")).toContainText("3 endpoints ready");
  await expect(page.locator(".cv-part-kube-proxy", { hasText: "synced" })).toHaveCount(3);

  const servers = new Set<string>();
  for (let i = 0; i < PACKETS; i++) {
    const lines = await send(page);
    expect(lines).not.toEqual(before);
    servers.add(deliveredTo(lines));
  }
  expect([...servers]).not.toContain(pod);
  expect(servers.size).toBeGreaterThan(1);
});

test("what the API server refuses is said at its line, and changes nothing", async ({ page }) => {
  await openCluster(page);
  await openYaml(page, "Service", "kuard");
  const editor = page.getByRole("textbox", { name: "YAML document" });
  await editor
    .getByText("- port: 80", { exact: false })
    .or(editor.getByText("port: 80", { exact: true }))
    .first()
    .click();
  await page.keyboard.press("End");
  await page.keyboard.insertText("999");
  await inspector(page).getByRole("button", { name: "Apply" }).click();
  const alert = inspector(page).getByRole("alert");
  await expect(alert).toContainText("Nothing was applied; the cluster is as it was.");
  await expect(alert).toContainText("must be between 1 and 65535, inclusive");
  await expect(box(page, "Service/default/kuard")).toContainText(":80");
  await expect(box(page, "Service/default/kuard")).toContainText("3 endpoints ready");
});

async function openYaml(page: Page, kind: string, name: string): Promise<void> {
  const row = objectRow(page, kind, name);
  await row.hover();
  await row.getByRole("button", { name: `Edit ${name}` }).click();
  await expect(page.getByRole("textbox", { name: "YAML document" })).toContainText("apiVersion");
}

function deliveredTo(lines: readonly string[]): string {
  return lines.map((line) => /^(kuard-\S+) delivered/.exec(line)?.[1]).find(Boolean) ?? "";
}
