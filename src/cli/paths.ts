import { hopJson } from "../core/cluster/hop-json";
import type { Path } from "../core/cluster/paths";
import { whyNotSent } from "../core/cluster/why/not-sent";
import { whyNot } from "../core/cluster/why/why-not";
import type { World } from "../core/cluster/world";
import { formatIpv4 } from "../core/net/ipv4";
import { formatEndpoint } from "../core/net/packet";
import { formatHop } from "../core/trace/format";
import type { Reason, VerdictKind } from "../core/trace/verdict";
import { onlyFile, parseArguments, required } from "./arguments";
import { loadSettled, readText } from "./load";
import { restoreRules } from "./rules";
import { UserError } from "./user-error";
import { whyLine, withWhy } from "./why";

/** `paths FILE --from SRC --to DST`: every way the request could go. */
export function paths(args: readonly string[]): number {
  const { values, positionals } = parseArguments(args, {
    from: { type: "string" },
    to: { type: "string" },
    flows: { type: "string" },
    rules: { type: "list" },
    json: { type: "boolean" },
  });
  const file = onlyFile(positionals);
  if (values.flows !== undefined) {
    const flows = readFlows(values.flows);
    const world = loadSettled(file);
    restoreRules(world, values.rules);
    for (const { id, from, to } of flows) {
      const possible = world.check(from, to);
      if (!possible.ok) throw new UserError(`${values.flows}: flow "${id}": ${possible.error}`);
    }
    // One flow at a time: all of them together may be more than a string can hold.
    flows.forEach(({ id, from, to }, index) => {
      const answer = JSON.stringify({ outcomes: outcomesOf(world, from, to) });
      process.stdout.write(`${index === 0 ? "{" : ",\n"}${JSON.stringify(id)}:${answer}`);
    });
    process.stdout.write(flows.length === 0 ? "{}\n" : "}\n");
    return 0;
  }
  const from = required(values.from, "from");
  const to = required(values.to, "to");
  const world = loadSettled(file);
  restoreRules(world, values.rules);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ outcomes: outcomesOf(world, from, to) })}\n`);
    return 0;
  }
  for (const path of explore(world, from, to))
    process.stdout.write(`${pathText(path)}\n${indent(whyLine(whyNot(world, path.journey)))}\n`);
  return 0;
}

function explore(world: World, from: string, to: string): readonly Path[] {
  const explored = world.paths(from, to);
  if (!explored.ok) throw new UserError(withWhy(explored.error, whyNotSent(world, from, to)));
  return explored.value;
}

function outcomesOf(world: World, from: string, to: string) {
  return explore(world, from, to).map((path) => ({
    ...outcomeOf(path),
    why: whyNot(world, path.journey) ?? null,
    hops: path.journey.hops.map(hopJson),
  }));
}

/** How one way ends, as `--json` says it. */
export interface PathOutcome {
  readonly probability: number;
  readonly verdict: VerdictKind;
  readonly reason: Reason | null;
  readonly server: string | null;
  readonly serverSeesSrcIp: string | null;
  readonly serverLocal: string | null;
}

export function outcomeOf({ probability, journey }: Path): PathOutcome {
  const { outcome } = journey;
  return {
    probability,
    verdict: outcome?.verdict.kind ?? "dropped",
    reason: outcome?.verdict.reason ?? null,
    server: outcome?.server ?? null,
    serverSeesSrcIp:
      outcome?.serverSeesSrcIp === undefined ? null : formatIpv4(outcome.serverSeesSrcIp),
    serverLocal: outcome?.serverLocal
      ? formatEndpoint(outcome.serverLocal.ip, outcome.serverLocal.port)
      : null,
  };
}

function pathText({ probability, journey }: Path): string {
  const verdict = journey.outcome?.verdict;
  const head = `${(probability * 100).toFixed(4)} %  ${verdict?.kind ?? "dropped"}${verdict?.reason ? ` (${verdict.reason})` : ""}${journey.outcome?.server ? `  ${journey.outcome.server}` : ""}`;
  return [head, ...journey.hops.map((hop) => `  ${formatHop(hop)}`)].join("\n");
}

function indent(line: string): string {
  return line === "" ? "" : `  ${line}`;
}

interface FlowRequest {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

/** FLOWS.json: `[{id, from, to: {ip, port, protocol}}]`; `to` may also be a DST as text. */
function readFlows(file: string): readonly FlowRequest[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
  if (!Array.isArray(parsed)) throw new UserError(`${file}: not a list of flows`);
  return parsed.map((flow: unknown, index) => readFlow(flow, `${file}: flow ${index}`));
}

function readFlow(flow: unknown, where: string): FlowRequest {
  if (!isRecord(flow)) throw new UserError(`${where} is not an object`);
  const { id, from, to } = flow;
  if ((typeof id !== "string" && typeof id !== "number") || typeof from !== "string")
    throw new UserError(`${where} needs id and from`);
  if (typeof to === "string") return { id: String(id), from, to };
  if (!isRecord(to) || typeof to.ip !== "string" || typeof to.port !== "number")
    throw new UserError(`${where} needs to: {ip, port, protocol}`);
  const protocol = typeof to.protocol === "string" ? to.protocol.toLowerCase() : "tcp";
  return { id: String(id), from, to: `${to.ip}:${to.port}/${protocol}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
