import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

const CLIENT = "pod/default/client";

test("NXDOMAIN, an address without anybody, and no server at all are told apart", async ({
  page,
}) => {
  await openScenario(page, "dns-trouble");
  const wrong = await sendFrom(page, CLIENT, "cart:80");
  expect(wrong.told).toContain("Could not resolve host: cart (NXDOMAIN");
  expect((await sendFrom(page, CLIENT, "cart.shop:80")).server).toBe("pod/shop/cart");

  const empty = await sendFrom(page, CLIENT, "empty:80");
  expect(empty.verdict).toBe("refused");
  expect(empty.told).toContain("default/empty has no endpoints");
  const nobody = await sendFrom(page, CLIENT, "nobody:80");
  expect(nobody.told).toContain("Could not resolve host: nobody (NXDOMAIN");
});

test("without CoreDNS names fail and addresses work", async ({ page }) => {
  await openScenario(page, "dns-trouble");
  await tryIt(page, "Scale CoreDNS to nothing");
  await runs(page, "deployment.apps/coredns scaled");
  await expect(
    page.getByRole("table", { name: "Pod", exact: true }).getByRole("row", { name: /^coredns/ }),
  ).toHaveCount(0);
  const gone = await sendFrom(page, CLIENT, "cart.shop:80");
  expect(gone.verdict).toBe("refused");
  expect(gone.told).toMatch(/kube-dns|DNS/);
  const byAddress = await sendFrom(page, CLIENT, "svc/shop/cart:80");
  expect(byAddress.server).toBe("pod/shop/cart");
});
