import { placeOf } from "../dataplane/hop-draft";
import type { NetnsId } from "../dataplane/netns";
import {
  candidateOf,
  type Heard,
  hear,
  type LookupFailure,
  type LookupState,
  type LookupTurn,
  nameserverOf,
  startLookup,
} from "../dns/stub-resolver";
import { formatIpv4, type Ipv4, ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { SECOND } from "../sim/time";
import type { Verdict } from "../trace/verdict";
import { type Connection, clientPacket, type NamedDestination } from "./connection";
import { DNS_PORT } from "./dns-datagram";
import { CLOUD_RESOLVER } from "./names";
import { asksAgain, connect, connectToOne, type Scene } from "./sending";

/** A client asks its nameserver for a name, query by query, before it can connect. */
export function lookUp(scene: Scene, journey: number, client: NetnsId, to: NamedDestination): void {
  const { cache, env, table } = scene;
  const { lookup: plan } = to;
  const kept = to.cache && cache.find(to.cache.owner, plan.name, env.nowUs);
  if (kept) {
    const left = Math.ceil((kept.untilUs - env.nowUs) / SECOND);
    const addresses = kept.ips.map(formatIpv4).join(", ");
    const connection = connectToAny(scene, journey, client, to, kept.ips);
    const packet = clientPacket(connection.tuple, "SYN");
    note(
      scene,
      connection,
      packet,
      `${plan.name}: ${addresses}, kept for ${left} s more: no query`,
    );
    return;
  }
  const state = startLookup(plan);
  table.draft(journey).lookup = { client, to, state, askedAtUs: env.nowUs };
  const first = candidateOf(state);
  const words =
    plan.candidates.length === 1
      ? `${plan.name} is looked up as it is`
      : `${plan.name} is looked up as ${first} first, of ${plan.candidates.length} names`;
  ask(scene, journey, state, `resolv.conf: ${words}`);
}

/** Sends the query that is next. Without `words` nobody is told why. */
function ask(scene: Scene, journey: number, state: LookupState, words?: string): void {
  const { table, env } = scene;
  const draft = table.draft(journey);
  const lookup = draft.lookup;
  if (!lookup) throw new Error(`journey ${journey} looks nothing up`);
  draft.lookup = {
    client: lookup.client,
    to: lookup.to,
    state,
    askedAtUs: env.nowUs,
  };
  const question = { name: candidateOf(state), type: state.type };
  if (state.type === "AAAA") {
    const connection = table.get(draft.connection);
    const id = ((connection.query?.id ?? 0) + 1) & 0xffff;
    asksAgain(scene, connection, { id, question });
    return;
  }
  const query = { id: table.nextId & 0xffff, question };
  const to = { ip: nameserverOf(state), port: DNS_PORT, protocol: "udp" as const };
  const connection = connect(scene, journey, lookup.client, to, { query });
  draft.connection = connection.id;
  if (words !== undefined)
    note(scene, connection, clientPacket(connection.tuple, "datagram", query), words);
}

/** The connection is one of the client's queries, not what it is after. */
export function isOfLookup({ table }: Scene, { id, journey, parent }: Connection): boolean {
  const { lookup, connection } = table.draft(journey);
  return parent === undefined && (lookup !== undefined || id < connection);
}

export function hearAnswer(scene: Scene, connection: Connection, packet: Packet): void {
  const { lookup, connection: latest } = scene.table.draft(connection.journey);
  const { answer, question } = packet.dns ?? {};
  // An answer that came too late.
  if (!lookup || connection.id !== latest || !answer || question?.type !== lookup.state.type)
    return;
  proceed(scene, connection, answer, packet);
}

/** Nothing has come of a query: known at once when it was refused, after some time when it was not. */
export function noteFailure(scene: Scene, connection: Connection, verdict: Verdict): void {
  const draft = scene.table.draft(connection.journey);
  if (draft.lookup && connection.id === draft.connection)
    draft.lookup = { ...draft.lookup, failure: verdict };
}

/** When no packet is under way any more, no answer will come. */
export function waitForAnswer(scene: Scene, journey: number): void {
  const { table, env } = scene;
  const draft = table.draft(journey);
  const { lookup } = draft;
  if (!lookup || draft.inFlight > 0) return;
  if (lookup.failure?.kind === "refused") {
    nothingHeard(scene, journey, "refused");
    return;
  }
  draft.inFlight++;
  const waitUs = lookup.askedAtUs + lookup.state.plan.timeoutUs - env.nowUs;
  env.schedule(Math.max(0, waitUs), { type: "lookupDue", journey });
}

export function giveUpWaiting(scene: Scene, journey: number): void {
  nothingHeard(scene, journey, "silence");
}

function nothingHeard(scene: Scene, journey: number, heard: "silence" | "refused"): void {
  const { table } = scene;
  const connection = table.get(table.draft(journey).connection);
  const packet = clientPacket(connection.tuple, "datagram", connection.query);
  proceed(scene, connection, heard, packet);
}

function proceed(scene: Scene, connection: Connection, heard: Heard, packet: Packet): void {
  const { table, cache, env } = scene;
  const { journey } = connection;
  const draft = table.draft(journey);
  const { lookup } = draft;
  if (!lookup) throw new Error(`journey ${journey} looks nothing up`);
  const { to, state, client } = lookup;
  const turn = hear(state, heard);
  const words = turnWords(state, heard, turn);
  switch (turn.kind) {
    case "ask":
      if (words) note(scene, connection, packet, words, "reply");
      ask(scene, journey, turn.state);
      return;
    case "found":
      note(scene, connection, packet, words, "reply");
      delete draft.lookup;
      if (to.cache) {
        const untilUs = env.nowUs + to.cache.keepUs;
        cache.keep(to.cache.owner, to.lookup.name, { ips: turn.ips, untilUs });
      }
      draft.resolved = turn.ips;
      if (!draft.options.lookupOnly) connectToAny(scene, journey, client, to, turn.ips);
      return;
    case "failed": {
      const verdict: Verdict = {
        kind: turn.reason === "DnsTimeout" ? "dropped" : "refused",
        reason: turn.reason,
        explanation: failureWords(state, turn.reason, lookup.failure),
        place: placeOf(env.plane.get(connection.client), "local"),
      };
      note(scene, connection, packet, `${turn.reason}: ${verdict.explanation}`, "reply", verdict);
      delete draft.lookup;
      draft.outcome = { verdict };
      return;
    }
  }
}

function connectToAny(
  scene: Scene,
  journey: number,
  client: NetnsId,
  { port, protocol }: NamedDestination,
  ips: readonly Ipv4[],
): Connection {
  return connectToOne(scene, journey, client, { ip: ips[0] ?? 0, ips, port, protocol });
}

/** What the resolver makes of what it has heard. */
function turnWords(state: LookupState, heard: Heard, turn: LookupTurn): string {
  const name = candidateOf(state);
  if (turn.kind === "found") {
    const also = turn.canonicalName === candidateOf(state) ? "" : ` (${turn.canonicalName})`;
    return `${state.plan.name} is ${turn.ips.map(formatIpv4).join(", ")}${also}`;
  }
  if (turn.kind === "failed") return "";
  const { timeoutUs, attempts } = state.plan;
  const { attempt, candidate } = turn.state;
  if (turn.state.type === "AAAA") return "";
  if (candidate !== state.candidate)
    return `${name} ${turn.why}: next is ${candidateOf(turn.state)}`;
  const what =
    heard === "silence"
      ? `no answer for ${timeoutUs / SECOND} s`
      : heard === "refused"
        ? "refused"
        : turn.why;
  const server = formatIpv4(nameserverOf(turn.state));
  return `${name} ${what}: asks ${server}, attempt ${attempt + 1} of ${attempts}`;
}

/** In curl's words, and why. */
function failureWords(
  { plan }: LookupState,
  reason: LookupFailure,
  failure: Verdict | undefined,
): string {
  const name = plan.name.endsWith(".") ? plan.name.slice(0, -1) : plan.name;
  const servers = plan.nameservers.map(formatIpv4).join(", ");
  const cause = failure?.explanation ? `: ${failure.explanation}` : "";
  const { length } = plan.candidates;
  const each = length > 1 ? `, for each of ${length} names that were tried` : "";
  const isOutside = plan.nameservers[0] === ipv4(CLOUD_RESOLVER);
  const outsider = isOutside ? `; ${CLOUD_RESOLVER} is not the cluster's DNS` : "";
  const why: Record<LookupFailure, string> = {
    DnsNxdomain: `NXDOMAIN${each}${outsider}`,
    DnsNoData: "the name exists, but has no address",
    DnsServfail: `SERVFAIL, ${servers} could not find out`,
    DnsTimeout: `no answer from ${servers} in ${(plan.timeoutUs / SECOND) * plan.attempts * plan.nameservers.length} s${cause}`,
    DnsRefused: `nothing listens at ${servers}${cause}`,
  };
  return `Could not resolve host: ${name} (${why[reason]})`;
}

function note(
  { table, env }: Scene,
  connection: Connection,
  packet: Packet,
  detail: string,
  direction: "original" | "reply" = "original",
  verdict?: Verdict,
): void {
  const netns = env.plane.get(connection.client);
  const draft = {
    node: netns.label,
    place: placeOf(netns, "local"),
    kind: "resolve",
    before: packet,
    after: packet,
    detail,
    ...(verdict && { verdict }),
  } as const;
  const role = direction === "reply" ? "answer" : connection.query ? "datagram" : "SYN";
  table.record(
    connection.journey,
    { connection: connection.id, role, direction },
    [draft],
    env.nowUs,
  );
}
