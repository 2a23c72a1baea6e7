import { hopItems, hopLines, openCluster, sendButton, showTab } from "./app";
import { expect, test } from "./fixtures";

test("a name is looked up with queries that are followed hop by hop, and listed", async ({
  page,
}) => {
  await openCluster(page);
  const from = page.getByLabel("From", { exact: true });
  const client = await from
    .locator("option[value^='pod/default/kuard']")
    .first()
    .getAttribute("value");
  await from.selectOption(client ?? "");
  await page.getByLabel("To", { exact: true }).fill("kuard:80");
  await sendButton(page).click();
  await expect(hopItems(page)).not.toHaveCount(0);
  const lines = await hopLines(page);
  expect(lines[1]).toMatch(/ > 10\.96\.0\.10:53 udp A\? kuard\.default\.svc\.cluster\.local\.$/);
  expect(lines).toContainEqual(expect.stringMatching(/^coredns-\S+ resolve A\? kuard\./));
  expect(lines.at(-1)).toMatch(/ delivered 10\.\S+:80 > \S+ tcp S\.$/);

  await showTab(page, "Dock", "DNS");
  const queries = page.getByRole("table", { name: "Queries of the followed request" });
  await expect(queries.getByRole("row")).toHaveCount(3);
  await queries.getByRole("button").first().click();
  await expect(hopItems(page).nth(1)).toHaveAttribute("aria-current", "step");
});
