import type { Flight } from "../dataplane/flight";
import { formatIpv4 } from "../net/ipv4";
import type { Verdict } from "../trace/verdict";
import type { Connection, JourneyOptions } from "./connection";
import { passOnAnswer } from "./dns-server";
import { hearAnswer, isOfLookup } from "./lookup";
import { fail, succeed } from "./outcome";
import { clientSends, type Scene, serverSends } from "./sending";

/** A packet has reached the client's socket: what the client does next, or the proxy whose client it is. */
export function atClient(scene: Scene, connection: Connection, flight: Flight): void {
  const { table } = scene;
  const { options } = table.journey(connection.journey);
  const parent = connection.parent === undefined ? undefined : table.get(connection.parent);
  switch (flight.role) {
    case "SYN-ACK":
      if (!parent && options.handshakeOnly && !asksOnward(scene, connection, options)) {
        succeed(scene, connection);
        return;
      }
      clientSends(scene, connection.id, "ACK");
      if (!parent && options.hangUp) hangUp(scene, connection);
      else if (parent && !parent.isOnward) serverSends(scene, parent, "SYN-ACK");
      else clientSends(scene, connection.id, "request", parent ? 1 : (options.requestDelayUs ?? 1));
      return;
    case "answer":
      if (parent?.server?.listener.program === "dns")
        passOnAnswer(scene, parent, flight.packet.dns);
      else if (parent) serverSends(scene, parent, "answer", 0, flight.packet.dns);
      else if (isOfLookup(scene, connection)) hearAnswer(scene, connection, flight.packet);
      else succeed(scene, connection);
      return;
    case "response":
      if (parent) {
        passOnResponse(scene, parent, connection);
      } else {
        succeed(scene, connection);
        if (!options.handshakeOnly) clientSends(scene, connection.id, "FIN");
      }
      return;
    case "FIN-ACK":
      clientSends(scene, connection.id, "lastACK");
      if (parent) serverSends(scene, parent, "FIN-ACK");
      return;
    case "RST":
    case "ICMP":
      fail(scene, connection, connection.failure ?? resetVerdict(flight));
      return;
    default:
      return;
  }
}

/** Who shakes hands is a gateway, or passes on what it is asked: the server behind it is not known before it is asked. */
function asksOnward({ table }: Scene, connection: Connection, options: JourneyOptions): boolean {
  if (!options.throughGateways) return false;
  if (connection.tunnel) return true;
  let last = connection;
  while (last.child !== undefined) last = table.get(last.child);
  return last.server?.listener.program === "gateway";
}

function hangUp(scene: Scene, connection: Connection): void {
  succeed(scene, connection);
  scene.table.update({ ...connection, hungUp: true });
  clientSends(scene, connection.id, "FIN");
}

function passOnResponse(scene: Scene, parent: Connection, { response }: Connection): void {
  const answered = response ? { ...parent, response } : parent;
  scene.table.update(answered);
  serverSends(scene, answered, "response");
}

function resetVerdict({ packet }: Flight): Verdict {
  const from = formatIpv4(packet.src);
  const what = packet.icmp ? `an ICMP error (${packet.icmp.error})` : "a reset";
  return {
    kind: "refused",
    reason: "ConnectionReset",
    explanation: `${what} came back from ${from}`,
    place: "",
  };
}
