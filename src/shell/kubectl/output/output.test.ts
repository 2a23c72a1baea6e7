import { expect, test } from "vitest";
import { alignTabs } from "../describe/tabs";
import { KubectlFailure } from "../failure";
import { alignColumns, parseCustomColumns } from "./columns";
import { parseJsonPath, printJsonPath } from "./jsonpath";

const OBJECT = {
  kind: "List",
  items: [
    {
      metadata: { name: "a", labels: { "app.kubernetes.io/name": "x" } },
      ports: [80, 443],
      ready: true,
    },
    { metadata: { name: "b" }, ports: [8080], ready: false },
  ],
};

test.each([
  ["{.items[*].metadata.name}", "a b"],
  ["{.items[0].ports}", "[80,443]"],
  ["{.items[-1].metadata.name}", "b"],
  ["{.items[0:1].metadata.name}", "a"],
  ["{range .items[*]}{.metadata.name}={.ports[0]}{'\\n'}{end}", "a=80\nb=8080\n"],
  ["{.items[?(@.ready==true)].metadata.name}", "a"],
  ['{.items[?(@.metadata.name!="a")].ports[0]}', "8080"],
  ["{.items[?(@.ports[0]>100)].metadata.name}", "b"],
  ["{.items[0].metadata.labels.app\\.kubernetes\\.io/name}", "x"],
  ["{.items[0]['metadata'].name}", "a"],
  ["{..name}", "a b"],
  ["{.nope}", ""],
  ["name: {.kind}!", "name: List!"],
  ["{$.kind} {@.kind}", "List List"],
])("jsonpath %s", (template, text) => {
  expect(printJsonPath(parseJsonPath(template), OBJECT)).toBe(text);
});

test.each(["{.items[0]", "{end}", "{range .items[*]}", "{.a[x]}"])(
  "jsonpath %s is refused",
  (template) => {
    expect(() => parseJsonPath(template)).toThrow(KubectlFailure);
  },
);

test("columns are as wide as their longest cell and three more, at least six; the last is not padded", () => {
  expect(
    alignColumns([
      ["A", "B"],
      ["abcdef", "x"],
      ["", "longer"],
    ]),
  ).toBe("A        B\nabcdef   x\n         longer\n");
});

test("custom columns list what they find", () => {
  const [name, ports, none] = parseCustomColumns("N:.metadata.name,P:.ports[*],X:.x");
  expect([name, ports, none].map((one) => one?.print(OBJECT.items[0]))).toEqual([
    "a",
    "80,443",
    "<none>",
  ]);
});

test("tabs align lines that follow each other, and no others", () => {
  expect(alignTabs("a\tb\nlong\tc\nno tabs\nx\ty\n")).toBe("a     b\nlong  c\nno tabs\nx  y\n");
});
