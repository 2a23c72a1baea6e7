import { placeOf } from "../dataplane/hop-draft";
import { joinAnswers } from "../dns/query";
import { SERVFAIL } from "../dns/records";
import { type DnsAnswer, type DnsMessage, formatDnsMessage } from "../net/dns-message";
import { formatIpv4 } from "../net/ipv4";
import type { ConnectionServer } from "./connection";
import { type Connection, clientPacket } from "./connection";
import { DNS_PORT } from "./dns-datagram";
import { connect, type Scene, serverSends } from "./sending";

/** A server answers in about this time. */
const SERVER_US = 200;
/** Servers that forward to each other in a circle end here. Source: CoreDNS's loop plugin, which then stops the server. */
const MAX_FORWARDS = 4;

/** A DNS server answers from what it knows, or asks its own nameserver first.
 *  Simplified: no cache; it asks once, over UDP, and waits as long as its client does. */
export function answerAsDnsServer(
  scene: Scene,
  connection: Connection,
  server: ConnectionServer,
  query: DnsMessage,
): void {
  const {
    answer,
    ttlSeconds,
    forward,
    to: upstream,
    isBehind,
  } = scene.env.answerDns(server.listener, query.question);
  if (forward === undefined || upstream === undefined) {
    reply(scene, connection, { ...query, answer, ttlSeconds }, isBehind ? BEHIND : "");
    return;
  }
  if (depthOf(scene, connection) >= MAX_FORWARDS) {
    reply(scene, connection, { ...query, answer: SERVFAIL }, ": it was forwarded in a circle");
    return;
  }
  const question = { ...query.question, name: forward };
  const { type, name } = query.question;
  const own = answer.answers.length > 0 ? `${formatDnsMessage({ ...query, answer })} ` : "";
  const words = `${type}? ${name}.: ${own}is not of this cluster, asks ${formatIpv4(upstream)}`;
  record(scene, connection, query, words);
  scene.table.update({ ...connection, child: scene.table.nextId });
  const to = { ip: upstream, port: DNS_PORT, protocol: "udp" as const };
  const forwarded = { id: scene.table.nextId & 0xffff, question };
  connect(scene, connection.journey, server.netns, to, { parent: connection.id, query: forwarded });
}

const BEHIND = " (its watch has not told it of the latest change yet)";

/** What upstream has said goes to the client, behind what the server knew itself. */
export function passOnAnswer(
  scene: Scene,
  connection: Connection,
  upstream: DnsMessage | undefined,
): void {
  answerFor(scene, connection, upstream?.answer ?? SERVFAIL);
}

/** Nothing listens where upstream should be. */
export function passOnFailure(scene: Scene, connection: Connection): void {
  answerFor(scene, connection, SERVFAIL);
}

function answerFor(scene: Scene, connection: Connection, upstream: DnsAnswer): void {
  const { query, server } = connection;
  if (!query || !server) throw new Error(`connection ${connection.id} asks no DNS server`);
  const own = scene.env.answerDns(server.listener, query.question);
  const answer = joinAnswers(own, upstream);
  const answered = { ...query, answer, ttlSeconds: own.ttlSeconds };
  reply(scene, connection, answered, " from upstream");
}

function reply(scene: Scene, connection: Connection, answer: DnsMessage, how: string): void {
  const { type, name } = answer.question;
  record(scene, connection, answer, `${type}? ${name}.: ${formatDnsMessage(answer)}${how}`);
  serverSends(scene, connection, "answer", SERVER_US, answer);
}

function record(
  { table, env }: Scene,
  connection: Connection,
  dns: DnsMessage,
  detail: string,
): void {
  const { server } = connection;
  if (!server) return;
  const netns = env.plane.get(server.netns);
  const packet = clientPacket(server.tuple, "datagram", dns);
  const draft = {
    node: netns.label,
    place: placeOf(netns, "local"),
    kind: "resolve",
    before: packet,
    after: packet,
    detail,
  } as const;
  const at = { connection: connection.id, role: "datagram", direction: "original" } as const;
  table.record(connection.journey, at, [draft], env.nowUs);
}

function depthOf({ table }: Scene, connection: Connection): number {
  let depth = 0;
  for (let at = connection; at.parent !== undefined; at = table.get(at.parent)) depth++;
  return depth;
}
