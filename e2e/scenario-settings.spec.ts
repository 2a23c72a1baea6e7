import { box, openCluster, readyPods } from "./app";
import { expect, test } from "./fixtures";

test("the same objects on another pod network, beside the cluster that was there", async ({
  page,
}) => {
  await openCluster(page);
  await expect(box(page, "node/node-1/cni0")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox", { name: "Command" }).fill("scenario settings");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Scenario settings" });
  await dialog.getByLabel("Pod network (CNI)").selectOption("calico");
  await dialog.getByLabel("Service addresses (serviceCIDR)").fill("10.244.0.0/16");
  await dialog.getByRole("button", { name: "Build this cluster" }).click();
  await expect(dialog.getByRole("alert")).toContainText("serviceCIDR");
  await dialog.getByLabel("Service addresses (serviceCIDR)").fill("10.112.0.0/16");
  await dialog.getByLabel("Title").fill("Kuard on Calico");
  await dialog.getByRole("button", { name: "Build this cluster" }).click();
  await expect(dialog).toBeHidden();
  await expect(readyPods(page, "kuard")).toHaveCount(3);
  await expect(box(page, "node/node-1/cni0")).toHaveCount(0);
  await expect(box(page, "Service/default/kuard")).toContainText("10.112.");
});
