import { hop, placeOf } from "../dataplane/hop-draft";
import type { NetnsId } from "../dataplane/netns";
import type { Verdict } from "../trace/verdict";
import { clientPacket, type NoDestination } from "./connection";
import type { Scene } from "./sending";

/** There is no address that the client could send to: no packet leaves, and it knows at once. */
export function goNowhere(
  { table, env }: Scene,
  journey: number,
  client: NetnsId,
  { nowhere, port, protocol }: NoDestination,
): void {
  const netns = env.plane.get(client);
  const src = netns.interfaces.find((device) => device.kind !== "loopback")?.addresses[0]?.ip ?? 0;
  const { id, tuple } = table.open({ journey, client }, () => ({
    protocol,
    src,
    sport: 0,
    dst: 0,
    dport: port,
  }));
  const role = protocol === "tcp" ? "SYN" : "datagram";
  const packet = clientPacket(tuple, role);
  const verdict: Verdict = {
    kind: "refused",
    ...nowhere,
    place: placeOf(netns, "local"),
  };
  const detail = `${nowhere.reason}: ${nowhere.explanation}`;
  const draft = table.draft(journey);
  draft.connection = id;
  draft.outcome = { verdict };
  const at = { connection: id, role, direction: "original" } as const;
  const seen = { ...hop(netns, "local", "unreachable", packet, packet, detail), verdict };
  table.record(journey, at, [seen], env.nowUs);
}
