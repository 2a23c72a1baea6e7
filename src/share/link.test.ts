import fc from "fast-check";
import { deflateSync, strToU8 } from "fflate";
import { describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "./base64url";
import { decodeLink, encodeLink } from "./link";
import type { Command, SharedMoment } from "./shared-moment";

const BUILT_IN = "kind: Scenario # the built-in one";

const MOMENT: SharedMoment = {
  run: {
    scenario: BUILT_IN,
    log: [
      { atUs: 25_050_000, command: { type: "send", from: "host/user", to: "lb/default/kuard:80" } },
      { atUs: 26_000_000, command: { type: "delete", key: "Pod/default/kuard-x" } },
    ],
    atUs: 26_500_000,
  },
  followed: { request: 0, follow: "first", hop: 11 },
  selected: "Service/default/kuard",
  tabs: { inspector: "packet", dock: "iptables", node: "node-2" },
  viewport: { x: -10.5, y: 4, zoom: 0.75 },
  positions: [["node/node-1", 12, -40.5]],
  options: { paused: true, hide: ["dock"], locked: false },
};

/** A link that version 1 once made. It must open for ever. */
const PUBLISHED =
  "1.bZHNboMwEITfZc8mQBrSijforVLVE8qBn6W1cFjXNvkp4t07JlWkSOVi7TL7zaw9k5tGKmcy8kllNVMdPjyV2yIrMnyKWjke67GLknC1TCV5Rqmod3JE9SU-pJNnh1YQNEyTdtzXkwnpMNWuK18yWhZ1J-8j939yx4YDAzTwFeWbdI-o5ALSQd1Ja8RsQRYxRs68shx_T-wDlbC49YHqtUNLIa2lMs8x4uHVhjhC7-xOuuVHr7hO3cBmJj16C604aG3dDhxJnbQDam2hMuzRGaWLS8Qj2RIsTprPVhyizHShMsmzTaEIm-0U_Ui8vWzzXEBoxeugZYRbVa2AdKXkpPKtSnaYO2BtsX-iGTFw5cge3MTYSkfn6pYJQoMz_u1r4xn8ZtImvOKZiffFU7HrG1p-AQ";

function packed(value: unknown): string {
  return `1.${toBase64Url(deflateSync(strToU8(JSON.stringify(value))))}`;
}

describe("links", () => {
  test("what goes in comes out", () => {
    expect(decodeLink(encodeLink(MOMENT, BUILT_IN), BUILT_IN)).toEqual({
      ok: true,
      moment: MOMENT,
      builtInChanged: false,
    });
    const own = { ...MOMENT, run: { ...MOMENT.run, scenario: "kind: Pod" } };
    expect(decodeLink(`#${encodeLink(own, BUILT_IN)}`, BUILT_IN)).toEqual({
      ok: true,
      moment: own,
      builtInChanged: false,
    });
  });

  test("a watched way, a comparison, the send bar and the speed come back, too", () => {
    const ends = { from: "host/user", to: "lb/default/kuard:80", url: "shop.example.com/cart" };
    const moment: SharedMoment = {
      ...MOMENT,
      followed: { request: -1, way: 7, follow: "all", hop: 3 },
      ends,
      compared: {
        ...ends,
        change: "externalTrafficPolicy Local",
        edit: { type: "patch", key: "Service/default/kuard", patch: { spec: { a: null } } },
        atUs: 26_000_000,
        afterUs: 60_000_000,
      },
      speed: 0.25,
    };
    expect(decodeLink(encodeLink(moment, BUILT_IN), BUILT_IN)).toEqual({
      ok: true,
      moment,
      builtInChanged: false,
    });
  });

  const sendWith = (http: unknown) => {
    const command = { type: "send", from: "a", to: "b", options: { http } } as unknown as Command;
    const run = { ...MOMENT.run, log: [{ atUs: 1, command }] };
    return decodeLink(encodeLink({ ...MOMENT, run }, BUILT_IN), BUILT_IN);
  };
  test("a request's host and path come back", () => {
    const http = { host: "shop.example.com", path: "/cart", method: "POST" };
    const decoded = sendWith(http);
    expect(decoded).toMatchObject({
      ok: true,
      moment: { run: { log: [{ command: { options: { http } } }] } },
    });
  });

  test.each(["burst", "startTraffic"])("so does a %s's", (type) => {
    const of = (http: unknown) => {
      const command = { type, from: "a", to: "b", http, count: 2, intervalUs: 1, perSecond: 5 };
      const log = [{ atUs: 1, command: command as unknown as Command }];
      const run = { ...MOMENT.run, log };
      return decodeLink(encodeLink({ ...MOMENT, run }, BUILT_IN), BUILT_IN);
    };
    const http = { host: "shop.example.com" };
    expect(of(http)).toMatchObject({ ok: true, moment: { run: { log: [{ command: { http } }] } } });
    expect(of({ host: "a b" }).ok).toBe(false);
  });

  test.each([
    { host: "a\r\nX: y" },
    { path: "no slash" },
    { path: `/${"a".repeat(3_000)}` },
    { headers: [] },
    "x",
  ])("a link with such a request is none: %j", (http) => {
    expect(sendWith(http).ok).toBe(false);
  });

  test("what a link says of prototypes reaches none", () => {
    const text = `{"__proto__":{"polluted":1},"run":{"log":[{"atUs":1,"command":{"type":"patch","key":"Service/a/b","patch":{"__proto__":{"polluted":1}}}}],"atUs":5},"tabs":{"__proto__":{"polluted":1}},"ends":{"from":"a","to":"b","constructor":{"prototype":{"polluted":1}}}}`;
    const decoded = decodeLink(`1.${toBase64Url(deflateSync(strToU8(text)))}`, BUILT_IN);
    expect(decoded).toMatchObject({ ok: true, moment: { ends: { from: "a", to: "b" } } });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    if (decoded.ok) expect(Object.keys(decoded.moment.ends ?? {})).toEqual(["from", "to"]);
  });

  test("restored rules are carried along, and are as short as they are alike", () => {
    const rule =
      '-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "a b" -j KUBE-SVC-X\n';
    const text = `*nat\n${rule.repeat(400)}COMMIT\n`;
    const command = { type: "restoreRules", node: "node-1", text, stopProxy: true } as const;
    const moment = {
      run: { scenario: BUILT_IN, log: [{ atUs: 26_000_000, command }], atUs: 27_000_000 },
    };
    const link = encodeLink(moment, BUILT_IN);
    expect(decodeLink(link, BUILT_IN)).toEqual({ ok: true, moment, builtInChanged: false });
    expect(link.length).toBeLessThan(1_000);
  });

  test("what programs asked of a kernel is carried along; a socket that is none is refused", () => {
    const listener = { protocol: "tcp", port: 8_000, owner: "node/node-1", program: "http" };
    const momentOf = (one: object) => ({
      run: {
        scenario: BUILT_IN,
        log: [
          { atUs: 1, command: { type: "deleteConntrack", netns: "node/node-1", entries: [3, 4] } },
          { atUs: 1, command: { type: "zeroCounters", netns: "node/node-1", table: "nat" } },
          {
            atUs: 2,
            command: { type: "configureNetwork", netns: "node/node-1", text: "link set eth0 up" },
          },
          { atUs: 2, command: { type: "listen", netns: "node/node-1", listener: one, open: true } },
        ],
        atUs: 3,
      },
    });
    const decode = (one: object) =>
      decodeLink(encodeLink(momentOf(one) as typeof MOMENT, BUILT_IN), BUILT_IN);
    expect(decode(listener)).toMatchObject({ ok: true, moment: momentOf(listener) });
    expect(decode({ ...listener, port: 70_000 }).ok).toBe(false);
    expect(decode({ ...listener, program: "proxy" }).ok).toBe(false);
  });

  test("checks that were followed and lags that were set are carried along; what is none is refused", () => {
    const decode = (command: object) => {
      const moment = { run: { scenario: BUILT_IN, log: [{ atUs: 1, command }], atUs: 2 } };
      const decoded = decodeLink(encodeLink(moment as typeof MOMENT, BUILT_IN), BUILT_IN);
      if (decoded.ok) expect(decoded.moment).toEqual(moment);
      return decoded.ok;
    };
    const probe = { kind: "probe", pod: "default/web", container: 0, probe: "readiness" };
    expect(decode({ type: "check", purpose: probe })).toBe(true);
    const target = { kind: "target", service: "default/web", node: "node-1" };
    expect(decode({ type: "check", purpose: target })).toBe(true);
    expect(decode({ type: "check", purpose: { ...probe, probe: "other" } })).toBe(false);
    expect(decode({ type: "check", purpose: { ...probe, container: -1 } })).toBe(false);
    expect(decode({ type: "setLag", lag: "proxyWatch/node-2", us: 5_000_000 })).toBe(true);
    expect(decode({ type: "setLag", lag: "endpointSlices", us: null })).toBe(true);
    expect(decode({ type: "setLag", lag: "endpointSlices", us: -1 })).toBe(false);
    expect(decode({ type: "setLag", lag: "healthCheck", us: 1 })).toBe(false);
    expect(decode({ type: "setLag", lag: "toString", us: 1 })).toBe(false);
  });

  test("a moment of the built-in scenario is short", () => {
    expect(encodeLink(MOMENT, BUILT_IN).length).toBeLessThan(500);
  });

  test("a link that names a built-in scenario knows whether it still is that one", () => {
    const link = encodeLink(MOMENT, BUILT_IN);
    expect(decodeLink(link, "kind: Scenario # another")).toMatchObject({ builtInChanged: true });
  });

  test("version 1 is read for ever", () => {
    expect(decodeLink(PUBLISHED, BUILT_IN)).toEqual({
      ok: true,
      moment: MOMENT,
      builtInChanged: false,
    });
  });

  test.each([
    ["an empty fragment", "", "broken"],
    ["no version", "hello", "broken"],
    ["half a payload", PUBLISHED.slice(0, 60), "broken"],
    ["markup", "1.%3Cscript%3E", "broken"],
    ["a later version", "2.abcd", "too-new"],
    ["a huge fragment", `1.${"A".repeat(500_000)}`, "too-large"],
    ["no run", packed({}), "broken"],
    ["a time before the start", packed({ run: { log: [], atUs: -1 } }), "broken"],
    [
      "an unknown command",
      packed({ run: { log: [{ atUs: 1, command: { type: "eval" } }], atUs: 5 } }),
      "broken",
    ],
    [
      "a comparison with a request",
      packed({
        run: { log: [], atUs: 5 },
        compared: {
          ...{ from: "a", to: "b", change: "", atUs: 1, afterUs: 0 },
          edit: { type: "send", from: "a", to: "b" },
        },
      }),
      "broken",
    ],
    [
      "a way before the first",
      packed({
        run: { log: [], atUs: 5 },
        followed: { request: -1, way: -1, follow: "all", hop: 0 },
      }),
      "broken",
    ],
    [
      "rules that are too long",
      packed({
        run: {
          log: [
            { atUs: 1, command: { type: "restoreRules", node: "n", text: "#".repeat(2_000_001) } },
          ],
          atUs: 5,
        },
      }),
      "broken",
    ],
    [
      "a zoom of nothing",
      packed({ run: { log: [], atUs: 5 }, viewport: { x: 0, y: 0, zoom: 0 } }),
      "broken",
    ],
    [
      "a view of nowhere",
      packed({ run: { log: [], atUs: 5 }, viewport: { x: 1e300, y: 0, zoom: 1 } }),
      "broken",
    ],
    ["a bomb", packed({ run: { log: [], atUs: 5, scenario: "x".repeat(6_000_000) } }), "too-large"],
  ])("%s", (_, fragment, problem) => {
    expect(decodeLink(fragment, BUILT_IN)).toEqual({ ok: false, problem });
  });

  test("anything at all is refused in words, never by throwing", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `1.${text}`),
        ),
        (fragment) => {
          decodeLink(fragment, BUILT_IN);
        },
      ),
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => void decodeLink(packed(value), BUILT_IN)));
  });

  test("base64url: every byte string comes back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });
});
