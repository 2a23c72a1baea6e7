import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import {
  clockSeconds,
  inspector,
  letTimePass,
  objectRow,
  openCluster,
  paste,
  readyPods,
  send,
  sendButton,
  showTab,
} from "./app";
import { expect, test } from "./fixtures";

test("externalTrafficPolicy Local against Cluster: side by side, and the run stays as it is", async ({
  page,
}) => {
  await openCluster(page);
  await showTab(page, "Dock", "Compare");
  await choose(page, "kuard", "externalTrafficPolicy");
  await expect(page.getByLabel("externalTrafficPolicy, to be")).toHaveValue("Local");
  await compare(page);
  const lines = page.getByRole("table", { name: "Hops side by side" });
  const masquerade = lines.getByRole("row").filter({ hasText: "MASQUERADE" });
  await expect(masquerade.first()).toContainText("only without the change");
  await expect(page.getByText(/lines differ\./)).toBeVisible();
  await expect(lines.locator("mark").first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Outcomes and their chances" })).toBeVisible();
  await expect(sendButton(page)).toBeEnabled();
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();

  await page.getByRole("button", { name: "Larger" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare" });
  await expect(dialog.getByRole("table", { name: "Hops side by side" })).toBeVisible();
  await dialog.getByRole("button", { name: "Watch" }).nth(1).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("nothing was sent.")).toBeVisible();
});

test("what is refused is said in the API server's words", async ({ page }) => {
  await openCluster(page);
  await showTab(page, "Dock", "Compare");
  await page.getByLabel("Object to change").selectOption("Deployment/default/kuard");
  await page.getByLabel("What to change").selectOption({ label: "replicas" });
  await page.getByLabel("replicas", { exact: true }).fill("-2");
  await compare(page);
  const alert = page.getByRole("alert").filter({ hasText: "The change is refused" });
  await expect(alert).toContainText("spec.replicas: Invalid value: -2");

  await page.getByLabel("Object to change").selectOption("yaml");
  const editor = page.getByRole("textbox", { name: "YAML to apply to the copy" });
  await page.getByLabel("Object to begin with").selectOption("Service/default/kuard");
  await expect(editor).toContainText("kind: Service");
  await paste(
    page,
    editor,
    "{apiVersion: v1, kind: Service, metadata: {name: 9bad}, spec: {ports: [{port: 80}]}}",
  );
  await compare(page);
  await expect(alert).toContainText("9bad");
});

test("a moment before an edit is the one from which it was not made yet", async ({ page }) => {
  test.slow();
  await openCluster(page);
  await objectRow(page, "Deployment", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .click();
  const scale = page.getByRole("region", { name: "Actions" });
  await scale.getByRole("button", { name: "Scale to 4" }).click();
  await letTimePass(page);
  await expect(readyPods(page, "kuard")).toHaveCount(4);
  const now = await clockSeconds(page);

  await showTab(page, "Dock", "History");
  await page.getByRole("button", { name: /^Compare from just before: Scale Deployment/ }).click();
  await expect(page.getByLabel("From which moment").locator("option:checked")).toContainText(
    "before: Scale Deployment kuard to 4",
  );
  // Then there were three pods: another than now, and no more to choose from.
  const pods = page.getByLabel("Object to change").locator('option[value^="Pod/default/kuard-"]');
  await expect(pods).toHaveCount(3);
  await choose(page, "kuard", "internalTrafficPolicy");
  await page.getByLabel("When to send after the change").selectOption("at once");
  await compare(page);
  const outcomes = page.getByRole("table", { name: "Outcomes and their chances" });
  await expect(outcomes.getByRole("row")).toHaveCount(4);

  await page.getByLabel("From which moment").selectOption("another moment …");
  const slider = page.getByLabel("Moment, in seconds of virtual time");
  await expect(slider).toBeVisible();
  await slider.focus();
  await page.keyboard.press("End");
  await expect(pods).toHaveCount(4);
  await compare(page);
  await expect(outcomes.getByRole("row")).toHaveCount(5);
  expect(await clockSeconds(page)).toBeGreaterThanOrEqual(now);
  await expect(inspector(page)).toContainText("Deployment in default");
});

test("on a phone both runs are told one below the other", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openCluster(page);
  await page.getByRole("tab", { name: "Compare", exact: true }).click();
  await choose(page, "kuard", "externalTrafficPolicy");
  await compare(page);
  await expect(page.getByRole("list", { name: "Hops one below the other" })).toContainText(
    "Without the change",
  );
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing in comparisons in the ${theme} theme`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openCluster(page, `/?theme=${theme}`);
    await send(page);
    await showTab(page, "Dock", "Compare");
    await choose(page, "kuard", "externalTrafficPolicy");
    await page.getByLabel("From which moment").selectOption("another moment …");
    await compare(page);
    await expect(page.getByRole("table", { name: "Hops side by side" })).toBeVisible();
    expect(await violations(page, "main [role=tabpanel]")).toEqual([]);
    await page.getByLabel("Object to change").selectOption("yaml");
    await page.getByRole("button", { name: "Larger" }).click();
    await expect(page.getByRole("dialog").getByRole("textbox", { name: /^YAML/ })).toBeVisible();
    expect(await violations(page, "dialog")).toEqual([]);
  });
}

async function choose(page: Page, service: string, change: string): Promise<void> {
  await page.getByLabel("Object to change").selectOption(`Service/default/${service}`);
  await page.getByLabel("What to change").selectOption(change);
}

async function compare(page: Page): Promise<void> {
  const form = page.getByRole("form", { name: "Compare" });
  await form.getByRole("button", { name: "Compare", exact: true }).click();
  await expect(form.getByText("Running both …")).toHaveCount(0);
}

async function violations(page: Page, part: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}
