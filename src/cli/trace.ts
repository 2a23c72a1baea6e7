import type { Journey } from "../core/cluster/connection";
import { hopJson } from "../core/cluster/hop-json";
import { whyNotSent } from "../core/cluster/why/not-sent";
import { whyNot } from "../core/cluster/why/why-not";
import { statusLine } from "../core/net/http-message";
import { formatIpv4 } from "../core/net/ipv4";
import { type Follow, followedHops } from "../core/trace/follow";
import { formatHop } from "../core/trace/format";
import type { Frame } from "../core/trace/frame";
import { httpOptions, onlyFile, parseArguments, required, wholeNumber } from "./arguments";
import { writeCapture } from "./capture";
import { loadSettled } from "./load";
import { restoreRules } from "./rules";
import { UserError } from "./user-error";
import { whyLine, withWhy } from "./why";

const FOLLOWS: readonly Follow[] = ["first", "request", "response", "all"];

/** `trace FILE --from SRC --to DST`: sampled connections, one hop a line. */
export function trace(args: readonly string[]): number {
  const { values, positionals } = parseArguments(args, {
    from: { type: "string" },
    to: { type: "string" },
    seed: { type: "string" },
    rules: { type: "list" },
    count: { type: "string" },
    follow: { type: "string" },
    json: { type: "boolean" },
    url: { type: "string" },
    pcap: { type: "string" },
    interface: { type: "string" },
  });
  const file = onlyFile(positionals);
  const from = required(values.from, "from");
  const to = required(values.to, "to");
  const count = wholeNumber(values.count, "count", 1, 1, 1_000_000);
  const follow = FOLLOWS.find((candidate) => candidate === (values.follow ?? "first"));
  if (!follow)
    throw new UserError(`--follow must be one of ${FOLLOWS.join(", ")}, not "${values.follow}"`);
  if (values.interface !== undefined && values.pcap === undefined)
    throw new UserError("--interface says what --pcap holds, and --pcap is missing");
  const seed =
    values.seed === undefined ? undefined : wholeNumber(values.seed, "seed", 0, 0, 0xffffffff);

  const world = loadSettled(file, seed);
  restoreRules(world, values.rules);
  // A capture holds whole connections.
  const http = httpOptions(values.url);
  const isShort = follow === "first" && values.pcap === undefined;
  const options = {
    ...(isShort && { handshakeOnly: true, throughGateways: true }),
    ...(http && { http }),
  };
  const possible = world.check(from, to);
  if (!possible.ok) throw new UserError(withWhy(possible.error, whyNotSent(world, from, to)));
  const captured: Frame[] = [];
  if (values.json) process.stdout.write("[");
  for (let i = 0; i < count; i++) {
    const sent = world.trace(from, to, options);
    if (!sent.ok) throw new UserError(sent.error);
    const why = whyNot(world, sent.value);
    if (values.pcap !== undefined) captured.push(...sent.value.frames);
    if (values.json)
      process.stdout.write(
        `${i === 0 ? "\n" : ",\n"}${JSON.stringify({ ...journeyJson(sent.value, follow), why: why ?? null })}`,
      );
    else
      process.stdout.write(
        `${i === 0 ? "" : "\n"}${journeyText(sent.value, follow)}\n${whyLine(why)}`,
      );
  }
  if (values.json) process.stdout.write("\n]\n");
  if (values.pcap !== undefined) writeCapture(values.pcap, captured, values.interface);
  return 0;
}

function journeyText(journey: Journey, follow: Follow): string {
  return followedHops(journey.hops, follow).map(formatHop).join("\n");
}

function journeyJson(journey: Journey, follow: Follow) {
  const { outcome } = journey;
  return {
    verdict: outcome?.verdict.kind ?? "dropped",
    reason: outcome?.verdict.reason ?? null,
    server: outcome?.server ?? null,
    ...(outcome?.proxyClient !== undefined && { proxyClient: outcome.proxyClient }),
    serverSeesSrcIp:
      outcome?.serverSeesSrcIp === undefined ? null : formatIpv4(outcome.serverSeesSrcIp),
    ...(outcome?.http && { http: statusLine(outcome.http) }),
    hops: followedHops(journey.hops, follow).map(hopJson),
  };
}
