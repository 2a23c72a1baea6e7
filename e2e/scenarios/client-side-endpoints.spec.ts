import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

test("one client goes through rules, the other straight to a pod", async ({ page }) => {
  await openScenario(page, "client-side-endpoints");
  const byRules = await sendFrom(page, "pod/default/by-service", "svc/default/web:80");
  expect(byRules.told).toContain("delivered pod/default/web-");
  expect(byRules.hops.join("\n")).toMatch(/DNAT +10\.\d+\.\d+\.\d+:80 -> 10\.244\.\d\.\d+:8080/);
  const byItself = await sendFrom(page, "pod/default/by-endpoints", "endpoints/default/web:80");
  expect(byItself.told).toContain("delivered pod/default/web-");
  expect(byItself.hops.filter((hop) => / DNAT +\d/.test(hop))).toEqual([]);
  expect(byItself.hops[0]).toMatch(/by-endpoints send.* > 10\.244\.\d\.\d+:8080/);
});

test("after pods went, one is told by its rules and the other asks the dead", async ({ page }) => {
  await openScenario(page, "client-side-endpoints");
  // Slow, so that five seconds are not over at once.
  await page.getByRole("combobox", { name: "Speed" }).selectOption({ label: "0.25×" });
  await tryIt(page, "Scale to one pod");
  await runs(page, "deployment.apps/web scaled");
  await expect(
    page.getByRole("table", { name: "Pod", exact: true }).getByRole("row", { name: /^web-/ }),
  ).toHaveCount(1, { timeout: 30_000 });
  const verdicts = new Set<string>();
  for (let turn = 0; turn < 6; turn++) {
    const { verdict } = await sendFrom(
      page,
      "pod/default/by-endpoints",
      "endpoints/default/web:80",
    );
    verdicts.add(verdict);
    if (verdict !== "delivered") break;
  }
  expect([...verdicts]).toContain("refused");
  const byRules = await sendFrom(page, "pod/default/by-service", "svc/default/web:80");
  expect(byRules.verdict).toBe("delivered");
});
