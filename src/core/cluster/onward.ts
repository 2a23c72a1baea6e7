import { placeOf } from "../dataplane/hop-draft";
import type { NetnsId } from "../dataplane/netns";
import type { HttpRequest, HttpResponse } from "../net/http-message";
import { statusLine } from "../net/http-message";
import type { Ipv4 } from "../net/ipv4";
import { formatEndpoint, type Packet } from "../net/packet";
import type { Verdict } from "../trace/verdict";
import type { Connection, ConnectionServer, Tunnel } from "./connection";
import { connect, type Scene, serverSends } from "./sending";

/** What a program does with a request that it does not answer from what it has: a gateway, the API server, a kubelet. */
export type Onward =
  | {
      readonly kind: "connect";
      /** The network namespace that it connects from. */
      readonly netns: NetnsId;
      /** It takes one of these. */
      readonly ips: readonly Ipv4[];
      readonly port: number;
      readonly request?: HttpRequest;
      readonly tunnel?: Tunnel;
      /** Why it goes there. */
      readonly words: string;
    }
  /** It says so itself. */
  | { readonly kind: "answer"; readonly response: HttpResponse; readonly words: string };

/** What has become of the connection that it opened. */
export interface Trouble {
  readonly verdict: Verdict;
  /** Its handshake was done. */
  readonly isConnected: boolean;
  readonly to: { readonly ip: Ipv4; readonly port: number };
  /** An ICMP error, or the like of it, has told of it. */
  readonly isUnreachable: boolean;
}

/** What it says then, and how long it has waited before. */
export interface TroubleAnswer {
  readonly response: HttpResponse;
  readonly delayUs: number;
}

/** A program takes a connection, reads the request, and only then opens one of its own; or answers itself. A load
 *  balancer of TCP, which passes packet by packet on, is in `proxy`. */
export function goOnward(
  scene: Scene,
  connection: Connection,
  server: ConnectionServer,
  packet: Packet,
  onward: Onward,
): void {
  const { table, env } = scene;
  const node = env.plane.get(server.netns);
  const base = {
    node: node.label,
    place: placeOf(node, "local"),
    before: packet,
    after: packet,
  };
  const at = { role: "SYN", direction: "original" } as const;
  if (onward.kind === "answer") {
    const detail = `${statusLine(onward.response)}: ${onward.words}`;
    table.record(
      connection.journey,
      { ...at, connection: connection.id },
      [{ ...base, kind: "answer", detail }],
      env.nowUs,
    );
    answer(scene, connection, onward.response);
    return;
  }
  const { ips, port, netns, words, request, tunnel } = onward;
  const way = env.decider(`connection/${connection.id}/onward`).choose(ips.length);
  const ip = ips[way] ?? ips[0] ?? 0;
  const child = table.nextId;
  const detail = `${formatEndpoint(ip, port)}, ${words}`;
  table.record(
    connection.journey,
    { ...at, connection: child },
    [{ ...base, kind: "connect", detail, ...(ips.length > 1 && { probability: 1 / ips.length }) }],
    env.nowUs,
  );
  table.update({ ...connection, child, isOnward: true });
  const to = { ip, port, protocol: "tcp" as const, ...(tunnel && { tunnel }) };
  connect(scene, connection.journey, netns, to, { parent: connection.id, request });
}

/** The connection that it opened came to nothing: its client is told in its own words. */
export function reportTrouble(
  scene: Scene,
  parent: Connection,
  child: Connection,
  verdict: Verdict,
): void {
  const { table, env } = scene;
  const { server } = parent;
  // It has given the other one up already.
  if (!server || parent.child !== child.id) return;
  const hops = table.journey(parent.journey).hops.filter((hop) => hop.connection === child.id);
  const { response, delayUs } = env.answerTrouble(parent, {
    verdict,
    isConnected: hops.some(({ role }) => role === "request"),
    to: { ip: child.tuple.dst, port: child.tuple.dport },
    isUnreachable: hops.some(({ after }) => {
      const error = after.icmp?.error;
      return error !== undefined && error !== "port-unreachable";
    }),
  });
  const { child: _, ...alone } = parent;
  answer(scene, alone, response, delayUs);
}

function answer(scene: Scene, connection: Connection, response: HttpResponse, delayUs = 0): void {
  const answered = { ...connection, response };
  scene.table.update(answered);
  serverSends(scene, answered, "response", delayUs);
}
