import { expect, test } from "vitest";
import { ipv4 } from "../net/ipv4";
import { NXDOMAIN, noError, SERVFAIL } from "./records";
import type { ResolvConf } from "./resolv";
import {
  candidateOf,
  type Heard,
  hear,
  nameserverOf,
  planLookup,
  startLookup,
} from "./stub-resolver";

const POD: ResolvConf = {
  nameservers: ["10.96.0.10"],
  search: ["default.svc.cluster.local", "svc.cluster.local", "cluster.local"],
  options: ["ndots:5"],
};

/** Looks the name up: each query as `TYPE NAME`, and what came of it. */
function lookUp(name: string, conf: ResolvConf, answer: (query: string) => Heard) {
  const queries: string[] = [];
  let state = startLookup(planLookup(name, conf));
  for (;;) {
    const query = `${state.type} ${candidateOf(state)}`;
    queries.push(`${query} @${nameserverOf(state) & 0xff}`);
    const turn = hear(state, answer(query));
    if (turn.kind !== "ask") {
      return { queries, end: turn.kind === "found" ? turn.ips.length : turn.reason };
    }
    state = turn.state;
  }
}

const known =
  (...names: readonly string[]) =>
  (query: string): Heard => {
    const [type, name = ""] = query.split(" ");
    if (!names.includes(name)) return NXDOMAIN;
    return noError(type === "A" ? [{ type: "A", name, ip: ipv4("10.1.2.3") }] : []);
  };

// Source: measured with glibc 2.36: as many queries, in this order.
test.each([
  ["kuard", "kuard.default.svc.cluster.local", 2],
  ["kuard.default", "kuard.default.svc.cluster.local", 4],
  ["example.com", "example.com", 8],
  ["example.com.", "example.com", 2],
  ["a.b.c.d.e.f", "a.b.c.d.e.f", 2],
])("%s is found as %s after %i queries", (name, found, count) => {
  const { queries, end } = lookUp(name, POD, known(found));
  expect({ count: queries.length, end }).toEqual({ count, end: 1 });
  expect(queries.at(-1)).toBe(`AAAA ${found} @10`);
});

test("every name of the search list has its two queries before it is given up", () => {
  const { queries, end } = lookUp("nosuch", POD, () => NXDOMAIN);
  expect({ count: queries.length, end }).toEqual({ count: 8, end: "DnsNxdomain" });
});

test("a name without addresses does not end the search, but says so in the end", () => {
  const empty = (query: string): Heard => (query.includes("default") ? noError([]) : NXDOMAIN);
  const { queries, end } = lookUp("kuard", POD, empty);
  expect({ count: queries.length, end }).toEqual({ count: 8, end: "DnsNoData" });
});

test.each([
  ["silence ends it after all attempts", "silence", 2, "DnsTimeout"],
  ["a refusal ends it, too", "refused", 2, "DnsRefused"],
  ["SERVFAIL is tried again, and then the next name", SERVFAIL, 8, "DnsServfail"],
] as const)("%s", (_, heard, count, reason) => {
  const { queries, end } = lookUp("kuard", POD, () => heard);
  expect({ count: queries.length, end }).toEqual({ count, end: reason });
});

test("the second nameserver is asked when the first is silent, again and again", () => {
  const two = { ...POD, nameservers: ["10.96.0.10", "10.0.0.2"], options: ["attempts:3"] };
  const { queries } = lookUp("a.b", { ...two, search: [] }, () => "silence");
  expect(queries.map((query) => query.split("@")[1])).toEqual(["10", "2", "10", "2", "10", "2"]);
});

test("the options say how long and how often", () => {
  const conf = (options: readonly string[]) => planLookup("a", { ...POD, options });
  expect(conf([])).toMatchObject({ timeoutUs: 5_000_000, attempts: 2 });
  expect(conf(["timeout:1", "attempts:9"])).toMatchObject({ timeoutUs: 1_000_000, attempts: 5 });
});

test("without a nameserver of IPv4 the resolver asks its own machine", () => {
  expect(planLookup("a", { ...POD, nameservers: [] }).nameservers).toEqual([ipv4("127.0.0.1")]);
  expect(planLookup("a", { ...POD, nameservers: ["fd00::a"] }).nameservers).toEqual([
    ipv4("127.0.0.1"),
  ]);
});
