import { describe, expect, test } from "vitest";
import {
  formatHttpOptions,
  type HttpOptions,
  httpOptionsError,
  parseHttpOptions,
} from "./http-message";

describe("what the send bar and links say of a request", () => {
  test.each<[string, HttpOptions]>([
    ["shop.example.com/cart", { host: "shop.example.com", path: "/cart" }],
    ["http://shop.example.com:8080/a?b=1", { host: "shop.example.com:8080", path: "/a?b=1" }],
    ["/cart", { path: "/cart" }],
    ["shop.example.com", { host: "shop.example.com" }],
    ["POST /cart", { method: "POST", path: "/cart" }],
    ["?q=1", { path: "/?q=1" }],
  ])("%s", (text, options) => {
    expect(parseHttpOptions(text)).toEqual(options);
    expect(parseHttpOptions(formatHttpOptions(options))).toEqual(options);
  });

  test.each(["a b", "https://shop.example.com", "/a b", "BREW /pot", "sh op/cart", "/ä"])(
    "%j is none",
    (text) => {
      expect(parseHttpOptions(text)).toBeUndefined();
    },
  );

  test.each<[unknown, string]>([
    [{ host: "a\r\nX-Evil: 1" }, "is not a host name"],
    [{ path: "cart" }, 'it begins with "/"'],
    [{ path: `/${"a".repeat(2_000)}` }, "is not a path"],
    [{ method: "BREW" }, "is not a method"],
    [{ body: "x" }, 'unknown field "body"'],
    [{ host: 5 }, "host must be text"],
    [[], "not an object"],
  ])("%j is refused", (value, words) => {
    expect(httpOptionsError(value)).toContain(words);
  });
});
