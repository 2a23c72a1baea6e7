import { box } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

const USER = "203.0.113.10";

test("who the pod sees: a node, the ELB, or the user, by kind of load balancer and policy", async ({
  page,
}) => {
  await openScenario(page, "source-ip");
  await expect(box(page, "elb/default/classic")).toContainText("ELB classic");
  await expect(box(page, "elb/default/nlb")).toContainText("NLB nlb");
  for (const name of ["classic", "classic-local", "nlb", "nlb-local"])
    await expect(box(page, `elb/default/${name}`)).toContainText("node-2 healthy");

  const from = async (name: string) => {
    const sent = await sendFrom(page, "host/user", `lb/default/${name}:80`);
    expect(sent.verdict).toBe("delivered");
    const arrived = sent.hops.filter((line) => /^web-\S+ delivered/.test(line))[0] ?? "";
    const source = /delivered ([\d.]+):/.exec(arrived)?.[1];
    return { ...sent, source };
  };

  const classic = await from("classic");
  expect(classic.source).toMatch(/^10\.(0\.1\.1[12]|244\.[01]\.1)$/);
  expect(classic.hops.join("\n")).toMatch(/elb\/classic connect node-[12] 10\.0\.1\.1[12]:30001/);

  // The ELB's own address, in the VPC.
  expect((await from("classic-local")).source).toMatch(/^10\.0\.0\.\d+$/);

  const nlb = await from("nlb");
  expect(nlb.source).toMatch(/^10\.(0\.1\.1[12]|244\.[01]\.1)$/);
  expect(nlb.hops.join("\n")).toContain("MASQUERADE");

  const local = await from("nlb-local");
  expect(local.source).toBe(USER);
  const way = local.hops.join("\n");
  expect(way).toMatch(
    /nlb\/nlb-local NAT node-[12] 10\.0\.1\.1[12]:30004, 1 of 2 targets: DNAT, source kept/,
  );
  expect(way).toMatch(/nlb\/nlb-local NAT un-DNAT 10\.0\.1\.1[12]:30004 -> 192\.0\.2\.\d+:80/);
  expect(way).not.toContain("MASQUERADE");
});

test("the Service's table tells the same, and why", async ({ page }) => {
  await openScenario(page, "source-ip");
  await expect(box(page, "elb/default/nlb-local")).toContainText("node-2 healthy");
  await box(page, "elb/default/nlb-local").click();
  await page.getByRole("tab", { name: "Object", exact: true }).click();
  await expect(page.locator(".object-tab")).toContainText("Network Load Balancer");
  await page.getByText("Who do the pods see as their client?").click();
  const rows = page.getByRole("region", { name: "Clients that the pods see" }).getByRole("row");
  const through = rows.filter({ hasText: "load balancer" });
  await expect(through).toContainText(`${USER} the client itself`);
  await expect(through).toContainText("externalTrafficPolicy Local");

  await box(page, "elb/default/classic").click();
  await expect(through).toContainText("the node that took it masquerades");
});
