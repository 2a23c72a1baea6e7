import type { Page } from "@playwright/test";
import { box, currentHop, hopItems, inspector, openCluster, readyPods } from "./app";
import { expect, test } from "./fixtures";

/** More rows than the list has. */
const MOST_ROWS = 60;

test("all that the canvas offers is done from the list of objects, by keyboard alone", async ({
  page,
}) => {
  test.slow();
  await openCluster(page);
  await page.getByRole("searchbox", { name: "Filter objects" }).focus();
  await page.keyboard.press("Tab");

  await goTo(page, "Service", "kuard");
  await run(page, "send a request to here and follow");
  await expect(hopItems(page)).not.toHaveCount(0);
  await page.keyboard.press("End");
  await expect(currentHop(page)).toBeVisible();

  // The packet has arrived: from here on time passes, eight times as fast.
  await changeSpeed(page, "+", 3);
  await page.getByRole("button", { name: "Play", exact: true }).focus();
  await page.keyboard.press("Enter");

  await goTo(page, "Deployment", "kuard");
  await run(page, "scale to 4");
  await expect(readyPods(page, "kuard")).toHaveCount(4);

  const pod = await goTo(page, "Pod", /^kuard-/);
  await run(page, "send from here");
  await expect(page.getByRole("combobox", { name: "From", exact: true })).toHaveValue(
    `pod/default/${pod}`,
  );
  await goTo(page, "Pod", pod);
  await run(page, "fail its readiness");
  await expect(box(page, `Pod/default/${pod}`)).toContainText("NotReady");
  await goTo(page, "Pod", pod);
  await run(page, "let its probes pass");
  await expect(box(page, `Pod/default/${pod}`)).toContainText("● Ready");
  // Its kubelet starts it again within seconds: slowly, to see it.
  await changeSpeed(page, "-", 5);
  await goTo(page, "Pod", pod);
  await run(page, "kill container");
  await expect(box(page, `Pod/default/${pod}`)).not.toContainText("● Ready");
  await changeSpeed(page, "+", 5);

  await goTo(page, "Node", "node-3");
  await run(page, "drain");
  await expect(box(page, "Node/node-3")).toContainText("cordoned");
  await goTo(page, "Node", "node-3");
  await run(page, "uncordon");
  await expect(box(page, "Node/node-3")).not.toContainText("cordoned");
  await goTo(page, "Node", "node-2");
  await run(page, "power off");
  await expect(box(page, "Node/node-2")).toContainText("machine is down");

  await goTo(page, "Service", "kuard");
  await run(page, "make it clusterip");
  await expect(box(page, "Service/default/kuard")).toContainText("ClusterIP");
  await goTo(page, "Service", "kuard");
  await run(page, "edit …");
  await expect(page.getByRole("form", { name: "Change Service" })).toBeVisible();
  await page.keyboard.press("Escape");

  await goTo(page, "Service", "kuard");
  await page.keyboard.press("Delete");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Delete");
  await page.keyboard.press("Tab");
  await dialog.getByRole("button", { name: "Delete" }).focus();
  await page.keyboard.press("Enter");
  await expect(box(page, "Service/default/kuard")).toHaveCount(0);
});

test("what is selected on the canvas is shown in the list, its kind opened", async ({ page }) => {
  await openCluster(page);
  const list = page.getByRole("region", { name: "Objects" });
  await expect(list.getByRole("table", { name: "EndpointSlice" })).toHaveCount(0);
  await page.getByRole("tab", { name: "Endpoints" }).click();
  await page
    .getByRole("table", { name: "Endpoints" })
    .getByRole("button", { name: /^kuard-\w{5}$/ })
    .click();
  const row = list.getByRole("table", { name: "EndpointSlice" }).locator("tr.selected");
  await expect(row).toBeInViewport();
  await box(page, "Host/vm").click();
  await expect(list.getByRole("table", { name: "Host" }).locator("tr.selected")).toBeInViewport();
});

test("“Let its probes pass” is offered only where they were made to fail", async ({ page }) => {
  await openCluster(page);
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label: "0.25×" });
  const actions = page.getByRole("region", { name: "Actions" });
  const pass = actions.getByRole("button", { name: "Let its probes pass" });
  const fail = actions.getByRole("button", { name: "Fail its readiness probe" });
  await readyPods(page, "kuard").first().click();
  await expect(fail).toBeVisible();
  // Not ready by itself: its container is being started again.
  await actions.getByRole("button", { name: /^Kill container/ }).click();
  await expect(inspector(page)).not.toContainText("✓Ready");
  await expect(fail).toBeVisible();
  await expect(pass).toHaveCount(0);
  await fail.click();
  await expect(pass).toBeVisible();
});

async function changeSpeed(page: Page, key: "+" | "-", times: number): Promise<void> {
  await page.getByRole("tab", { name: "Packet" }).focus();
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
}

/** Goes to a row with the arrow keys; answers its object's name. */
async function goTo(page: Page, kind: string, name: string | RegExp): Promise<string> {
  const list = page.getByRole("region", { name: "Objects" });
  if ((await list.locator(".scroll :focus").count()) === 0) {
    await page.getByRole("searchbox", { name: "Filter objects" }).focus();
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Home");
  for (let step = 0; step < MOST_ROWS; step++) {
    const key = await page.evaluate(
      () => document.activeElement?.closest("tr")?.getAttribute("data-key") ?? "",
    );
    const [found, namespace = "", second] = key.split("/");
    const named = second ?? namespace;
    if (found === kind && (typeof name === "string" ? named === name : name.test(named)))
      return named;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error(`no ${kind} ${String(name)} in the list`);
}

/** Lists what can be done to the object of the row, and does it. */
async function run(page: Page, words: string): Promise<void> {
  await page.keyboard.press("m");
  const menu = page.getByRole("dialog", { name: /^Actions for/ });
  await expect(menu.getByRole("combobox")).toBeFocused();
  await page.keyboard.type(words);
  await expect(menu.getByRole("option", { selected: true })).toContainText(
    new RegExp(words.replace("…", "."), "i"),
  );
  await page.keyboard.press("Enter");
  await expect(menu).toHaveCount(0);
}
