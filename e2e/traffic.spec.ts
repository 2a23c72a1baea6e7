import type { Page } from "@playwright/test";
import {
  inspector,
  letTimePass,
  objectRow,
  openCluster,
  readyPods,
  setSpeed,
  showTab,
} from "./app";
import { expect, test } from "./fixtures";

/** A number in the line that sums the load up: `304 answered`. */
async function summed(page: Page, word: string): Promise<number> {
  const text = await page.locator(".traffic-summary").innerText();
  return Number(new RegExp(`(\\d+) ${word}`).exec(text)?.[1] ?? Number.NaN);
}

function tree(page: Page) {
  return page.getByRole("tree", { name: "Tree of decisions" });
}

test("a burst of a hundred: every request is answered, and the tables say by whom", async ({
  page,
}) => {
  await openCluster(page);
  await setSpeed(page, "8×");
  await page.getByRole("button", { name: /send a burst of 100 requests/ }).click();
  await expect(page.getByText("100 sent")).toBeVisible();
  await expect(page.getByText("100 answered")).toBeVisible();
  const outcomes = page.getByRole("table", { name: "Outcomes of the load" });
  const servers = outcomes.getByRole("row").filter({ hasText: "answered" });
  await expect(servers).toHaveCount(3);
  const counts = await servers.locator("td:nth-child(4)").allTextContents();
  expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(100);
  await expect(page.locator(".traffic-chart canvas")).toHaveCount(4);
  await page.getByText("The charts as a table").click();
  await expect(page.getByRole("table", { name: "Requests per second over time" })).toBeVisible();
});

test("a steady load fails while no pod is there, and recovers", async ({ page }) => {
  await openCluster(page);
  await page
    .getByRole("combobox", { name: "Requests per second of a steady load" })
    .selectOption("20");
  await page.getByRole("button", { name: "Start load" }).click();
  await expect.poll(() => summed(page, "answered")).toBeGreaterThan(10);
  expect(await summed(page, "refused")).toBe(0);

  await letTimePass(page);
  await objectRow(page, "Deployment", "kuard").getByRole("rowheader").click();
  await inspector(page).getByRole("button", { name: "Delete", exact: true }).click();
  await page
    .getByRole("dialog", { name: "Delete Deployment default/kuard?" })
    .getByRole("button", { name: "Delete", exact: true })
    .click();
  await expect.poll(() => summed(page, "refused")).toBeGreaterThan(10);
  await expect(
    page.getByRole("table", { name: "Outcomes of the load" }).getByRole("row", { name: /refused/ }),
  ).not.toHaveCount(0);

  await page.getByRole("button", { name: /^Undo/ }).first().click();
  await expect(readyPods(page, "kuard")).toHaveCount(3);
  const answered = await summed(page, "answered");
  await expect.poll(() => summed(page, "answered")).toBeGreaterThan(answered + 20);
  await page.getByRole("button", { name: "Stop load" }).click();
  await expect(page.getByRole("button", { name: "Start load" })).toBeVisible();
});

test("a pod that is deleted under load: SIGTERM, exit, endpoints and each node's rules are marked", async ({
  page,
}) => {
  await openCluster(page);
  await page.getByRole("button", { name: "Start load" }).click();
  await expect.poll(() => summed(page, "answered")).toBeGreaterThan(10);
  const pod = objectRow(page, "Pod", /^kuard-/).first();
  const name = await pod.getByRole("rowheader").innerText();
  await pod.getByRole("rowheader").click();
  await inspector(page).getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  const meanwhile = page.getByRole("region", { name: "What happened meanwhile" });
  await expect(meanwhile.getByText("is marked for deletion")).toBeVisible();
  const marks = meanwhile.getByRole("listitem");
  await expect(marks.filter({ hasText: /the rules of node-\d follow/ })).not.toHaveCount(0);
  const order = (await marks.allTextContents()).join("\n");
  expect(order).toMatch(
    /deletion[\s\S]*SIGTERM[\s\S]*no process any more[\s\S]*EndpointSlice: [\s\S]*the rules of node/,
  );
  expect(order).toContain(name.split("\n")[0]?.slice(-5) ?? "");
  await expect(meanwhile.locator(".stretch.closed")).not.toHaveCount(0);
});

test("predict, then send: nine ways as tree, list and ghosts, by keyboard; one is watched", async ({
  page,
}) => {
  await openCluster(page);
  await showTab(page, "Dock", "Paths");
  await expect(tree(page)).toBeVisible();
  await expect(page.getByText(/^9 ways at/)).toBeVisible();
  const root = tree(page).getByRole("treeitem").first();
  await root.focus();
  await page.keyboard.press("ArrowDown");
  await expect(
    tree(page)
      .getByRole("treeitem", { name: /^node-/ })
      .first(),
  ).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(tree(page).locator(":focus")).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Enter");
  await expect(tree(page).locator(":focus")).toHaveAttribute("aria-selected", "true");
  await expect(page.locator(".ghosts .chosen")).not.toHaveCount(0);
  const watch = page.getByRole("button", { name: "Watch", exact: true });
  await expect(watch).toBeDisabled();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await watch.click();
  await expect(page.getByText("nothing was sent.")).toBeVisible();
  await page.getByRole("button", { name: "Leave" }).click();

  await page.getByRole("button", { name: "List", exact: true }).click();
  const ways = page.getByRole("table", { name: "Ways the request could go" });
  await expect(ways.getByRole("row")).toHaveCount(10);
  await ways.getByRole("button", { name: "Watch way 3" }).click();
  await expect(page.getByText("nothing was sent.")).toBeVisible();
  await expect(page.getByRole("list", { name: "Hops", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Send it" }).click();
  await expect(page.getByText("nothing was sent.")).toBeHidden();
});

test("the selected object becomes the source or the destination", async ({ page }) => {
  await openCluster(page);
  const row = objectRow(page, "Pod", /^kuard-/).first();
  const name = await row.getByRole("rowheader").innerText();
  await row.getByRole("rowheader").click();
  await page.getByRole("button", { name: "Send from here" }).click();
  await expect(page.getByRole("combobox", { name: "From", exact: true })).toHaveValue(
    /^pod\/default\/kuard-/,
  );
  expect(name).toContain("kuard-");
  await page.getByRole("button", { name: "Send to here" }).click();
  await expect(page.getByRole("combobox", { name: "To", exact: true })).toHaveValue(
    /^pod\/default\/kuard-.*:8080$/,
  );
});
