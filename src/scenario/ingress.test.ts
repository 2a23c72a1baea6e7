import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { World } from "../core/cluster/world";
import { bootScenario } from "./boot";
import { formatScenario } from "./format-scenario";

function opened(yaml: string): World {
  const booted = bootScenario(yaml);
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  booted.world.settle();
  return booted.world;
}

test("an exported scenario brings its Ingresses and where they are reached", () => {
  const world = opened(readFileSync("public/scenarios/ingress-gateway.yaml", "utf8"));
  const before = world.store.find("Ingress", "default", "shop");
  const after = opened(formatScenario(world.config, world.store)).store.find(
    "Ingress",
    "default",
    "shop",
  );
  expect(after?.spec).toEqual(before?.spec);
  expect(after?.status).toEqual(before?.status);
  expect(after?.status.loadBalancer.ingress?.[0]?.hostname).toContain("elb");
});
