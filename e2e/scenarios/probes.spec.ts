import { oneBlank } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, outcome, runs, tryIt } from "./opened";

const WAIT = { timeout: 45_000 };

test("a pod whose probes are dropped leaves step by step, on node-2 last", async ({ page }) => {
  await openScenario(page, "probes");
  await tryIt(page, "See probes at the pod's door");
  await runs(page, /GET \/ready HTTP\/1\.1/);
  await tryIt(page, "Drop what the kubelet of node-1 sends");
  const pods = page.getByRole("table", { name: "Pod", exact: true });
  const unready = pods.getByRole("row", { name: /^web-.*(0\/1|[Nn]ot ready)/ });
  await expect(unready).toHaveCount(1, WAIT);
  await unready.getByRole("rowheader").click();
  const chain = page.getByRole("region", { name: "Readiness, step by step" });
  await expect(chain).toContainText(
    /probe failed, 3 of 3: Readiness probe failed: Get "http:\/\/10\.244\.1\.\d+:8080\/ready": context deadline exceeded/,
    WAIT,
  );
  await expect(chain).toContainText("node-2 has written its rules", WAIT);
  const steps = (await chain.getByRole("listitem").allTextContents()).map(oneBlank);
  const at = (text: string) => steps.findIndex((step) => step.includes(text));
  expect(at("its status says not ready")).toBeGreaterThan(at("probe failed"));
  expect(at("EndpointSlice web-")).toBeGreaterThan(at("its status says not ready"));
  expect(at("node-1 has written its rules")).toBeGreaterThan(at("EndpointSlice web-"));
  expect(at("CoreDNS")).toBeGreaterThan(at("EndpointSlice web-"));
  expect(at("node-2 has written its rules")).toBeGreaterThan(at("node-1 has written its rules"));
});

test("a probe is followed, hop by hop, and all of them are dots", async ({ page }) => {
  await openScenario(page, "probes");
  const pods = page.getByRole("table", { name: "Pod", exact: true });
  await pods.getByRole("row", { name: /^web-/ }).first().getByRole("rowheader").click();
  await page.getByRole("button", { name: "Follow the next readiness probe" }).click();
  const hops = page.getByRole("list", { name: "Hops", exact: true }).getByRole("listitem");
  await expect(hops.first()).toContainText(/node-\d +send +10\.244\.\d\.1:\d+ > /);
  expect((await outcome(page)).told).toContain("delivered pod/default/web-");
  const dots = page.getByRole("button", { name: "Show probes" });
  await dots.click();
  await expect(dots).toHaveAttribute("aria-pressed", "true");
});

test("lags are set in the page, and undone", async ({ page }) => {
  await openScenario(page, "probes");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("lags");
  await page.getByRole("option", { name: /^Lags/ }).click();
  const dialog = page.getByRole("dialog", { name: "Lags" });
  const slices = dialog.getByRole("textbox", { name: "EndpointSlice controller" });
  await expect(slices).toHaveValue("1");
  await slices.fill("-5");
  await slices.press("Tab");
  await expect(dialog.getByRole("alert")).toContainText('"-5" is not a number of seconds');
  await expect(slices).toHaveValue("-5");
  await slices.fill("7");
  await slices.press("Enter");
  await expect(slices).toHaveValue("7");
  await expect(dialog.getByRole("textbox", { name: /node-2/ })).toHaveValue("8");
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: /^Undo/ }).first().click();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("lags");
  await page.getByRole("option", { name: /^Lags/ }).click();
  await expect(slices).toHaveValue("1");
});
