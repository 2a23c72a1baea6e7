import { box, letTimePass } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

test("one Service finds the pods of two Deployments; a pod without the label leaves", async ({
  page,
}) => {
  await openScenario(page, "labels");
  await expect(box(page, "Service/default/web")).toContainText("3 endpoints ready");
  await expect(box(page, "Service/default/web-canary")).toContainText("1 endpoint ready");
  const canary = await sendFrom(page, "node/node-1", "svc/default/web-canary:80");
  const before = canary.server;
  expect(before).toMatch(/^pod\/default\/canary-/);

  await tryIt(page, "Take the canary out of both Services");
  await runs(page, `${before.replace("pod/default/", "pod/")} labeled`);
  await letTimePass(page);
  const pods = page.getByRole("table", { name: "Pod", exact: true });
  await expect(pods.getByRole("row", { name: /^canary.*Ready/ })).toHaveCount(2);
  // Its ReplicaSet has made another one, and that is the Service's now.
  await expect(async () => {
    const after = await sendFrom(page, "node/node-1", "svc/default/web-canary:80");
    expect(after.server).toMatch(/^pod\/default\/canary-/);
    expect(after.server).not.toBe(before);
  }).toPass();
  await letTimePass(page);
  await expect(box(page, "Service/default/web")).toContainText("3 endpoints ready");

  await tryIt(page, "Let web select what nobody has");
  await runs(page, "service/web selector updated");
  await letTimePass(page);
  await expect(box(page, "Service/default/web")).toContainText("no endpoints");
  await expect(async () => {
    const { verdict } = await sendFrom(page, "host/user", "nodeport/node-1/default/web:80");
    expect(verdict).toBe("refused");
  }).toPass();
});
