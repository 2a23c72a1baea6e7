import type { Page } from "@playwright/test";
import { box, currentHop, goToHop, hopItems, hopLines, openCluster, send, traced } from "./app";
import { expect, test } from "./fixtures";

test("a reload brings the work back at the same moment, paused as it was", async ({ page }) => {
  await openCluster(page);
  const lines = await send(page);
  await goToHop(page, 6);
  await expect(button(page, "Play")).toBeVisible();
  const before = await currentHop(page).textContent();
  await saved(page);

  await page.reload();
  await expect(notices(page)).toContainText("is back, at the moment where you left it");
  expect(await hopLines(page)).toEqual(lines);
  await expect(currentHop(page)).toHaveText(before ?? "");
  await expect(button(page, "Play")).toBeVisible();
  await expect(page.locator(".clock")).toContainText(`hop 7 / ${lines.length}`);
});

test("what was done before the keeper had arrived is kept, too", async ({ page }) => {
  let letThrough = () => {};
  const sent = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route("**/workspaces-watch*.js", async (route) => {
    await sent;
    await route.continue();
  });
  await openCluster(page);
  await send(page);
  letThrough();
  await saved(page);
});

test("a step just before the page goes is not lost", async ({ page }) => {
  await openCluster(page);
  await send(page);
  await saved(page);
  await goToHop(page, 3);
  await page.reload();
  await expect(currentHop(page)).toHaveAttribute("aria-current", "step");
  await expect(page.locator(".clock")).toContainText("hop 4 /");
});

test("a closed tab's work is there in the next one", async ({ page, context }) => {
  await openCluster(page);
  const lines = await send(page);
  await page.keyboard.press("End");
  await saved(page);
  await page.close();
  const next = await context.newPage();
  await next.goto("/");
  await expect(hopItems(next)).toHaveCount(lines.length);
  await expect(currentHop(next)).toContainText(lines.at(-1)?.split(" ")[1] ?? "");
});

test("a first visit keeps nothing, and shows what a fresh page shows", async ({ page }) => {
  await openCluster(page);
  await page.reload();
  await expect(hopItems(page)).toHaveCount(0);
  await expect(notices(page)).toBeEmpty();
  expect(await send(page)).toEqual(
    await traced("public/scenarios/default.yaml", "host/user", "lb/default/kuard:80"),
  );
});

test("where things were dragged to is kept", async ({ page }) => {
  await openCluster(page);
  const host = box(page, "Host/user");
  const place = () => host.evaluate((one) => (one as HTMLElement).style.transform);
  const before = await place();
  await host.hover();
  await page.mouse.down();
  await page.mouse.move(60, 600, { steps: 4 });
  await page.mouse.up();
  const after = await place();
  expect(after).not.toBe(before);
  await saved(page);
  await page.reload();
  await expect.poll(place).toBe(after);
});

test("two tabs do not overwrite each other", async ({ page, context }) => {
  await openCluster(page);
  const first = await send(page);
  await saved(page);

  const second = await context.newPage();
  await second.goto("/");
  await expect(notices(second)).toContainText("is open in another tab");
  await expect(hopItems(second)).toHaveCount(first.length);
  await send(second);
  await saved(second);
  await second.reload();
  await expect(notices(second)).toContainText("is back");

  // The first tab still has its own.
  await page.reload();
  await expect(notices(page)).toContainText("is back");
  expect(await hopLines(page)).toEqual(first);
  await openDialog(page);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).filter({ hasText: "open in another tab" })).toHaveCount(1);
});

test("workspaces are created, renamed, duplicated, switched and deleted", async ({ page }) => {
  await openCluster(page);
  const first = await send(page);
  await saved(page);
  await openDialog(page);
  await page.getByRole("button", { name: /^Rename/ }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Monday");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toContainText(["Monday"]);
  await page.getByRole("button", { name: "Duplicate “Monday”" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).filter({ hasText: "Monday 2" })).toHaveCount(1);

  await page.getByRole("button", { name: "New workspace" }).click();
  await expect(hopItems(page)).toHaveCount(0);
  await send(page);
  await send(page);
  await saved(page);
  await openDialog(page);
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Open of “Monday 2”" }).click();
  await expect(hopItems(page)).toHaveCount(first.length);
  expect(await hopLines(page)).toEqual(first);

  await openDialog(page);
  await page.getByRole("button", { name: "Delete “Monday”", exact: true }).click();
  await expect(page.getByText("This cannot be undone")).toBeVisible();
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("button", { name: "Delete “Monday”", exact: true }).click();
  await page.getByRole("button", { name: "Delete “Monday”", exact: true }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).filter({ hasText: /^Monday(?! 2)/ })).toHaveCount(0);
});

test("where storage is forbidden it is said, and everything else works", async ({ page }) => {
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
    Object.defineProperty(window, "indexedDB", { get: refuse });
    Object.defineProperty(window, "localStorage", { get: refuse });
    Object.defineProperty(window, "sessionStorage", { get: refuse });
  });
  await openCluster(page);
  const lines = await send(page);
  expect(lines.length).toBeGreaterThan(10);
  await expect(notices(page)).toContainText("Your work is not kept");
  await page.getByRole("button", { name: "Workspaces: not kept" }).click();
  await expect(page.getByRole("alert")).toContainText("forbids");
});

test("where storage is full it is said, work goes on, and the page asks before it goes", async ({
  page,
  baseURL,
}) => {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Storage.overrideQuotaForOrigin", { origin: baseURL ?? "", quotaSize: 1 });
  await openCluster(page);
  await send(page);
  await expect(notices(page)).toContainText("storage is full");
  expect((await send(page)).length).toBeGreaterThan(10);
  await page.getByRole("button", { name: "Workspaces: not kept" }).click();
  await expect(page.getByRole("alert")).toContainText("Share or export it first");
  await page.keyboard.press("Escape");
  const asked = page.waitForEvent("dialog");
  void page.reload().catch(() => undefined);
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await expect(hopItems(page)).not.toHaveCount(0);
});

test("a workspace that another tab deletes is kept anew by the tab that has it", async ({
  page,
  context,
}) => {
  await openCluster(page);
  const first = await send(page);
  await saved(page);
  const second = await context.newPage();
  await second.goto("/");
  await expect(notices(second)).toContainText("is open in another tab");
  await openDialog(second);
  const row = rows(second).filter({ hasText: "open in another tab" });
  await row.getByRole("button", { name: /^Delete/ }).click();
  await second.getByRole("button", { name: /^Delete “.*Pod”$/ }).click();
  await expect(rows(second).filter({ hasText: "open in another tab" })).toHaveCount(0);
  await goToHop(page, 2);
  await expect(notices(page)).toContainText("was deleted in another tab");
  await saved(page);
  await page.reload();
  await expect(hopItems(page)).toHaveCount(first.length);
});

test("work of another version opens its scenario and stays as it is", async ({ page }) => {
  await openCluster(page);
  await send(page);
  await saved(page);
  await spoil(page, (workspace) => {
    workspace.run.log.push({ atUs: 90_000_000, command: { type: "delete", key: "Pod/no/such" } });
  });
  await page.reload();
  await expect(notices(page)).toContainText("does not replay (1 of 2 actions)");
  await expect(hopItems(page)).toHaveCount(0);
  await send(page);
  await saved(page);
  await openDialog(page);
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).filter({ hasText: "2 actions" })).toHaveCount(1);
});

test("what cannot be read is left alone", async ({ page }) => {
  await openCluster(page);
  await send(page);
  await saved(page);
  await spoil(page, (workspace) => {
    workspace.version = 9;
  });
  await page.reload();
  await expect(notices(page)).toContainText("cannot be read");
  await openDialog(page);
  await expect(rows(page)).toContainText(["cannot be read by this version"]);
});

test("a worker that dies goes on from the kept work", async ({ page }) => {
  await openCluster(page, "/?debug");
  const lines = await send(page);
  await page.keyboard.press("End");
  await saved(page);
  await page.reload();
  await expect(hopItems(page)).toHaveCount(lines.length);
  await page.evaluate(() => {
    (window as unknown as { __kubehop: { killWorker(): void } }).__kubehop.killWorker();
  });
  await expect(notices(page)).toContainText("was restarted");
  expect(await hopLines(page)).toEqual(lines);
});

test("a link goes before kept work, and becomes a workspace of its own", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openCluster(page);
  await send(page);
  const shared = await send(page);
  await goToHop(page, 5);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^Copy/ }).first().click();
  const link = await page.getByRole("textbox", { name: /^Link/ }).inputValue();
  await page.keyboard.press("Escape");
  await send(page);
  await saved(page);
  await page.close();

  const next = await context.newPage();
  await next.goto(link);
  await expect(hopItems(next)).toHaveCount(shared.length);
  expect(await hopLines(next)).toEqual(shared);
  const mine = await send(next);
  await saved(next);
  await next.reload();
  await expect(notices(next)).toContainText("is back");
  expect(await hopLines(next)).toEqual(mine);
  await openDialog(next);
  await expect(rows(next)).toHaveCount(2);
});

interface Stored {
  version: number;
  run: { log: object[] };
}

/** Changes what is stored, as another version or a defect would have. */
async function spoil(page: Page, change: (workspace: Stored) => void): Promise<void> {
  // Nothing is to be saved over it when the page goes.
  await page.evaluate(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("", "SecurityError");
    };
  });
  const plain = await page.context().newPage();
  const body = '<!doctype html><title>blank</title><link rel="icon" href="data:,">';
  await plain.route("**/blank", (route) => route.fulfill({ contentType: "text/html", body }));
  await plain.goto("/blank");
  await plain.evaluate(
    `new Promise((resolve, reject) => {
      const request = indexedDB.open("kubehop");
      request.onsuccess = () => {
        const store = request.result
          .transaction("workspaces", "readwrite")
          .objectStore("workspaces");
        store.openCursor().onsuccess = ({ target }) => {
          const cursor = target.result;
          if (!cursor) return resolve();
          const workspace = cursor.value;
          (${change.toString()})(workspace);
          workspace.revision = 99;
          cursor.update(workspace);
          cursor.continue();
        };
      };
      request.onerror = reject;
    })`,
  );
  await plain.close();
}

/** Waits until the work of this page is in the browser. */
async function saved(page: Page): Promise<void> {
  await expect(page.locator(".workspaces-button")).toHaveAttribute("title", /kept in this browser/);
  await page.waitForTimeout(700);
}

async function openDialog(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Workspaces" }).click();
  await expect(rows(page).first()).toBeVisible();
}

function rows(page: Page) {
  return page.getByRole("list", { name: "Workspaces" }).getByRole("listitem");
}

function notices(page: Page) {
  return page.getByRole("region", { name: "Notices" });
}

function button(page: Page, name: string) {
  return page.getByRole("button", { name, exact: true });
}
