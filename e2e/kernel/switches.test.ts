import { expect, test } from "vitest";
import { bootScenario } from "../../src/scenario/boot";
import { switchedScenarios } from "./switches";

test.each(switchedScenarios())("$name is accepted, and unlike the others", ({ name, text }) => {
  const booted = bootScenario(text);
  expect(booted.ok ? booted.world.config.name : booted.errors).toBe(name);
  const same = switchedScenarios().filter((other) => other.text === text);
  expect(same).toHaveLength(1);
});
