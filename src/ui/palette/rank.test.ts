import { expect, test } from "vitest";
import { rank } from "./rank";

const COMMANDS = [
  ["Service default/kuard", "find object"],
  ["EndpointSlice default/kuard-kl4gt", "find object"],
  ["ReplicaSet kube-system/coredns-577db8b7bc", "find object"],
  ["Add Service", "new create"],
  ["Copy a link in the dark theme", "share"],
  ["Theme: dark", "view colours"],
] as const;

function found(typed: string): readonly string[] {
  return COMMANDS.map(([label, others]) => ({ label, score: rank(typed, label, others) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ label }) => label);
}

test.each([
  ["kuard", ["Service default/kuard", "EndpointSlice default/kuard-kl4gt"]],
  ["service", ["Service default/kuard", "Add Service"]],
  ["add serv", ["Add Service"]],
  ["create service", ["Add Service"]],
  ["find KUARD slice", ["EndpointSlice default/kuard-kl4gt"]],
  ["dark", ["Theme: dark", "Copy a link in the dark theme"]],
  ["xyz", []],
])("%j finds %j", (typed, labels) => {
  expect(found(typed)).toEqual(labels);
});

test("nothing typed finds everything", () => {
  expect(found("")).toHaveLength(COMMANDS.length);
});
