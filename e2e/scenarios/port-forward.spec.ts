import { box } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("by the API server and the kubelet to localhost of the pod, past its Service", async ({
  page,
}) => {
  await openScenario(page, "port-forward");
  const sent = await sendFrom(page, "host/user", "port-forward/default/web-1:8080");
  expect(sent.verdict).toBe("delivered");
  expect(sent.told).toMatch(
    /pod\/default\/web-1 answered 200 OK, saw the source address 127\.0\.0\.1/,
  );
  const words = sent.hops.join("\n");
  expect(words).toMatch(/user send +203\.0\.113\.10:\d+ > 192\.0\.2\.2:6443 tcp S/);
  expect(words).toMatch(/apiserver send +10\.0\.0\.10:\d+ > 10\.0\.1\.11:10250 tcp S/);
  expect(words).toMatch(/web-1 send +127\.0\.0\.1:\d+ > 127\.0\.0\.1:8080 tcp S/);
  expect(words).not.toContain("DNAT 1");

  const service = await sendFrom(page, "host/user", "port-forward/svc/default/web:80");
  expect(service.told).toContain("pod/default/web-1");
  expect((await sendFrom(page, "host/user", "pod/default/web-1:8080")).verdict).toBe("dropped");
});

test("it reaches what only localhost may see, and says when nobody listens", async ({ page }) => {
  await openScenario(page, "port-forward");
  expect((await sendFrom(page, "pod/default/web-1", "pod/default/admin:9090")).verdict).toBe(
    "refused",
  );
  const admin = await sendFrom(page, "host/user", "port-forward/default/admin:9090");
  expect(admin.told).toContain("pod/default/admin answered 200 OK");
  const nobody = await sendFrom(page, "host/user", "port-forward/default/web-1:9999");
  expect(nobody.told).toContain("node/node-1 answered 500 Internal Server Error");
  expect(nobody.hops.join("\n")).toContain("nothing on web-1 listens on tcp port 9999");
});

test("from a pod's menu without a terminal, and in one with kubectl", async ({ page }) => {
  await openScenario(page, "port-forward");
  await box(page, "Pod/default/web-2").click();
  await page.getByRole("tab", { name: "Object", exact: true }).click();
  await page.getByRole("button", { name: "Port-forward to 8080 and send" }).click();
  await expect(page.getByRole("combobox", { name: "To" })).toHaveValue(
    "port-forward/default/web-2:8080",
  );
  await expect(page.getByRole("list", { name: "Hops", exact: true })).toContainText("apiserver");
  await tryIt(page, /in a terminal/);
  const rows = page.locator(".terminal-screen:visible .xterm-rows");
  await expect(rows).toContainText("Forwarding from 127.0.0.1:8080 -> 8080");
  await expect(rows).toContainText("Handling connection for 8080");
  await expect(rows).toContainText("ok");
});
