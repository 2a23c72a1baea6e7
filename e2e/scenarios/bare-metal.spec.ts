import { box } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("nobody makes the load balancer, and the page says so; nodePort and externalIPs are ways in", async ({
  page,
}) => {
  await openScenario(page, "bare-metal");
  await expect(box(page, "Service/default/web")).toContainText("<pending>");
  await expect(box(page, "Service/default/web")).toContainText("2 endpoints ready");
  await expect(box(page, "elb/default/web")).toHaveCount(0);

  const nowhere = await sendFrom(page, "host/user", "lb/default/web:80");
  expect(nowhere.verdict).toBe("not sent");
  expect(nowhere.hops).toHaveLength(1);
  expect(nowhere.hops[0]).toContain("LoadBalancerPending");
  expect(nowhere.told).toContain("the cluster has no cloud controller, as on bare metal");

  const byNodePort = await sendFrom(page, "host/user", "nodeport/node-2/default/web:80");
  expect(byNodePort.verdict).toBe("delivered");
  const byExternalIp = await sendFrom(page, "host/user", "10.0.1.11:80");
  expect(byExternalIp.verdict).toBe("delivered");
  expect(byExternalIp.hops.join("\n")).toMatch(
    /node-1 DNAT 10\.0\.1\.11:80 -> 10\.244\.\d\.\d+:80/,
  );

  await box(page, "Service/default/web").click();
  await page.getByRole("tab", { name: "Object", exact: true }).click();
  await expect(page.locator(".object-tab")).toContainText("EXTERNAL-IP stays <pending>");
});
