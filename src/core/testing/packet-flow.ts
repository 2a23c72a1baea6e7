import { expect, test } from "vitest";
import type { Journey } from "../cluster/connection";
import type { World } from "../cluster/world";
import { formatIpv4 } from "../net/ipv4";
import { formatHop } from "../trace/format";

export interface Flow {
  readonly from: string;
  readonly to: string;
  /** Of the ways that the request could go, the first that this server answers. */
  readonly answeredBy?: string;
  /** What the server sees as the client's address. */
  readonly sees?: string;
}

/** Finds the way and compares its hops with `expected`: a line each, `place what detail`, in which `*` stands for
 *  anything. Lines that begin with `…` skip hops. */
export function packetFlow(name: string, cluster: () => World, flow: Flow, expected: string): void {
  test(name, () => {
    const journey = findWay(cluster(), flow);
    const actual = journey.hops.map((hop) => formatHop(hop).replace(/\s+/g, " "));
    const lines = expected
      .trim()
      .split("\n")
      .map((line) => line.trim().replace(/\s+/g, " "));
    expect(
      matchLines(actual, lines),
      `expected\n${lines.join("\n")}\n\nbut it went\n${actual.join("\n")}`,
    ).toBe(true);
    if (flow.sees !== undefined) expect(sourceSeen(journey)).toBe(flow.sees);
  });
}

export function findWay(world: World, { from, to, answeredBy }: Flow): Journey {
  const paths = world.paths(from, to);
  if (!paths.ok) throw new Error(paths.error);
  const way = paths.value.find(
    ({ journey }) => answeredBy === undefined || journey.outcome?.server === answeredBy,
  );
  if (!way)
    throw new Error(
      `never answered by ${answeredBy}, but by ${paths.value.map(({ journey }) => journey.outcome?.server ?? journey.outcome?.verdict.reason).join(", ")}`,
    );
  return way.journey;
}

export function sourceSeen(journey: Journey): string | undefined {
  const ip = journey.outcome?.serverSeesSrcIp;
  return ip === undefined ? undefined : formatIpv4(ip);
}

function matchLines(actual: readonly string[], expected: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return actual.length === 0;
  if (first === "…")
    return (
      actual.some((_, skipped) => matchLines(actual.slice(skipped), rest)) || rest.length === 0
    );
  const [line, ...others] = actual;
  return line !== undefined && matchLine(line, first) && matchLines(others, rest);
}

function matchLine(line: string, pattern: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(line);
}

/** Every way of a request, summed up: server (or reason) and source seen, to probability. */
export function outcomes(world: World, from: string, to: string): Record<string, number> {
  const paths = world.paths(from, to);
  if (!paths.ok) throw new Error(paths.error);
  const sums: Record<string, number> = {};
  for (const { probability, journey } of paths.value) {
    const { outcome } = journey;
    const seen = sourceSeen(journey);
    const key = outcome?.server
      ? `${outcome.server} sees ${seen}`
      : `${outcome?.verdict.kind} ${outcome?.verdict.reason}`;
    sums[key] = (sums[key] ?? 0) + probability;
  }
  return sums;
}
