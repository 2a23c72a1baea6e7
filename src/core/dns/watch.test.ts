import { expect, test } from "vitest";
import { keyOf } from "../api/types";
import { MS } from "../sim/time";
import { clusterOf, manifestsOf } from "../testing/cluster";

const WEB =
  "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, ports: [{port: 80}]}}";

function settled() {
  const world = clusterOf(WEB);
  const servers = [...world.store.list("Pod")]
    .filter(({ metadata }) => metadata.labels?.["k8s-app"] === "kube-dns")
    .map(({ metadata }) => `pod/${metadata.namespace}/${metadata.name}`);
  return { world, servers };
}

test("each CoreDNS hears of a new Service after 20 to 80 ms, in its own time", () => {
  const { world, servers } = settled();
  const startUs = world.nowUs;
  const late = WEB.replace("web", "late").replace("0.20", "0.21");
  world.execute({ type: "apply", manifests: manifestsOf(late) });
  const heardAfterMs = servers.map((server) => {
    const run = world.fork();
    const knows = () => run.dnsView(server).find("Service", "default", "late") !== undefined;
    run.runWhile(() => !knows(), startUs + 1_000 * MS);
    return (run.nowUs - startUs) / MS;
  });
  expect(heardAfterMs).toHaveLength(2);
  for (const ms of heardAfterMs) {
    expect(ms).toBeGreaterThanOrEqual(20);
    expect(ms).toBeLessThanOrEqual(80);
  }
  expect(heardAfterMs[0]).not.toBe(heardAfterMs[1]);
});

test("until then it knows what was there before: what is changed, and what is gone", () => {
  const { world, servers } = settled();
  const [server = ""] = servers;
  const clusterIPs = () =>
    [...world.dnsView(server).list("Service")]
      .filter(({ metadata }) => metadata.name === "web")
      .map(({ spec, metadata }) => `${spec.clusterIP} ${metadata.labels?.color ?? "plain"}`);
  world.execute({
    type: "patch",
    key: keyOf("Service", "default", "web"),
    patch: { metadata: { labels: { color: "red" } } },
  });
  world.execute({ type: "delete", key: keyOf("Service", "default", "web") });
  expect(clusterIPs()).toEqual(["10.96.0.20 plain"]);
  expect(world.store.find("Service", "default", "web")).toBeUndefined();
  world.settle();
  expect(clusterIPs()).toEqual([]);
});
