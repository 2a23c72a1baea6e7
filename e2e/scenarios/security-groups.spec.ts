import { box, oneBlank } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("a closed nodePort is silent; the load balancer has been let in, and lets in its ranges", async ({
  page,
}) => {
  await openScenario(page, "security-groups");
  await expect(box(page, "elb/default/web")).toContainText("node-2 healthy");
  await expect(box(page, "elb/default/web")).toContainText("k8s-elb-a");
  await expect(box(page, "Node/node-1")).toContainText("nodes");

  const closed = await sendFrom(page, "host/user", "nodeport/node-1/default/web:80");
  expect(closed.verdict).toBe("dropped");
  expect(closed.hops.at(-1)).toContain(
    "no rule of security group nodes lets tcp 30080 in to node-1 from 203.0.113.10",
  );

  const through = await sendFrom(page, "host/user", "lb/default/web:80");
  expect(through.verdict).toBe("delivered");
  expect(through.hops.join("\n")).toMatch(/let in by security group nodes: all from k8s-elb-a/);

  const stranger = await sendFrom(page, "host/stranger", "lb/default/web:80");
  expect(stranger.verdict).toBe("dropped");
  expect(stranger.hops.at(-1)).toMatch(
    /^elb\/web drop SecurityGroup: no rule of security group k8s-elb-a/,
  );
});

test("a rule that is added by form opens the nodePort; taking it back closes it", async ({
  page,
}) => {
  await openScenario(page, "security-groups");
  await expect(box(page, "elb/default/web")).toContainText("node-2 healthy");
  await page.getByRole("button", { name: "nodes", exact: true }).click();
  await page.getByRole("tab", { name: "Object", exact: true }).click();
  const rules = page.getByRole("region", { name: "Rules of nodes" });
  await expect(rules).toContainText("10.244.0.0/16");
  await page.locator(".object-tab").getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByRole("form", { name: "Change SecurityGroup" });
  await form.getByRole("button", { name: "Rule", exact: true }).first().click();
  const added = form.getByRole("group", { name: /^Rule 4/ });
  await added.getByLabel("CIDR").fill("203.0.113.300/24");
  await form.getByRole("button", { name: "Change SecurityGroup" }).click();
  await expect(added).toContainText("CIDR block 203.0.113.300/24 is malformed");
  await added.getByLabel("CIDR").fill("203.0.113.0/24");
  await form.getByRole("button", { name: "Change SecurityGroup" }).click();
  await expect(form).toHaveCount(0);
  await expect(rules).toContainText("203.0.113.0/24");

  const open = await sendFrom(page, "host/user", "nodeport/node-1/default/web:80");
  expect(open.verdict).toBe("delivered");
  expect(open.hops.map(oneBlank).join("\n")).toContain(
    "let in by security group nodes: TCP 30000-32767 from 203.0.113.0/24",
  );
  await page.getByRole("button", { name: /^Undo/ }).click();
  await expect(page.locator(".object-tab, .packet-tab").first()).toBeVisible();
  const closed = await sendFrom(page, "host/user", "nodeport/node-1/default/web:80");
  expect(closed.verdict).toBe("dropped");
});
