import { hopJson } from "../core/cluster/hop-json";
import type { Path } from "../core/cluster/paths";
import { whyNotSent } from "../core/cluster/why/not-sent";
import { whyNot } from "../core/cluster/why/why-not";
import type { World } from "../core/cluster/world";
import { type HttpOptions, httpOptionsError, statusLine } from "../core/net/http-message";
import { formatIpv4 } from "../core/net/ipv4";
import { formatEndpoint } from "../core/net/packet";
import { formatHop } from "../core/trace/format";
import type { Reason, VerdictKind } from "../core/trace/verdict";
import { httpOptions, onlyFile, parseArguments, required } from "./arguments";
import { loadSettled, readText } from "./load";
import { restoreRules } from "./rules";
import { UserError } from "./user-error";
import { whyLine, withWhy } from "./why";

/** `paths FILE --from SRC --to DST`: every way the request could go. */
export function paths(args: readonly string[]): number {
  const { values, positionals } = parseArguments(args, {
    from: { type: "string" },
    to: { type: "string" },
    url: { type: "string" },
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
    flows.forEach(({ id, from, to, http }, index) => {
      const answer = JSON.stringify({ outcomes: outcomesOf(world, from, to, http) });
      process.stdout.write(`${index === 0 ? "{" : ",\n"}${JSON.stringify(id)}:${answer}`);
    });
    process.stdout.write(flows.length === 0 ? "{}\n" : "}\n");
    return 0;
  }
  const from = required(values.from, "from");
  const to = required(values.to, "to");
  const http = httpOptions(values.url);
  const world = loadSettled(file);
  restoreRules(world, values.rules);
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ outcomes: outcomesOf(world, from, to, http) })}\n`);
    return 0;
  }
  for (const path of explore(world, from, to, http))
    process.stdout.write(`${pathText(path)}\n${indent(whyLine(whyNot(world, path.journey)))}\n`);
  return 0;
}

function explore(
  world: World,
  from: string,
  to: string,
  http: HttpOptions | undefined,
): readonly Path[] {
  const explored = world.paths(from, to, { http });
  if (!explored.ok) throw new UserError(withWhy(explored.error, whyNotSent(world, from, to)));
  return explored.value;
}

function outcomesOf(world: World, from: string, to: string, http: HttpOptions | undefined) {
  return explore(world, from, to, http).map((path) => ({
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
  /** What a web server answered, where the way leads through a gateway: `HTTP/1.1 404 Not Found`. */
  readonly http?: string;
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
    ...(outcome?.http && { http: statusLine(outcome.http) }),
  };
}

function pathText({ probability, journey }: Path): string {
  const verdict = journey.outcome?.verdict;
  const head = `${(probability * 100).toFixed(4)} %  ${verdict?.kind ?? "dropped"}${verdict?.reason ? ` (${verdict.reason})` : ""}${journey.outcome?.server ? `  ${journey.outcome.server}` : ""}${journey.outcome?.http ? `  ${statusLine(journey.outcome.http)}` : ""}`;
  return [head, ...journey.hops.map((hop) => `  ${formatHop(hop)}`)].join("\n");
}

function indent(line: string): string {
  return line === "" ? "" : `  ${line}`;
}

interface FlowRequest {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly http?: HttpOptions;
}

/** FLOWS.json: `[{id, from, to: {ip, port, protocol}, http?: {host, path, method}}]`; `to` may also be a DST as text. */
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
  const http = readHttp(flow.http, where);
  if ((typeof id !== "string" && typeof id !== "number") || typeof from !== "string")
    throw new UserError(`${where} needs id and from`);
  if (typeof to === "string") return { id: String(id), from, to, ...http };
  if (!isRecord(to) || typeof to.ip !== "string" || typeof to.port !== "number")
    throw new UserError(`${where} needs to: {ip, port, protocol}`);
  const protocol = typeof to.protocol === "string" ? to.protocol.toLowerCase() : "tcp";
  return { id: String(id), from, to: `${to.ip}:${to.port}/${protocol}`, ...http };
}

function readHttp(http: unknown, where: string): { readonly http?: HttpOptions } {
  if (http === undefined) return {};
  const error = httpOptionsError(http);
  if (error !== "") throw new UserError(`${where}: http: ${error}`);
  return { http: http as HttpOptions };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
