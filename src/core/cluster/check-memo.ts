import type { Check, CheckAnswer } from "../controllers/check";
import type { ConntrackEntry } from "../dataplane/netfilter/conntrack";
import type { Match, Rule, Ruleset } from "../dataplane/netfilter/rules";
import type { Netns, NetnsId } from "../dataplane/netns";
import type { Counter, Plane } from "../dataplane/plane";
import { requestOf } from "../net/http-message";
import type { Packet } from "../net/packet";
import { type Tuple, tupleOf } from "../net/tuple";
import type { Hop } from "../trace/hop";
import type { Journey } from "./connection";
import type { NetworkMoment } from "./network-environment";
import { EPHEMERAL_PORTS } from "./sending";

/** A check that was made, and all that it left behind. Where nothing that decides about it has changed, the same again
 *  leaves the same behind, save for its time and its client's port. */
interface Remembered {
  readonly machines: readonly Machine[];
  readonly journey: Journey;
  readonly answer: CheckAnswer;
  readonly tuple: Tuple;
}

interface Machine {
  readonly id: NetnsId;
  readonly netns: Netns;
  readonly ruleset: Ruleset;
  readonly entry: ConntrackEntry | undefined;
  readonly counted: readonly { readonly rule: Rule; readonly more: Counter }[];
}

/** Counters as they were before a check. */
export type Before = ReadonlyMap<NetnsId, ReadonlyMap<Rule, Counter>>;

/** Remembers checks that stay on one machine, as a kubelet's of its own pods do. A pure cache: any number of worlds may
 *  share one, as the same objects mean the same way. */
export class CheckMemo {
  readonly #known = new Map<string, Remembered>();

  /** Makes the check again without its packets; undefined where something has changed, or was never known. */
  repeat(
    check: Check,
    moment: NetworkMoment,
    drawPort: () => number,
  ): { readonly answer: CheckAnswer; readonly journey: () => Journey } | undefined {
    const known = this.#known.get(keyOf(check));
    if (!known || !isSame(known, moment.plane) || !answersTheSame(known, check, moment))
      return undefined;
    const sport = drawPort();
    const tuple = { ...known.tuple, sport };
    const { nowUs, plane } = moment;
    const isTaken = known.machines.some(({ id }) =>
      plane.state(id)?.conntrack.isTaken(tuple, nowUs),
    );
    if (isTaken) return undefined;
    const laterUs = nowUs - known.journey.sentAtUs;
    for (const machine of known.machines) leave(plane, machine, sport, laterUs);
    let shifted: Journey | undefined;
    const journey = () => {
      shifted ??= shift(known, sport, laterUs);
      return shifted;
    };
    return { answer: known.answer, journey };
  }

  /** The counters that a check may move, to be compared with afterwards. */
  before({ from }: Check, plane: Plane): Before {
    return new Map([[from, new Map(plane.state(from)?.counters ?? [])]]);
  }

  /** Remembers a check whose packets were sent, if it can be. */
  remember(
    check: Check,
    journey: Journey,
    answer: CheckAnswer,
    before: Before,
    plane: Plane,
  ): void {
    const remembered = read(check, journey, answer, before, plane);
    if (remembered) this.#known.set(keyOf(check), remembered);
    else this.#known.delete(keyOf(check));
  }
}

function keyOf({ from, ip, port, http }: Check): string {
  return `${from} ${ip}:${port} ${http?.method ?? ""} ${http?.path ?? ""}`;
}

function isSame({ machines }: Remembered, plane: Plane): boolean {
  return machines.every(
    ({ id, netns, ruleset }) => plane.find(id) === netns && plane.ruleset(id) === ruleset,
  );
}

/** What a program says may change without its sockets' changing. */
function answersTheSame(
  { journey, answer, machines }: Remembered,
  { http, port }: Check,
  moment: NetworkMoment,
): boolean {
  if (!http || answer.kind !== "answered") return true;
  const place = journey.outcome?.verdict.place;
  const listener = machines
    .find(({ id }) => id === place)
    ?.netns.listeners.find((one) => one.protocol === "tcp" && one.port === port);
  const said = listener && moment.answerHttp(listener, requestOf(http));
  return said?.status === answer.http?.status && said?.body === answer.http?.body;
}

function leave(plane: Plane, machine: Machine, sport: number, laterUs: number): void {
  const { id, entry, counted } = machine;
  if (!entry && counted.length === 0) return;
  const { conntrack, counters } = plane.mutableState(id);
  if (entry) {
    const { id: _, ...made } = entry;
    conntrack.insert({
      ...made,
      original: { ...made.original, sport },
      reply: { ...made.reply, dport: sport },
      createdAtUs: made.createdAtUs + laterUs,
      expiresAtUs: made.expiresAtUs + laterUs,
    });
  }
  for (const { rule, more } of counted) {
    const { packets = 0, bytes = 0 } = counters.get(rule) ?? {};
    counters.set(rule, { packets: packets + more.packets, bytes: bytes + more.bytes });
  }
}

function read(
  { from }: Check,
  journey: Journey,
  answer: CheckAnswer,
  before: Before,
  plane: Plane,
): Remembered | undefined {
  const { hops, outcome } = journey;
  const first = hops[0];
  const to = outcome?.verdict.place ?? "";
  if (!first || answer.kind !== "answered") return undefined;
  const ids = [...new Set([from, to])];
  const isHere = ({ place }: Hop) => ids.some((id) => place === id || place.startsWith(`${id}/`));
  if (!hops.every((hop) => isHere(hop) && isPlain(hop))) return undefined;
  const tuple = tupleOf(first.before);
  const machines: Machine[] = [];
  for (const id of ids) {
    const netns = plane.find(id);
    if (!netns) return undefined;
    const state = plane.state(id);
    const entry = state?.conntrack.find(tuple, journey.sentAtUs)?.entry;
    if (entry && (entry.dnat || entry.snat)) return undefined;
    const old = before.get(id);
    // Without rules nothing is counted; with them, what was there before must be known.
    if (!old && state && state.counters.size > 0) return undefined;
    const counted = [...(state?.counters ?? [])].flatMap(([rule, { packets, bytes }]) => {
      const was = old?.get(rule) ?? { packets: 0, bytes: 0 };
      const more = { packets: packets - was.packets, bytes: bytes - was.bytes };
      return more.packets > 0 ? [{ rule, more }] : [];
    });
    machines.push({ id, netns, ruleset: plane.ruleset(id), entry, counted });
  }
  return { machines, journey, answer, tuple };
}

/** Nothing here draws lots, remembers packets, or looks at the client's port. */
function isPlain({ probability, walks, direction }: Hop): boolean {
  if (probability !== undefined) return false;
  const clientPort = direction === "original" ? "sport" : "dport";
  const isSteady = (match: Match) =>
    !FICKLE.has(match.kind) && (match.kind !== clientPort || isBelowEphemeral(match));
  return walks.every(({ chain, from, to }) =>
    chain.rules.slice(from, to + 1).every((rule) => (rule as Rule).matches.every(isSteady)),
  );
}

const FICKLE: ReadonlySet<string> = new Set([
  "statistic-random",
  "statistic-nth",
  "limit",
  "hashlimit",
  "recent",
  "multiport",
  "conntrack",
]);

function isBelowEphemeral(match: Match): boolean {
  return (match.kind === "dport" || match.kind === "sport") && match.to < EPHEMERAL_PORTS.from;
}

/** The same packets at another time, from another port. */
function shift({ journey, tuple }: Remembered, sport: number, laterUs: number): Journey {
  const [was, is] = [`:${tuple.sport}`, `:${sport}`];
  const packet = (one: Packet): Packet =>
    one.sport === tuple.sport && one.src === tuple.src
      ? { ...one, sport }
      : one.dport === tuple.sport && one.dst === tuple.src
        ? { ...one, dport: sport }
        : one;
  return {
    ...journey,
    sentAtUs: journey.sentAtUs + laterUs,
    hops: journey.hops.map((hop) => ({
      ...hop,
      atUs: hop.atUs + laterUs,
      before: packet(hop.before),
      after: packet(hop.after),
      detail: hop.detail.replaceAll(was, is),
    })),
    frames: journey.frames.map((frame) => ({
      ...frame,
      atUs: frame.atUs + laterUs,
      packet: packet(frame.packet),
    })),
  };
}
