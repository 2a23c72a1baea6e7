import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("through the load balancer, by a NodePort, by name, and out", async ({ page }) => {
  await openScenario(page, "default");
  const balanced = await sendFrom(page, "host/user", "lb/default/kuard:80");
  expect(balanced.server).toMatch(/^pod\/default\/kuard-/);
  expect(balanced.hops.join("\n")).toMatch(
    /elb\/kuard connect node-\d[\s\S]*KUBE-SERVICES KUBE-NODEPORTS KUBE-EXT-\S+ KUBE-MARK-MASQ KUBE-SVC-\S+ KUBE-SEP-/,
  );
  const byNodePort = await sendFrom(page, "host/user", "nodeport/node-1/default/kuard:80");
  expect(byNodePort.server).toMatch(/^pod\/default\/kuard-/);
  expect(byNodePort.hops.join("\n")).toMatch(/node-1 MASQUERADE 203\.0\.113\.10:/);
  const byName = await sendFrom(page, "deploy/default/kuard", "kuard.default:80");
  expect(byName.server).toMatch(/^pod\/default\/kuard-/);
  const out = await sendFrom(page, "deploy/default/kuard", "db.example.com:443");
  expect(out).toMatchObject({ server: "host/db", saw: "198.51.100.1" });
});
