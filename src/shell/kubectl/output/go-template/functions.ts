import { isList, isObject } from "../../../../core/api/json";
import { formatValue, goTypeOf, sprint, sprintf, utf8 } from "./format";

/** What is wrong with a call, in Go's words. */
export class CallError extends Error {}

interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  call(values: readonly unknown[]): unknown;
}

const one = (call: (value: unknown) => unknown): TemplateFunction => ({
  least: 1,
  most: 1,
  call: ([value]) => call(value),
});

const two = (call: (a: unknown, b: unknown) => unknown): TemplateFunction => ({
  least: 2,
  most: 2,
  call: ([a, b]) => call(a, b),
});

const many = (least: number, call: TemplateFunction["call"]): TemplateFunction => ({
  least,
  most: Number.POSITIVE_INFINITY,
  call,
});

/** Go's own, and kubectl's `exists` and `base64decode`. `and` and `or` stop early: the evaluator sees to that. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    and: many(1, (values) => values.at(-1)),
    or: many(1, (values) => values.at(-1)),
    not: one((value) => !isTrue(value)),
    len: one(length),
    index: many(1, ([value, ...keys]) => keys.reduce(indexed, value)),
    slice: many(1, ([value, from = 0, to]) => sliced(value, from, to)),
    print: many(0, sprint),
    println: many(0, (values) => `${values.map(formatValue).join(" ")}\n`),
    printf: many(1, ([format, ...values]) => sprintf(String(format), values)),
    html: many(0, (values) => escapeHtml(sprint(values))),
    js: many(0, (values) => escapeJs(sprint(values))),
    urlquery: many(0, (values) => escapeQuery(sprint(values))),
    eq: many(2, ([first, ...others]) => others.some((value) => isEqual(first, value))),
    ne: two((a, b) => !isEqual(a, b)),
    lt: two((a, b) => isLess(a, b)),
    le: two((a, b) => isLess(a, b) || isEqual(a, b)),
    gt: two((a, b) => isLess(b, a)),
    ge: two((a, b) => !isLess(a, b)),
    exists: many(1, ([value, ...keys]) => isThere(value, keys)),
    base64decode: one(decodeBase64),
  }),
);

/** Not false, zero, nil or empty. */
export function isTrue(value: unknown): boolean {
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

function length(value: unknown): number {
  if (typeof value === "string") return utf8(value).length;
  if (isList(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  if (value === undefined || value === null) throw new CallError("len of nil pointer");
  throw new CallError(`len of type ${goTypeOf(value)}`);
}

function indexed(value: unknown, key: unknown): unknown {
  if (isList(value)) {
    if (typeof key !== "number" || !Number.isInteger(key))
      throw new CallError(`cannot index slice/array with type ${goTypeOf(key)}`);
    if (key < 0 || key >= value.length) throw new CallError(`index out of range: ${key}`);
    return value[key];
  }
  if (isObject(value)) {
    if (typeof key !== "string")
      throw new CallError(`value has type ${goTypeOf(key)}; should be string`);
    return Object.hasOwn(value, key) ? value[key] : undefined;
  }
  if (value === undefined || value === null) throw new CallError("index of untyped nil");
  throw new CallError(`can't index item of type ${goTypeOf(value)}`);
}

function sliced(value: unknown, from: unknown, to: unknown): unknown {
  if (typeof value !== "string" && !isList(value))
    throw new CallError(`can't slice item of type ${goTypeOf(value)}`);
  const end = to ?? value.length;
  for (const one of [from, end])
    if (typeof one !== "number" || one < 0 || one > value.length)
      throw new CallError(`index out of range: ${formatValue(one)}`);
  return value.slice(Number(from), Number(end));
}

function isEqual(a: unknown, b: unknown): boolean {
  const [left, right] = [a ?? undefined, b ?? undefined];
  if (left === undefined || right === undefined) return left === right;
  if (isBasic(left) && isBasic(right) && typeof left === typeof right) return left === right;
  throw new CallError(
    isBasic(left) && isBasic(right)
      ? "incompatible types for comparison"
      : isBasic(left) || isBasic(right)
        ? "incompatible types for comparison"
        : `non-comparable type ${formatValue(left)}: ${goTypeOf(left)}`,
  );
}

function isLess(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") return a < b;
  if (typeof a === "string" && typeof b === "string") return a < b;
  throw new CallError(
    typeof a === typeof b ? "invalid type for comparison" : "incompatible types for comparison",
  );
}

const isBasic = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

function isThere(value: unknown, keys: readonly unknown[]): boolean {
  let inner = value;
  for (const key of keys) {
    const known = isList(inner)
      ? typeof key === "number" && key >= 0 && key < inner.length
      : isObject(inner) && typeof key === "string" && Object.hasOwn(inner, key);
    if (!known) return false;
    inner = indexed(inner, key);
  }
  return true;
}

const HTML: Readonly<Record<string, string>> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

const escapeHtml = (text: string) => text.replace(/["'&<>]/g, (char) => HTML[char] ?? char);

const escapeJs = (text: string) =>
  text
    .replace(/[\\'"]/g, "\\$&")
    .replace(
      /[<>&=\n\r\t]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
    );

const escapeQuery = (text: string) =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function decodeBase64(value: unknown): string {
  if (typeof value !== "string")
    throw new CallError(`wrong type for value; expected string; got ${goTypeOf(value)}`);
  const text = value.replace(/[\r\n]/g, "");
  const body = text.replace(/=*$/, "");
  const wrong = [...body].findIndex((char) => !BASE64.includes(char));
  if (wrong >= 0 || text.length % 4 !== 0)
    throw new CallError(
      `base64 decode failed: illegal base64 data at input byte ${wrong < 0 ? body.length : wrong}`,
    );
  const bits = [...body].map((char) => BASE64.indexOf(char).toString(2).padStart(6, "0")).join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  const percent = bytes.map((byte) => `%${Number.parseInt(byte, 2).toString(16).padStart(2, "0")}`);
  try {
    return decodeURIComponent(percent.join(""));
  } catch {
    return bytes.map(() => "\ufffd").join("");
  }
}
