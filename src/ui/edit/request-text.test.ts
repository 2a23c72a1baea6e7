import { expect, test } from "vitest";
import { placedErrors, readRequest } from "./request-text";

const TEXT = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - port: 99999
`;

test("a request is one object", () => {
  expect(readRequest(TEXT)).toMatchObject({ ok: true, manifest: { kind: "Service" } });
  expect(readRequest("yes: no")).toMatchObject({ ok: true });
});

test.each([
  ["", "the text is empty"],
  ["- a\n- b", "the text is no object"],
  ["a: 1\n---\nb: 2", "a form sends one object"],
])("%j is none", (text, words) => {
  const read = readRequest(text);
  expect(read.ok ? "" : read.errors[0]?.message).toContain(words);
});

test("a mistake in the text is told at its line", () => {
  const read = readRequest("kind: Service\nmetadata: {name: web\nspec: {}");
  expect(read.ok ? [] : read.errors.map(({ line }) => line)).not.toEqual([]);
});

test("the API server's errors are at the lines of their fields", () => {
  const errors = [{ message: "too large", field: "spec.ports[0].port" }, { message: "no field" }];
  expect(placedErrors(TEXT, errors)).toEqual([
    { message: "too large", field: "spec.ports[0].port", line: 7, column: 5 },
    { message: "no field", line: 1, column: 1 },
  ]);
});
