import { expect, test } from "vitest";
import { clusterOf, pod } from "../testing/cluster";
import { byProbability, placesOf, stepsOf } from "./ways";

const cluster = () =>
  clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
${pod("web-1", "node-1", "app: web")}
${pod("web-2", "node-2", "app: web")}
${pod("client", "node-3", "app: client", "")}`);

test("a request through a load balancer decides twice: the target, and there the endpoint", () => {
  const world = cluster();
  const paths = world.paths("host/user", "lb/default/web:80");
  if (!paths.ok) throw new Error(paths.error);
  const ways = byProbability(paths.value).map(({ journey }) =>
    stepsOf(journey, world.store).map(({ decides, choice, probability }) => [
      decides.replace(/KUBE-SVC-.*/, "KUBE-SVC"),
      choice,
      probability.toFixed(4),
    ]),
  );
  expect(ways).toHaveLength(6);
  expect(ways).toContainEqual([
    ["elb/web: target", "node-3", "0.3333"],
    ["node-3: KUBE-SVC", expect.stringMatching(/^web-2 \(10\.244\.2\.\d+:8080\)$/), "0.5000"],
  ]);
});

test("the product of a way's turns is its probability", () => {
  const world = cluster();
  const paths = world.paths("host/user", "lb/default/web:80");
  if (!paths.ok) throw new Error(paths.error);
  for (const { probability, journey } of paths.value) {
    const product = stepsOf(journey, world.store).reduce((all, one) => all * one.probability, 1);
    expect(Math.abs(product - probability)).toBeLessThan(1e-12);
  }
});

test("where nothing is left to chance there is one way without a turn", () => {
  const world = cluster();
  const paths = world.paths("pod/default/client", "pod/default/web-1:8080");
  if (!paths.ok) throw new Error(paths.error);
  expect(paths.value).toHaveLength(1);
  const journey = paths.value[0]?.journey;
  if (!journey) throw new Error("no way");
  const { hops } = journey;
  expect(stepsOf(journey, world.store)).toEqual([]);
  expect(placesOf(hops)[0]).toBe("pod/default/client");
  expect(placesOf(hops).at(-1)).toBe("pod/default/web-1");
});

test("a name with several addresses is a turn of the client's", () => {
  const world = clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}}
${pod("web-1", "node-1", "app: web")}
${pod("web-2", "node-2", "app: web")}
${pod("client", "node-3", "app: client", "")}`);
  const paths = world.paths("pod/default/client", "web:8080");
  if (!paths.ok) throw new Error(paths.error);
  const steps = paths.value.map(({ journey }) => stepsOf(journey, world.store));
  expect(steps).toEqual(
    ["web-1", "web-2"].map((name) => [
      {
        place: "pod/default/client",
        decides: "client: address of web:8080",
        choice: expect.stringMatching(new RegExp(`^${name} `)),
        probability: 0.5,
      },
    ]),
  );
});
