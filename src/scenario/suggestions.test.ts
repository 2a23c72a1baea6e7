import { expect, it } from "vitest";
import { parseScenario } from "./parse-scenario";

/** What a scenario with these suggestions says is wrong, and what it keeps. */
function read(yaml: string) {
  const { scenario, errors } = parseScenario(`apiVersion: kubehop.dev/v1alpha1
kind: Scenario
metadata: { name: x }
spec:
  suggestions: ${yaml}
`);
  return { suggestions: scenario.suggestions, errors: errors.map(({ message }) => message) };
}

it("keeps requests to send and lines for a terminal", () => {
  const { suggestions, errors } = read(`
    - { title: Ask the Service, from: host/user, to: "lb/default/web:80" }
    - { title: Look at the rules, command: iptables -t nat -L, from: node/node-1 }
    - { title: List the pods, command: kubectl get pods }
    - { title: Ask for the cart, from: host/user, to: "lb/default/web:80", url: shop.example.com/cart }`);
  expect(errors).toEqual([]);
  expect(suggestions).toEqual([
    { title: "Ask the Service", from: "host/user", to: "lb/default/web:80" },
    { title: "Look at the rules", command: "iptables -t nat -L", from: "node/node-1" },
    { title: "List the pods", command: "kubectl get pods" },
    {
      title: "Ask for the cart",
      from: "host/user",
      to: "lb/default/web:80",
      url: "shop.example.com/cart",
    },
  ]);
});

it("has none where none are written", () => {
  expect(parseScenario("").scenario.suggestions).toBeUndefined();
});

const AT = "spec.suggestions[0]";

it.each([
  ["[{ title: x }]", `${AT}.from: Required value: a suggestion has`],
  ["[{ title: x, from: host/user }]", `${AT}.to: Required value: a suggestion has`],
  ["[{ from: host/user, to: 'db:80' }]", `${AT}.title: Required value`],
  ["[{ title: ' ', from: a, to: b }]", `${AT}.title: Required value`],
  ["[{ title: x, command: ls, to: a }]", `${AT}.to: Forbidden`],
  ['[{ title: x, command: "ls\\nrm" }]', "without control characters"],
  ['[{ title: "\\e[2J", command: ls }]', "without control characters"],
  [`[{ title: ${"x".repeat(101)}, command: ls }]`, `${AT}.title: Invalid value: 101`],
  [
    "[{ title: x, from: a, to: b, verdict: refused }]",
    'unknown field "spec.suggestions[0].verdict"',
  ],
  ["[{ title: x, from: 1, to: b }]", "cannot unmarshal number"],
  ["{ title: x }", "cannot unmarshal object"],
  [`[${Array.from({ length: 13 }, () => "{ title: x, command: ls }").join(", ")}]`, "Too many: 13"],
])("refuses %s", (yaml, message) => {
  const { errors } = read(yaml);
  expect(errors).not.toEqual([]);
  expect(errors.join("\n")).toContain(message);
});
