import type { Page } from "@playwright/test";
import { box, objectRow } from "../app";
import { expect, test } from "../fixtures";
import { openScenario, type Sent, sendFrom, tryIt } from "./opened";

const GATEWAY = "lb/ingress-nginx/gateway:80";

async function ask(page: Page, url: string): Promise<Sent> {
  await page.getByRole("combobox", { name: "To" }).fill(GATEWAY);
  await page.getByRole("textbox", { name: "URL or path" }).fill(url);
  return sendFrom(page, "host/user", GATEWAY);
}

test("hosts and paths of one address lead to different Services", async ({ page }) => {
  await openScenario(page, "ingress-gateway");
  const cart = await ask(page, "shop.example.com/cart");
  expect(cart.verdict).toBe("delivered");
  expect(cart.told).toMatch(
    /pod\/default\/cart-\S+ answered 200 OK, saw the source address 10\.244\./,
  );
  const words = cart.hops.join("\n");
  // One connection into the gateway's pod, another one out of it to the ClusterIP, translated by its node.
  expect(words).toMatch(
    /gateway-\S+ connect +10\.\d+\.\d+\.\d+:80, Ingress default\/shop: shop\.example\.com \/cart \(Prefix\) to cart:80/,
  );
  expect(words).toMatch(/gateway-\S+ send +10\.244\.\d+\.\d+:\d+ > 10\.\d+\.\d+\.\d+:80 tcp S/);
  expect(words).toMatch(/node-\d DNAT +10\.(9[6-9]|1[01]\d)\.\d+\.\d+:80 -> 10\.244\./);

  expect((await ask(page, "shop.example.com/")).told).toMatch(
    /pod\/default\/web-\S+ answered 200 OK/,
  );
  // Either of web's two pods, on the way of this very host and path.
  const ways = page.getByRole("list", { name: "Outcomes and their chances" });
  await expect(ways.getByRole("listitem").filter({ hasText: /^web-\S+1\/2/ })).toHaveCount(2);
  expect((await ask(page, "blog.example.com/")).told).toMatch(
    /pod\/default\/blog-\S+ answered 200/,
  );

  const unknown = await ask(page, "www.example.com/");
  expect(unknown.verdict).toBe("delivered");
  expect(unknown.told).toMatch(/pod\/ingress-nginx\/gateway-\S+ answered 404 Not Found/);
  expect(unknown.hops.join("\n")).toContain("no Ingress has a rule for www.example.com/");
});

test("the request's line and headers are shown, with those that the gateway adds", async ({
  page,
}) => {
  await openScenario(page, "ingress-gateway");
  await ask(page, "shop.example.com/cart");
  await page.getByRole("combobox", { name: "Follow" }).selectOption({ label: "request" });
  const lines = page.getByRole("list", { name: "Hops" }).getByRole("listitem");
  const send = lines.filter({ hasText: /gateway-\S+ +send/ }).last();
  await send.click();
  const packet = page.locator(".packet-tab");
  await expect(packet).toContainText("GET /cart HTTP/1.1");
  await expect(packet).toContainText("Host: shop.example.com");
  await expect(packet).toContainText(/X-Forwarded-For: 10\./);
});

test("the routes are lines, a list and a table; without endpoints the gateway answers 503", async ({
  page,
}) => {
  await openScenario(page, "ingress-gateway");
  await expect(objectRow(page, "Ingress", "shop")).toContainText("nginx");
  expect(await page.locator(".cv-wire-route").first().getAttribute("d")).toMatch(/^M/);
  await tryIt(page, /Take the cart/);
  const rows = page.locator(".terminal-screen:visible .xterm-rows");
  await expect(rows).toContainText("deployment.apps/cart scaled");
  await page.keyboard.type("kubectl get ingress");
  await page.keyboard.press("Enter");
  await expect(rows).toContainText(/NAME +CLASS +HOSTS +ADDRESS +PORTS +AGE/);
  await expect(rows).toContainText(/shop +nginx +shop\.example\.com,blog\.example\.com +\S+elb/);
  await expect(box(page, "Service/default/cart")).toContainText("no endpoints", {
    timeout: 20_000,
  });
  await expect(async () => {
    const gone = await ask(page, "shop.example.com/cart");
    expect(gone.told).toMatch(/gateway-\S+ answered 503 Service Temporarily Unavailable/);
  }).toPass();
});

test("a URL that is none is not sent", async ({ page }) => {
  await openScenario(page, "ingress-gateway");
  await page.getByRole("textbox", { name: "URL or path" }).fill("shop example");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Not a URL or path")).toBeVisible();
});
