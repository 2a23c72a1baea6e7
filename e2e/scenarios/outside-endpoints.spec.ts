import { box } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

test("slices written by hand lead to machines outside, and go when they are deleted", async ({
  page,
}) => {
  await openScenario(page, "outside-endpoints");
  await expect(box(page, "Service/default/db")).toContainText("no selector");
  await expect(box(page, "Service/default/db")).toContainText("2 endpoints ready");
  const asked = await sendFrom(page, "pod/default/client", "svc/default/db:5432");
  expect([asked.server, asked.saw]).toEqual(
    asked.server === "host/db-vpc"
      ? ["host/db-vpc", "10.0.1.11"]
      : ["host/db-internet", "198.51.100.1"],
  );
  expect(asked.hops.join("\n")).toMatch(/DNAT \S+:5432 -> (10\.0\.9\.30|198\.51\.100\.20):5432/);

  await tryIt(page, "Take the slice of the internet away");
  await runs(page, 'endpointslice.discovery.k8s.io "db-internet" deleted');
  await expect(box(page, "Service/default/db")).toContainText("1 endpoint ready");
  await expect(async () => {
    for (let count = 0; count < 3; count++) {
      const again = await sendFrom(page, "pod/default/client", "svc/default/db:5432");
      expect(again.server).toBe("host/db-vpc");
    }
  }).toPass();
});
