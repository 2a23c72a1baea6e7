import { letTimePass } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

const CLIENT = "pod/default/client";
const WEB = "svc/default/web:80";

test("two numbers behind one name make two slices and two subsets", async ({ page }) => {
  await openScenario(page, "named-ports");
  await tryIt(page, "See the two slices");
  await runs(page, /web-\w+ +IPv4 +8080 +10\.244\.\d\.\d+,10\.244\.\d\.\d+/);
  await runs(page, /web-\w+ +IPv4 +9090 +10\.244\.\d\.\d+/);
  await page.getByRole("tab", { name: "Endpoints" }).click();
  await expect(page.getByRole("tabpanel", { name: "Endpoints" })).toContainText("9090");
});

test("each pod is asked where it serves", async ({ page }) => {
  await openScenario(page, "named-ports");
  const first = await sendFrom(page, CLIENT, WEB);
  expect(first.told).toContain("delivered pod/default/");
  const port = first.told.includes("pod/default/new-") ? 9090 : 8080;
  expect(first.hops.join("\n")).toMatch(
    new RegExp(`DNAT +10\\.\\d+\\.\\d+\\.\\d+:80 -> 10\\.244\\.\\d\\.\\d+:${port}`),
  );
  await tryIt(page, "Take the old ones away");
  await letTimePass(page);
  await expect(
    page.getByRole("table", { name: "Pod", exact: true }).getByRole("row", { name: /^old-/ }),
  ).toHaveCount(0, { timeout: 30_000 });
  const again = await sendFrom(page, CLIENT, WEB);
  expect(again.told).toContain("delivered pod/default/new-");
  expect(again.hops.join("\n")).toMatch(/DNAT .*:80 -> 10\.244\.\d\.\d+:9090/);
});
