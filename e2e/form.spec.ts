import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import {
  box,
  inspector,
  letTimePass,
  objectRow,
  openCluster,
  readyPods,
  send,
  showTab,
} from "./app";
import { expect, test } from "./fixtures";

const TYPES = ["ClusterIP", "Headless", "NodePort", "LoadBalancer", "ExternalName"] as const;

test("Services of every type are made by form, and by the same request as YAML", async ({
  page,
}) => {
  test.slow();
  await openCluster(page);
  for (const type of TYPES) {
    const name = `form-${type.toLowerCase()}`;
    await startAdding(page, "Service");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Type", { exact: true }).selectOption(type);
    await submit(page, "Add Service");
    await expect(card(page, name)).toContainText(badgeOf(type));

    const other = `yaml-${type.toLowerCase()}`;
    await startAdding(page, "Service");
    await page.getByLabel("Type", { exact: true }).selectOption(type);
    await form(page).getByRole("button", { name: "YAML", exact: true }).click();
    const editor = page.getByRole("textbox", { name: "The request as YAML" });
    await expect(editor).toContainText("kind: Service");
    const text = (await editor.locator(".cm-line").allTextContents()).join("\n");
    await editor.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text.replace("name: web", `name: ${other}`));
    await submit(page, "Add Service");
    await expect(card(page, other)).toContainText(badgeOf(type));
  }
});

test("refused input is said beside its field in the API server's words, and changes nothing", async ({
  page,
}) => {
  await openCluster(page);
  await startAdding(page, "Service");
  const port = page.getByLabel("Port", { exact: true });
  await port.fill("99999");
  await page.getByLabel("Name", { exact: true }).fill("Web!");
  await expect(port).toHaveAttribute("aria-invalid", "true");
  await expect(port).toHaveAccessibleDescription(
    /Invalid value: 99999: must be between 1 and 65535, inclusive/,
  );
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(
    /a DNS-1035 label must consist of lower case/,
  );
  await form(page).getByRole("button", { name: "Add Service" }).click();
  await expect(page.locator('.edit-form :focus[aria-invalid="true"]')).toBeInViewport();
  await expect(form(page).getByRole("alert")).toContainText("Refused; the cluster is as it was.");
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
  await port.fill("80");
  await page.getByLabel("Name", { exact: true }).fill("good");
  await submit(page, "Add Service");
  await expect(card(page, "good")).toBeVisible();

  // The node port of the Service that is there is taken.
  await objectRow(page, "Service", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .click();
  await inspector(page).getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("nodePort", { exact: true }).fill("80");
  await expect(page.getByLabel("nodePort", { exact: true })).toHaveAccessibleDescription(
    /provided port is not in the valid range/,
  );
});

test("an object that is there already is not added over", async ({ page }) => {
  await openCluster(page);
  await startAdding(page, "Service");
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("kuard");
  await expect(name).toHaveAccessibleDescription(/services "kuard" already exists/);
  await form(page).getByRole("button", { name: "Add Service" }).click();
  await expect(form(page).getByRole("alert")).toContainText('services "kuard" already exists');
  await expect(card(page, "kuard")).toContainText("LoadBalancer");
  // A press on the summary leads to the field.
  await form(page)
    .getByRole("alert")
    .getByRole("button", { name: /already exists/ })
    .click();
  await expect(name).toBeFocused();
});

const WRONG: readonly (readonly [kind: string, label: string, text: string, words: RegExp])[] = [
  ["Service", "targetPort", "no_such!", /must contain only alpha-numeric characters/],
  ["Service", "Port", "8o", /cannot unmarshal string into Go struct field ServicePort/],
  ["Service", "clusterIP", "1.2.3.4", /is not in the valid range/],
  ["Service", "externalIPs", "127.0.0.1", /may not be in the loopback range/],
  ["Deployment", "Replicas", "-1", /must be greater than or equal to 0/],
  ["Deployment", "Labels of its pods", "", /`selector` does not match template `labels`/],
  ["Deployment", "maxSurge", "x%", /a valid percent string/],
  ["DaemonSet", "Image", "", /Required value/],
  ["ReplicaSet", "Container name", "A", /RFC 1123 label/],
  ["Pod", "nodeSelector", "disk=!", /Invalid value: "!"/],
  ["EndpointSlice", "Addresses", "here", /must be a valid IPv4 address/],
  ["Node", "Pod CIDR", "10.244.9.0", /must be a valid CIDR value/],
  ["Namespace", "Name", "Team A", /RFC 1123 label/],
  ["Host", "Address", "203.0.113.10", /is already the address of host user/],
];

test("every kind's wrong input is told beside its field, and right again is right", async ({
  page,
}) => {
  test.slow();
  await openCluster(page);
  for (const [kind, label, text, words] of WRONG) {
    await startAdding(page, kind);
    const field = form(page).getByLabel(label, { exact: true });
    await openSections(page);
    const right = await field.inputValue();
    await field.fill(text);
    await expect(field, `${kind} ${label}`).toHaveAccessibleDescription(words);
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await field.fill(right);
    await expect(field).toHaveAttribute("aria-invalid", "false");
    await page.keyboard.press("Escape");
    await expect(form(page)).toHaveCount(0);
  }
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
});

test("form and YAML keep each other's edits, comments and mistakes", async ({ page }) => {
  await openCluster(page);
  await startAdding(page, "Service");
  await page.getByLabel("Name", { exact: true }).fill("both");
  const view = (name: string) => form(page).getByRole("button", { name, exact: true });
  const editor = page.getByRole("textbox", { name: "The request as YAML" });
  await view("YAML").click();
  await expect(editor).toContainText("name: both");
  await editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("# as agreed\n");
  await view("Form").click();
  await view("YAML").click();
  await expect(editor).toContainText("# as agreed");

  await editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("  sessionAffinity: [");
  await view("Form").click();
  await expect(form(page).getByRole("alert")).toContainText("The YAML has a mistake");
  await expect(page.getByLabel("Name", { exact: true })).toBeDisabled();
  await form(page).getByRole("button", { name: "Add Service" }).click();
  // Not sent: it leads back to the mistake.
  await expect(page.getByRole("list", { name: "Errors by line" })).toContainText(/line \d+/);
  await page.keyboard.press("ControlOrMeta+Home");
  await view("Form").click();
  await form(page).getByRole("button", { name: "drop what was written since" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("both");

  await page.getByLabel("Type", { exact: true }).selectOption("NodePort");
  await view("YAML").click();
  await expect(editor).toContainText("type: NodePort");
  await submit(page, "Add Service");
  await expect(card(page, "both")).toContainText("NodePort");
});

test("what a change of type brings and takes is told before and after", async ({ page }) => {
  await openCluster(page);
  await objectRow(page, "Service", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .click();
  await inspector(page).getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByLabel("Type", { exact: true }).selectOption("ClusterIP");
  await form(page).getByText("What would change").click();
  const changes = form(page).getByRole("list", { name: "Fields that would change" });
  await expect(changes).toContainText("spec.type LoadBalancer ClusterIP");
  await expect(changes).toContainText(/spec\.ports\[0\]\.nodePort 30208\s+goes/);
  await submit(page, "Change Service");
  const effects = inspector(page).getByRole("list", { name: "What came and went" });
  await expect(effects).toContainText("the load balancer of Service default/kuard went");
  await expect(effects).toContainText(/\d+ rules on node-1 went/);
  await expect(box(page, "elb/default/kuard")).toHaveCount(0);
});

test("a Service without selector is answered for by endpoints by hand", async ({ page }) => {
  await openCluster(page);
  await startAdding(page, "Service");
  await page.getByLabel("Name", { exact: true }).fill("outside");
  await page.getByLabel("Selector", { exact: true }).fill("");
  await submit(page, "Add Service");
  await startAdding(page, "EndpointSlice");
  await expect(form(page).getByLabel("Service", { exact: true })).toHaveValue("outside");
  await expect(page.getByLabel("Addresses", { exact: true })).toHaveValue("198.51.100.20");
  await submit(page, "Add EndpointSlice");
  await expect(card(page, "outside")).toContainText("1 endpoint ready");
  await letTimePass(page);
  await expect(page.locator(".cv-part-kube-proxy", { hasText: "synced" })).toHaveCount(3);
  await page.getByRole("combobox", { name: "From", exact: true }).selectOption("node/node-1");
  await page.getByRole("combobox", { name: "To", exact: true }).fill("svc/default/outside:80");
  const lines = await send(page);
  expect(lines.some((line) => /^db delivered/.test(line))).toBe(true);
});

test("a selector marks what it would match while it is typed", async ({ page }) => {
  await openCluster(page);
  await startAdding(page, "Service");
  await expect(form(page)).toContainText("matches 3 pods now");
  const pod = readyPods(page, "kuard").first().locator(".cv-pod");
  await expect(pod).toHaveCSS("outline-style", "dashed");
  await page.getByLabel("Selector", { exact: true }).fill("app=nobody");
  await expect(form(page)).toContainText("matches no pod now");
  await expect(pod).not.toHaveCSS("outline-style", "dashed");
});

test("every edit and canvas move is undone, done again and jumped to", async ({ page }) => {
  await openCluster(page);
  await page.getByRole("button", { name: "Pause" }).click();
  await objectRow(page, "Deployment", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .click();
  await action(page, "Scale to 4");
  await showTab(page, "Dock", "History");
  const steps = page.getByRole("list", { name: "History of actions" }).getByRole("listitem");
  await expect(steps).toHaveCount(2);

  const node = box(page, "Node/node-3");
  const before = await node.boundingBox();
  if (!before) throw new Error("no node-3");
  await page.mouse.move(before.x + 20, before.y + 12);
  await page.mouse.down();
  await page.mouse.move(before.x + 60, before.y + 52, { steps: 6 });
  await page.mouse.up();
  await expect(steps).toHaveCount(3);
  await expect(steps.nth(2)).toContainText("Move Node node-3");

  await node.click({ position: { x: 20, y: 12 } });
  for (const label of ["Cordon", "Drain", "Stop kube-proxy", "Power off"])
    await action(page, label);
  await readyPods(page, "kuard").first().click();
  await action(page, /^Kill container/);
  await objectRow(page, "Service", "kuard")
    .getByRole("button", { name: /^kuard/ })
    .click();
  await action(page, "Make it ClusterIP");
  await expect(card(page, "kuard")).toContainText("ClusterIP");
  await expect(steps).toHaveCount(9);

  const undo = page.getByRole("button", { name: "Undo", exact: true });
  for (let left = 8; left > 0; left--) {
    await expect(undo).toBeEnabled();
    await page.keyboard.press("ControlOrMeta+z");
    await expect(steps.nth(left - 1)).toHaveAttribute("aria-current", "step");
  }
  await expect(undo).toBeDisabled();
  await expect(card(page, "kuard")).toContainText("LoadBalancer");
  await expect(objectRow(page, "Deployment", "kuard")).toContainText("3/3");
  await expect(node).not.toContainText("cordoned");
  const after = await node.boundingBox();
  expect(Math.abs((after?.x ?? 0) - before.x)).toBeLessThan(2);

  await page.keyboard.press("ControlOrMeta+Shift+z");
  await expect(steps.nth(1)).toHaveAttribute("aria-current", "step");
  await steps.nth(8).getByRole("button", { name: /^t = / }).click();
  await expect(steps.nth(8)).toHaveAttribute("aria-current", "step");
  await expect(card(page, "kuard")).toContainText("ClusterIP");
  await expect(node).toContainText("cordoned");
});

test("a pod that is dropped on a node goes there", async ({ page }) => {
  await openCluster(page);
  await showTab(page, "Cluster", "Add");
  await page
    .getByRole("button", { name: /^Pod/ })
    .dragTo(box(page, "Node/node-3"), { targetPosition: { x: 40, y: 14 } });
  await expect(page.getByLabel("Node", { exact: true })).toHaveValue("node-3");
  await submit(page, "Add Pod");
  await expect(box(page, "Pod/default/web-pod")).toContainText("Ready");
  await box(page, "Pod/default/web-pod").click({ button: "right" });
  const menu = page.getByRole("dialog", { name: "Actions for Pod default/web-pod" });
  await expect(menu).toContainText("kubectl delete pod web-pod");
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
});

test("all of it by keyboard, from the list of commands", async ({ page }) => {
  await openCluster(page);
  await command(page, "select deployment default/kuard");
  await expect(inspector(page)).toContainText("Deployment in default");
  await command(page, "scale to 4");
  await expect(readyPods(page, "kuard")).toHaveCount(4);
  await command(page, "add namespace");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("team-a");
  await page.keyboard.press("Enter");
  await expect(inspector(page)).toContainText("team-a");
  await command(page, "undo: apply namespace team-a");
  await expect(inspector(page)).toContainText("is not in the cluster at this moment");
  await command(page, "theme: dark");
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing in forms, history and commands in the ${theme} theme`, async ({
    page,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await openCluster(page);
    await objectRow(page, "Deployment", "kuard")
      .getByRole("button", { name: /^kuard/ })
      .click();
    await action(page, "Scale to 4");
    await page.getByRole("button", { name: "Show the commands" }).click();
    await showTab(page, "Dock", "History");
    expect(await violations(page), "actions and history").toEqual([]);
    await startAdding(page, "Service");
    await page.getByLabel("Port", { exact: true }).fill("99999");
    await expect(page.getByLabel("Port", { exact: true })).toHaveAttribute("aria-invalid", "true");
    expect(await violations(page), "form").toEqual([]);
    await page.keyboard.press("ControlOrMeta+k");
    await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
    expect(await violations(page, "dialog"), "commands").toEqual([]);
  });
}

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing in any kind's form in the ${theme} theme`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await openCluster(page);
    for (const kind of new Set(WRONG.map(([one]) => one))) {
      await startAdding(page, kind);
      await openSections(page);
      await page.getByLabel("Name", { exact: true }).fill("Not a name!");
      await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute(
        "aria-invalid",
        "true",
      );
      expect(await violations(page, ".edit-form"), kind).toEqual([]);
      await page.keyboard.press("Escape");
      await expect(form(page)).toHaveCount(0);
    }
  });
}

async function violations(page: Page, part = "html"): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).include(part).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}

function form(page: Page) {
  return page.getByRole("form", { name: /^(Add|Change) / });
}

function card(page: Page, name: string) {
  return box(page, `Service/default/${name}`);
}

function badgeOf(type: (typeof TYPES)[number]): string {
  return type === "Headless" ? "headless" : type;
}

async function startAdding(page: Page, kind: string): Promise<void> {
  await showTab(page, "Cluster", "Add");
  await page
    .getByRole("region", { name: "Add" })
    .getByRole("button", { name: new RegExp(`^${kind}`) })
    .click();
  await expect(page.getByRole("form", { name: `Add ${kind}` })).toBeVisible();
}

async function submit(page: Page, label: string): Promise<void> {
  await form(page).getByRole("button", { name: label }).click();
  await expect(form(page)).toHaveCount(0);
  await showTab(page, "Cluster", "Objects");
}

async function action(page: Page, label: string | RegExp): Promise<void> {
  const button = page
    .getByRole("region", { name: "Actions" })
    .getByRole("button", { name: label, exact: typeof label === "string" });
  await button.click();
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeEnabled();
}

async function command(page: Page, text: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+k");
  const dialog = page.getByRole("dialog", { name: "Commands" });
  await expect(dialog.getByRole("combobox")).toBeFocused();
  await page.keyboard.type(text);
  await expect(dialog.getByRole("option", { selected: true })).toContainText(
    new RegExp(text.replace(/^(select|add) /, "").replace(/[/.]/g, "\\$&"), "i"),
  );
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
}

/** Fields that most requests leave alone are folded away. */
async function openSections(page: Page): Promise<void> {
  const closed = form(page).locator(".form-section:not([open]):not(.would-change) > summary");
  while ((await closed.count()) > 0) await closed.first().click();
}
