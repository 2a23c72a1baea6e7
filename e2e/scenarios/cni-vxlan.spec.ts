import { box, goToHop, inspector } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, sendFrom } from "./opened";

test("a packet for another node's pod travels inside one between the nodes", async ({ page }) => {
  await openScenario(page, "cni-vxlan");
  await expect(box(page, "node/node-1/flannel.1")).toBeVisible();
  const { verdict, told, hops } = await sendFrom(
    page,
    "pod/default/client",
    "pod/default/far:8080",
  );
  expect(verdict).toBe("delivered");
  expect(told).toContain("saw the source address 10.244.1.3");
  const wrapped = hops.findIndex((line) => line.startsWith("node-1 encapsulate"));
  expect(hops[wrapped]).toMatch(
    /10\.0\.1\.11:\d+ > 10\.0\.1\.12:8472 udp vxlan 1 \[10\.244\.1\.3:\d+ > 10\.244\.2\.2:8080/,
  );
  expect(hops.join("\n")).toContain("node-2 decapsulate");

  await goToHop(page, wrapped);
  const row = (name: string) => inspector(page).getByRole("row", { name: new RegExp(`^${name}`) });
  await expect(row("dst")).toContainText("10.0.1.12:8472");
  await expect(row("inner dst")).toContainText("10.244.2.2:8080");
  await expect(page.locator(".cv-tag")).toContainText(/inside, VXLAN 1.*10\.244\.2\.2:8080/s);
});

test("on one node no tunnel is needed", async ({ page }) => {
  await openScenario(page, "cni-vxlan");
  const { verdict, hops } = await sendFrom(page, "pod/default/client", "pod/default/near:8080");
  expect(verdict).toBe("delivered");
  expect(hops.join("\n")).not.toContain("vxlan");
});
