import { box } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("with one address for each machine, ports are told by variables, and clash", async ({
  page,
}) => {
  await openScenario(page, "ports-not-ips");
  await expect(
    page.getByRole("group", { name: /^Pod default\/task-c,.*CrashLoopBackOff$/ }),
  ).toHaveCount(1);
  const first = await sendFrom(page, "pod/default/client", "10.0.1.11:31001");
  expect(first.told).toContain("pod/default/task-a");
  const second = await sendFrom(page, "pod/default/client", "10.0.1.11:31002");
  expect(second.told).toContain("pod/default/task-b");
  await tryIt(page, "Where a task’s port comes from");
  const terminal = page.getByRole("tabpanel", { name: "Terminal" });
  await expect(terminal).toContainText("PORT0=31002");
  await tryIt(page, "Why does task-c not run?");
  await expect(terminal).toContainText("listen tcp :31001: bind: address already in use");
});

test("with an address for each pod, all have the same port", async ({ page }) => {
  await openScenario(page, "ports-not-ips");
  await expect(box(page, "Service/default/web")).toContainText("3 endpoints ready");
  const sent = await sendFrom(page, "pod/default/client", "svc/default/web:80");
  expect(sent.told).toContain("pod/default/web-");
  expect(sent.hops.join("\n")).toMatch(/DNAT \S+:80 -> 10\.244\.\d\.\d+:8080/);
});
