import { expect, test } from "vitest";
import { bootScenario } from "./boot";
import { formatScenario } from "./format-scenario";
import { parseScenario } from "./parse-scenario";

const scenario = (lags: string) =>
  `{apiVersion: kubehop.dev/v1alpha1, kind: Scenario, metadata: {name: x}, spec: {lags: ${lags}}}`;

test("lags are durations, for all nodes or for one", () => {
  const { scenario: config, errors } = parseScenario(
    scenario("{endpointSlices: 5s, proxyWatch: 500ms, proxyWatchOn: {node-2: 1m}}"),
  );
  expect(errors).toEqual([]);
  expect(config.lags).toEqual({
    endpointSlices: 5_000_000,
    proxyWatch: 500_000,
    "proxyWatch/node-2": 60_000_000,
  });
});

test("they are exported as they are", () => {
  const yaml = scenario("{endpointSlices: 5s, proxyWatchOn: {node-2: 60000ms}}");
  const booted = bootScenario(yaml);
  if (!booted.ok) throw new Error("refused");
  const { config, store } = booted.world;
  const again = parseScenario(formatScenario(config, store));
  expect(again.errors).toEqual([]);
  expect(again.scenario.lags).toEqual(config.lags);
});

test.each([
  ["{endpointSlices: soon}", "must be a duration"],
  ["{endpointSlices: 2h}", "must be between 0s and 600s"],
  ["{healthCheck: 1s}", "must be between 5s and 600s"],
  ["{watch: 1s}", "unknown field"],
])("%s is refused: %s", (lags, words) => {
  const { errors } = parseScenario(scenario(lags));
  expect(errors.map(({ message }) => message).join()).toContain(words);
});
