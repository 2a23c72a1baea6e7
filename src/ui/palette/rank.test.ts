import { expect, test } from "vitest";
import { rank } from "./rank";

const COMMANDS = [
  ["Service default/kuard", "Select"],
  ["EndpointSlice default/kuard-kl4gt", "Select"],
  ["ReplicaSet kube-system/coredns-577db8b7bc", "Select"],
  ["Add Service", "Add"],
  ["Theme: dark", "View"],
] as const;

function found(typed: string): readonly string[] {
  return COMMANDS.map((texts) => ({ label: texts[0], score: rank("", typed, texts) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ label }) => label);
}

test.each([
  ["kuard", ["Service default/kuard", "EndpointSlice default/kuard-kl4gt"]],
  ["service", ["Service default/kuard", "Add Service"]],
  ["add serv", ["Add Service"]],
  ["select KUARD slice", ["EndpointSlice default/kuard-kl4gt"]],
  ["xyz", []],
])("%j finds %j", (typed, labels) => {
  expect(found(typed)).toEqual(labels);
});

test("nothing typed finds everything", () => {
  expect(found("")).toHaveLength(COMMANDS.length);
});
