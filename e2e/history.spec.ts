import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { box, letTimePass, objectRow, openCluster, readyPods, showTab } from "./app";
import { expect, test } from "./fixtures";

test("panels and theme are undone and done again among edits", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await openCluster(page, "/?theme=light");
  await scale(page, "Scale to 4");
  await page.getByRole("button", { name: "List of objects", exact: true }).click();
  await expect(page.getByRole("button", { name: "List of objects", exact: true })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
  await page.getByRole("button", { name: /^Theme:/ }).click();
  await page.getByRole("button", { name: /^Theme:/ }).click();
  await showTab(page, "Dock", "History");
  const steps = page.getByRole("list", { name: "History of actions" }).getByRole("listitem");
  await expect(steps).toHaveCount(4);
  await expect(steps.nth(1)).toContainText(/^t = \d\d:\d\d\.\d{3}Scale Deployment kuard to 4/);
  await expect(steps.nth(2)).toContainText("Hide the list of objects");
  // Turned twice, it is one step.
  await expect(steps.nth(3)).toContainText("Theme: projector");

  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.getByRole("button", { name: "Theme: light", exact: true })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(objectRow(page, "Deployment", "kuard")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(steps.nth(0)).toHaveAttribute("aria-current", "step");
  await expect(objectRow(page, "Deployment", "kuard")).toContainText("3/3");
  await steps
    .nth(3)
    .getByRole("button", { name: /Theme: projector/ })
    .click();
  await expect(steps.nth(3)).toHaveAttribute("aria-current", "step");
  await expect(page.getByRole("button", { name: "Theme: projector", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "List of objects", exact: true })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
});

test("each edit tells its kubectl line, and what came and went since", async ({ page }) => {
  await openCluster(page);
  await scale(page, "Scale to 4");
  await letTimePass(page);
  await expect(readyPods(page, "kuard")).toHaveCount(4);
  await showTab(page, "Dock", "History");
  const step = page
    .getByRole("list", { name: "History of actions" })
    .getByRole("listitem")
    .filter({ hasText: "Scale Deployment kuard to 4" });
  await step.getByRole("button", { name: /^kubectl for/ }).click();
  await expect(step).toContainText("kubectl scale deployment kuard --replicas=4");
  await step.getByRole("button", { name: /^Effects since/ }).click();
  const effects = step.getByRole("list", { name: "What came and went" });
  await expect(effects).toContainText(/Pod default\/kuard-\S+ came/);
  await expect(effects).toContainText(/Deployment default\/kuard: spec.replicas is 4, was 3/);
  await expect(effects).toContainText(/rules on node-2 came/);
  expect(await violations(page)).toEqual([]);
  await effects
    .getByRole("button", { name: /^Pod default\/kuard-/ })
    .first()
    .click();
  const [name = ""] = await page
    .locator(".react-flow__node.is-selected")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-id") ?? ""));
  expect(name).toMatch(/^Pod\/default\/kuard-/);
  await expect(box(page, name)).toContainText("Ready");
});

test("what was added, changed and deleted by form, YAML and list is taken back", async ({
  page,
}) => {
  test.slow();
  await openCluster(page);
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  for (const kind of ["Namespace", "Service", "EndpointSlice", "DaemonSet", "Node", "Host"]) {
    await showTab(page, "Cluster", "Add");
    await page
      .getByRole("region", { name: "Add" })
      .getByRole("button", { name: new RegExp(`^${kind}`) })
      .click();
    const form = page.getByRole("form", { name: `Add ${kind}` });
    await form.getByRole("button", { name: `Add ${kind}` }).click();
    await expect(form).toHaveCount(0);
  }
  await showTab(page, "Cluster", "Objects");
  await readyPods(page, "kuard").first().click();
  const actions = page.getByRole("region", { name: "Actions" });
  await actions.getByRole("button", { name: "Fail its readiness probe" }).click();
  await expect(actions.getByRole("button", { name: "Let its probes pass" })).toBeVisible();
  await objectRow(page, "Service", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .focus();
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(box(page, "Service/default/kuard")).toHaveCount(0);
  await objectRow(page, "Deployment", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .focus();
  await page.keyboard.press("e");
  const editor = page.getByRole("textbox", { name: "YAML document" });
  await editor.getByText("replicas: 3", { exact: true }).click();
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  await page.keyboard.insertText("2");
  await page.getByRole("region", { name: "YAML" }).getByRole("button", { name: "Apply" }).click();
  await expect(objectRow(page, "Deployment", "kuard")).toContainText("/2");

  await showTab(page, "Dock", "History");
  const steps = page.getByRole("list", { name: "History of actions" }).getByRole("listitem");
  await expect(steps).toHaveCount(10);
  await steps.nth(0).getByRole("button", { name: "As it was opened" }).click();
  await expect(steps.nth(0)).toHaveAttribute("aria-current", "step");
  await expect(undo).toBeDisabled();
  await expect(box(page, "Service/default/kuard")).toContainText("LoadBalancer");
  for (const id of ["Service/default/web", "Node/node-4", "Host/client"])
    await expect(box(page, id)).toHaveCount(0);
  await expect(objectRow(page, "Deployment", "kuard")).toContainText("/3");
  await letTimePass(page);
  await expect(readyPods(page, "kuard")).toHaveCount(3);

  await steps.nth(9).getByRole("button", { name: /^t = / }).click();
  await expect(steps.nth(9)).toHaveAttribute("aria-current", "step");
  await expect(box(page, "Node/node-4")).toBeVisible();
  await expect(box(page, "Service/default/kuard")).toHaveCount(0);
});

test("on a phone a step is readable, and its buttons are in reach", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openCluster(page);
  await page.getByRole("tab", { name: "Objects", exact: true }).click();
  await scale(page, "Scale to 4");
  await page.getByRole("tab", { name: "History", exact: true }).click();
  const step = page
    .getByRole("list", { name: "History of actions" })
    .getByRole("listitem")
    .filter({ hasText: "Scale Deployment kuard to 4" });
  const text = await step.locator(".text").boundingBox();
  expect(text?.width).toBeGreaterThan(150);
  for (const button of await step.getByRole("button").all())
    await expect(button).toBeInViewport({ ratio: 1 });
});

async function scale(page: Page, label: string): Promise<void> {
  await objectRow(page, "Deployment", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .click();
  await page.getByRole("region", { name: "Actions" }).getByRole("button", { name: label }).click();
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeEnabled();
}

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include("main [role=tabpanel]").analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}
