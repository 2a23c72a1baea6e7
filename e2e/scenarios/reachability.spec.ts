import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("pods, nodes and pods, and the way out: who sees whom as whom", async ({ page }) => {
  await openScenario(page, "reachability");

  const near = await sendFrom(page, "pod/default/client", "pod/default/near:8080");
  expect(near).toMatchObject({ server: "pod/default/near", saw: "10.244.1.2" });
  expect(near.hops.join("\n")).toMatch(/node-1 bridge cni0 port \S+ to 10\.244\.1\.3/);
  expect(near.hops.join("\n")).not.toMatch(/MASQUERADE|DNAT \S|eth0/);

  const far = await sendFrom(page, "pod/default/client", "pod/default/far:8080");
  expect(far).toMatchObject({ server: "pod/default/far", saw: "10.244.1.2" });
  expect(far.hops.join("\n")).toContain("node-1 route 10.244.2.0/24 via 10.0.1.12 dev eth0");
  expect(far.hops.join("\n")).not.toContain("MASQUERADE");

  const fromNode = await sendFrom(page, "node/node-1", "pod/default/far:8080");
  expect(fromNode).toMatchObject({ server: "pod/default/far", saw: "10.0.1.11" });

  const out = await sendFrom(page, "pod/default/client", "198.51.100.20:443");
  expect(out).toMatchObject({ server: "host/db", saw: "198.51.100.1" });
  expect(out.hops.join("\n")).toMatch(/node-1 MASQUERADE 10\.244\.1\.2:\d+ -> 10\.0\.1\.11:/);
  expect(out.hops.join("\n")).toMatch(/natgw NAT SNAT 10\.0\.1\.11:\d+ -> 198\.51\.100\.1:/);
  expect(out.hops.at(-1)).toMatch(/^client delivered 198\.51\.100\.20:443 > 10\.244\.1\.2:/);

  const vm = await sendFrom(page, "pod/default/client", "10.0.9.20:80");
  expect(vm).toMatchObject({ server: "host/vm", saw: "10.0.1.11" });
});

test("from a pod to a server on the node itself", async ({ page }) => {
  await openScenario(page, "reachability");
  const none = await sendFrom(page, "pod/default/client", "10.0.1.12:8000");
  expect(none.verdict).toBe("refused");
  expect(none.told).toContain("NoSocket");
  await tryIt(page, "Start a web server on node-2 itself");
  await expect(page.getByRole("region", { name: "Terminal on node/node-2" })).toContainText(
    "Serving HTTP on 0.0.0.0 port 8000",
  );
  const served = await sendFrom(page, "pod/default/client", "10.0.1.12:8000");
  expect(served.server).toBe("node/node-2");
});

test("from outside nobody knows the way to a pod, and it is said why", async ({ page }) => {
  await openScenario(page, "reachability");
  for (const from of ["host/vm", "host/user"]) {
    const { verdict, told } = await sendFrom(page, from, "pod/default/near:8080");
    expect(verdict).toBe("dropped");
    expect(told).toContain("IpInNoRoutes");
    expect(told).toContain("10.244.1");
  }
});
