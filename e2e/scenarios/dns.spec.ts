import { expect, test } from "../fixtures";
import { openScenario, runs, sendFrom, tryIt } from "./opened";

test("names are looked up with packets, suffix by suffix", async ({ page }) => {
  await openScenario(page, "dns");
  await page.getByRole("combobox", { name: "Follow" }).selectOption({ label: "all packets" });

  const short = await sendFrom(page, "pod/default/client", "web:80");
  expect(short.server).toMatch(/^pod\/default\/peer-[01]$/);
  const queries = short.hops.join("\n");
  expect(queries).toMatch(/DNAT 10\.96\.0\.10:53 -> 10\.244\.[12]\.\d+:53/);
  expect(queries).toContain("web.default.svc.cluster.local");

  const other = await sendFrom(page, "pod/default/client", "cart.shop:80");
  expect(other.server).toBe("pod/shop/cart");
  expect(other.hops.join("\n")).toMatch(
    /cart\.shop\.default\.svc\.cluster\.local[\s\S]*NXDOMAIN[\s\S]*cart\.shop\.svc\.cluster\.local/,
  );

  const outside = await sendFrom(page, "pod/default/client", "db.example.com:443");
  expect(outside.server).toBe("host/db");
  const tried = outside.hops.join("\n");
  for (const suffix of ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"])
    expect(tried).toContain(`db.example.com.${suffix}`);
  expect(tried).toContain("10.0.0.2:53");
});

test("headless Services, hostnames and ExternalName", async ({ page }) => {
  await openScenario(page, "dns");
  const peers = await sendFrom(page, "pod/default/client", "peers:8080");
  expect(peers.server).toMatch(/^pod\/default\/peer-[01]$/);
  expect(peers.hops.join("\n")).not.toContain("DNAT 10.96.0.80");
  const first = await sendFrom(page, "pod/default/client", "peer-0.peers:8080");
  expect(first.server).toBe("pod/default/peer-0");
  const outside = await sendFrom(page, "pod/default/client", "outside:443");
  expect(outside).toMatchObject({ server: "host/db", saw: "198.51.100.1" });
});

test("the records themselves: resolv.conf, SRV, PTR, CNAME, addresses that are not ready", async ({
  page,
}) => {
  await openScenario(page, "dns");
  await tryIt(page, /resolv\.conf/);
  await runs(page, "search default.svc.cluster.local svc.cluster.local cluster.local");
  await runs(page, "options ndots:5");
  await tryIt(page, /SRV$/);
  await runs(page, "IN SRV 0 100 80 web.default.svc.cluster.local.");
  await tryIt(page, /PTR$/);
  await runs(page, /PTR\s+web\.default\.svc\.cluster\.local\./);
  await tryIt(page, /CNAME$/);
  await runs(page, /CNAME\s+db\.example\.com\./);
  await tryIt(page, /publishNotReadyAddresses/);
  await runs(page, /dig \+short early\S+\s+10\.244\.2\.\d+/);
  await tryIt(page, /not there without it/);
  await runs(page, /status: NXDOMAIN/);
});
