import { expect, test } from "../fixtures";
import { openScenario, sendFrom, tryIt } from "./opened";

test("together, the frontend scales with its database", async ({ page }) => {
  await openScenario(page, "frontend-and-db");
  await tryIt(page, /^Scale the frontend: how many/);
  const together = page.getByRole("group", { name: /^Pod default\/together-.*, Ready$/ });
  await expect(together).toHaveCount(3);
  await expect(together.first()).toContainText("2 containers");
  const local = await sendFrom(page, "deploy/default/together", "127.0.0.1:5432");
  expect(local.verdict).toBe("delivered");
});

test("apart, the frontend scales alone and finds the one database by its Service", async ({
  page,
}) => {
  await openScenario(page, "frontend-and-db");
  await tryIt(page, "Scale the frontend alone");
  await expect(page.getByRole("group", { name: /^Pod default\/frontend-.*, Ready$/ })).toHaveCount(
    3,
  );
  await expect(page.getByRole("group", { name: /^Pod default\/db-.*, Ready$/ })).toHaveCount(1);
  const sent = await sendFrom(page, "deploy/default/frontend", "svc/default/db:5432");
  expect(sent.verdict).toBe("delivered");
  expect(sent.told).toContain("pod/default/db-");
});
