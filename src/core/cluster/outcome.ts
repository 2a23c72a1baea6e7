import type { Flight, Step } from "../dataplane/flight";
import { formatEndpoint } from "../net/packet";
import type { Verdict } from "../trace/verdict";
import type { Connection } from "./connection";
import type { ConnectionTable } from "./connection-table";
import { passOnFailure } from "./dns-server";
import { isOfLookup, noteFailure } from "./lookup";
import { reportTrouble } from "./onward";
import { clientOfProxyLine } from "./proxy-line";
import { type Scene, schedule, serverSends } from "./sending";

/** Somebody answered the client: whoever is behind the proxies; of DNS servers the one that was asked. */
export function succeed({ table, env }: Scene, connection: Connection): void {
  let last = connection;
  while (last.child !== undefined && last.server?.listener.program !== "dns")
    last = table.get(last.child);
  const { server } = last;
  if (!server) throw new Error(`connection ${last.id} has no server`);
  const { netns, listener, tuple } = server;
  table.draft(connection.journey).outcome = {
    verdict: {
      kind: "delivered",
      explanation: `answered by ${listener.owner}`,
      place: netns,
    },
    server: listener.owner,
    serverSeesSrcIp: tuple.src,
    serverLocal: { ip: tuple.dst, port: tuple.dport },
    ...(last.proxyLine !== undefined &&
      env.readsProxyLine(listener) && { proxyClient: clientOfProxyLine(last.proxyLine) }),
    ...(connection.response && { http: connection.response }),
  };
}

/** The connection came to nothing. A proxy in between passes a refusal on as a reset, and silence as silence; what it
 *  hears of a datagram, it keeps to itself. */
export function fail(scene: Scene, connection: Connection, verdict: Verdict): void {
  const { table } = scene;
  const parent = connection.parent === undefined ? undefined : table.find(connection.parent);
  const isRefused = verdict.kind === "refused";
  const isTcp = connection.tuple.protocol === "tcp";
  if (parent?.server?.listener.program === "dns" && isRefused) {
    passOnFailure(scene, parent);
    return;
  }
  const asked = askedBy(table, connection);
  if (isOfLookup(scene, asked)) {
    noteFailure(scene, asked, asked === connection ? verdict : { ...verdict, kind: "dropped" });
    return;
  }
  if (parent?.isOnward) {
    reportTrouble(scene, parent, connection, verdict);
    return;
  }
  if (parent && isRefused && isTcp && !parent.failure) {
    const known = { ...parent, failure: verdict };
    table.update(known);
    serverSends(scene, known, "RST");
    return;
  }
  const isKept = parent && isRefused && !isTcp;
  table.draft(connection.journey).outcome ??= {
    verdict: isKept ? { ...verdict, kind: "dropped" } : verdict,
  };
}

/** The client's own connection, behind all proxies and DNS servers. */
function askedBy(table: ConnectionTable, connection: Connection): Connection {
  const parent = connection.parent === undefined ? undefined : table.find(connection.parent);
  return parent ? askedBy(table, parent) : connection;
}

/** A packet ended. Its sender learns of it by an answer, or not at all. */
export function packetEnded(
  scene: Scene,
  connection: Connection,
  flight: Flight,
  { answer }: Step,
  verdict: Verdict,
): void {
  const isStranger =
    flight.direction === "reply" && flight.role === "SYN-ACK" && verdict.reason === "NoSocket";
  if (isStranger) {
    const { dst, dport } = connection.tuple;
    const { src, sport } = flight.packet;
    const explanation = `the client asked ${formatEndpoint(dst, dport)} and gets an answer from ${formatEndpoint(src, sport)}: its kernel resets the stranger and goes on waiting`;
    const { place } = verdict;
    fail(scene, connection, { kind: "dropped", reason: "ReplyFromStranger", explanation, place });
    if (answer) schedule(scene, connection.journey, answer.flight, answer.delayUs);
    return;
  }
  if (answer) {
    if (flight.direction === "original") scene.table.update({ ...connection, failure: verdict });
    schedule(scene, connection.journey, answer.flight, answer.delayUs);
    return;
  }
  // An error that its sender's own kernel reports needs no packet.
  const local =
    verdict.kind === "refused" &&
    flight.direction === "original" &&
    verdict.place.startsWith(connection.client);
  fail(scene, connection, local ? verdict : { ...verdict, kind: "dropped" });
}
