import { letTimePass } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

test("a kept pod address goes stale, the clusterIP does not", async ({ page }) => {
  await openScenario(page, "stale-dns");
  const byPod = () => sendFrom(page, "pod/default/client", "web-pods:8080");
  const byService = () => sendFrom(page, "pod/default/client", "web:80");
  const first = await byPod();
  expect(first.verdict).toBe("delivered");
  const [, old = ""] = /(10\.244\.2\.\d+):8080/.exec(first.hops.join("\n")) ?? [];
  expect(old).not.toBe("");
  expect((await byService()).verdict).toBe("delivered");

  await tryIt(page, "Replace the pod");
  await runs(page, /pod "web-\S+" deleted/);
  // kubectl waits until the pod is gone; then time stands still again.
  await expect(page.getByText(/^The last line took/)).toBeVisible({ timeout: 40_000 });
  await letTimePass(page);
  const web = page.getByRole("table", { name: "Pod", exact: true }).getByRole("row", {
    name: /^web-.*Ready/,
  });
  await expect(web).toHaveCount(1);
  await expect(web).not.toContainText(old);

  const stale = await byPod();
  expect(stale.verdict).not.toBe("delivered");
  expect(stale.hops.join("\n")).toContain(`> ${old}:8080`);
  expect((await byService()).verdict).toBe("delivered");
  await tryIt(page, "What a client without a memory hears");
  await runs(page, /Address: 10\.244\.2\.\d+/);
});
