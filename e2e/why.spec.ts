import AxeBuilder from "@axe-core/playwright";
import { box, objectRow, showTab } from "./app";
import { expect, test } from "./fixtures";
import { openScenario, sendFrom } from "./scenarios/opened";
import { sendUntilDelivered, whyBox } from "./why";

const CLIENT = "pod/default/client";

test("a failed request says why without scrolling, is repaired by a press, and broken again by undo", async ({
  page,
}) => {
  await openScenario(page, "why-not");
  const { verdict, told } = await sendFrom(page, CLIENT, "svc/default/cart:80");
  expect(verdict).toBe("refused");
  expect(told).toContain("The Service's selector matches no pod");
  const fix = whyBox(page).getByRole("button", { name: "Select the pods of Deployment cart" });
  await expect(fix).toBeInViewport({ ratio: 1 });
  await expect(page.locator("[aria-live]")).toContainText([/Why not: The Service's selector/]);
  await fix.click();
  await expect(whyBox(page).getByRole("status")).toContainText("then send again");
  await sendUntilDelivered(page);
  await page.getByRole("button", { name: /^Undo/ }).first().click();
  await expect(box(page, "Service/default/cart")).toContainText("app=crat");
});

test("what to look at runs in the terminal, and what is named is selected", async ({ page }) => {
  await openScenario(page, "why-not");
  await sendFrom(page, CLIENT, "svc/default/web:80");
  await whyBox(page).getByRole("button", { name: "Service default/web" }).click();
  await expect(box(page, "Service/default/web")).toHaveClass(/selected/);
  await showTab(page, "Inspector", "Packet");
  await whyBox(page).getByRole("button", { name: "Run in the terminal" }).first().click();
  await expect(page.locator(".xterm-rows")).toContainText("jsonpath");
});

for (const theme of ["light", "dark", "projector"])
  test(`axe finds nothing in it in the ${theme} theme`, async ({ page }) => {
    await openScenario(page, `why-not&theme=${theme}`);
    await sendFrom(page, CLIENT, "svc/default/cart:80");
    const found = await new AxeBuilder({ page }).include(".why-box").analyze();
    expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

test("what cannot even be sent says why, too", async ({ page }) => {
  await openScenario(page, "why-not");
  await page.getByRole("combobox", { name: "From" }).selectOption("host/user");
  await page.getByRole("combobox", { name: "To" }).fill("svc/default/wep:80");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(whyBox(page)).toContainText("✕ not sent");
  await expect(whyBox(page)).toContainText("There is default/web.");
  await page.getByRole("button", { name: "Put away" }).click();
  await expect(whyBox(page)).toHaveCount(0);
});

test("predicted ways say why they fail", async ({ page }) => {
  await openScenario(page, "why-not");
  await page.getByRole("combobox", { name: "From" }).selectOption(CLIENT);
  await page.getByRole("combobox", { name: "To" }).fill("svc/default/search:80");
  await showTab(page, "Dock", "Paths");
  await expect(page.getByRole("tabpanel", { name: "Paths" })).toContainText("No pod is ready");
  await expect(objectRow(page, "Service", "search")).toBeVisible();
});

test("on a phone the reason is on the first screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openScenario(page, "why-not");
  await page.getByRole("combobox", { name: "From" }).selectOption(CLIENT);
  await page.getByRole("combobox", { name: "To" }).fill("svc/default/web:80");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await page.getByRole("button", { name: "Last hop" }).click();
  await page.getByRole("tab", { name: "Packet" }).click();
  await expect(
    whyBox(page).getByRole("heading", { name: "The Service's targetPort is wrong" }),
  ).toBeInViewport({ ratio: 1 });
});
