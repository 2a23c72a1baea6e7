import type { Page } from "@playwright/test";
import { box, clockSeconds, hopItems, hops, oneBlank, openCluster, readyPods } from "./app";
import { expect, test } from "./fixtures";

for (const [where, folder] of [
  ["at the root of a host", "/"],
  ["in a folder of a host", "/some/folder/"],
] as const) {
  test(`a first visit shows a living cluster, ${where}`, async ({ page, baseURL }) => {
    await markLivingCluster(page);
    await openCluster(page, servedFrom(folder, baseURL));
    await expect(page).toHaveTitle(/kubehop/);

    await expect(box(page, "Host/user")).toContainText("203.0.113.10");
    await expect(box(page, "Host/db")).toContainText("198.51.100.20");
    await expect(box(page, "natgw")).toContainText("NAT gateway");
    const balancer = box(page, "elb/default/kuard");
    await expect(balancer).toContainText("ELB kuard");
    await expect(balancer).toContainText("node-3 healthy");
    for (const node of ["node-1", "node-2", "node-3"]) {
      await expect(box(page, `Node/${node}`)).toContainText("Ready");
      for (const part of ["eth0", "iptables", "route", "cni0", "kube-proxy"]) {
        await expect(box(page, `node/${node}/${part}`)).toBeVisible();
      }
    }
    const service = box(page, "Service/default/kuard");
    await expect(service).toContainText("3 endpoints ready");
    await expect(service.locator(".cv-card")).toHaveCSS("border-style", "dashed");
    await expect(readyPods(page, "kuard").first()).toBeVisible();

    await expect(hops(page)).toHaveCount(1);
    await expect(hops(page)).toHaveJSProperty("tagName", "OL");
    await expect(hopItems(page)).toHaveCount(0);
    await expect(page.getByRole("button", { name: /^send\b/i })).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Send", exact: true })).toBeEnabled();

    const firstScreenMs = await page.evaluate(
      () => performance.getEntriesByName("living cluster")[0]?.startTime,
    );
    test.info().annotations.push({ type: "first screen, ms", description: `${firstScreenMs}` });
  });
}

test("time passes while nobody does anything", async ({ page }) => {
  await openCluster(page);
  const start = await clockSeconds(page);
  await expect.poll(() => clockSeconds(page)).toBeGreaterThan(start + 1);
});

test("a scenario that cannot be had is told in words", async ({ page }) => {
  await page.route("**/default.yaml", (route) => route.fulfill({ body: "kind: [" }));
  await page.goto("/");
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The built-in scenario has mistakes.");
  expect(oneBlank(await alert.innerText())).toMatch(/line 1, column \d+/);
  await expect(alert.getByRole("button", { name: "Reload" })).toBeVisible();
});

/** The second server of playwright.config.ts has the build in a folder. */
function servedFrom(folder: string, baseURL = ""): string {
  if (folder === "/") return folder;
  const url = new URL(folder, baseURL);
  url.port = String(Number(url.port) + 1);
  return url.href;
}

/** Sets a performance mark at the first frame that has the pods, the load balancer and a button to press. */
async function markLivingCluster(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const look = () => {
      const pods = document.querySelectorAll(
        '[aria-label^="Pod default/kuard-"][aria-label$="Ready"]',
      );
      const send = document.querySelector("form button[type=submit]:enabled");
      if (pods.length === 3 && send) performance.mark("living cluster");
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
