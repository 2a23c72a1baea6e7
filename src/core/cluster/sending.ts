import type { Flight } from "../dataplane/flight";
import type { NetnsId } from "../dataplane/netns";
import { sourceFor } from "../dataplane/source-address";
import type { DnsMessage } from "../net/dns-message";
import { type HttpRequest, requestOf } from "../net/http-message";
import { formatEndpoint, type Packet } from "../net/packet";
import { invert } from "../net/tuple";
import type { PacketRole } from "../trace/hop";
import {
  type Connection,
  clientPacket,
  type Destination,
  type Journey,
  serverPacket,
  type Tunnel,
} from "./connection";
import type { ConnectionTable } from "./connection-table";
import type { DnsCache } from "./dns-cache";
import { queryFor } from "./dns-datagram";
import type { NetworkEnvironment } from "./network-environment";

/** Where clients, servers and proxies act: their connections, and the world around them. */
export interface Scene {
  readonly table: ConnectionTable;
  readonly cache: DnsCache;
  readonly env: NetworkEnvironment;
}

/** Source: kubelet --port. */
export const KUBELET_PORT = 10_250;

/** Linux's default ip_local_port_range. */
export const EPHEMERAL_PORTS = { from: 32_768, to: 60_999 } as const;

/** The client takes one of the addresses that the name has, or of the endpoints that it knows. */
export function connectToOne(
  scene: Scene,
  journey: number,
  client: NetnsId,
  to: Destination,
): Connection {
  const { table, env } = scene;
  const { port, ips = [to.ip], choices = ips.map((ip) => ({ ip, port })) } = to;
  const draft = table.draft(journey);
  if (choices.length > 1) draft.addresses = choices.length;
  const taken = choices[env.decider(`connection/${journey}/address`).choose(choices.length)];
  const connection = connect(scene, journey, client, { ...to, ...taken });
  draft.connection = connection.id;
  return connection;
}

/** A client opens a connection, or sends its datagram. */
export function connect(
  scene: Scene,
  journey: number,
  client: NetnsId,
  to: Destination,
  { parent, query: given, request: asked, proxyLine }: Opening = {},
): Connection {
  const { table, env } = scene;
  const { question, http } = table.journey(journey).options;
  const own = parent === undefined && http && to.protocol === "tcp" ? requestOf(http) : undefined;
  const request = to.tunnel ? tunnelRequest(to, to.tunnel) : (asked ?? own);
  const query = given ?? queryFor(to, table.nextId, parent === undefined ? question : undefined);
  const netns = env.plane.get(client);
  // Without a route the packet still shows the address the socket would have had.
  const src =
    sourceFor(netns, to.ip) ??
    netns.interfaces.find((device) => device.kind !== "loopback")?.addresses[0]?.ip ??
    0;
  const connection = table.open(
    {
      journey,
      client,
      ...(parent !== undefined && { parent }),
      ...(query && { query }),
      ...(request && { request }),
      ...(proxyLine !== undefined && { proxyLine }),
      ...(to.tunnel && { tunnel: to.tunnel }),
    },
    (id) => {
      const { from: lowest, to: highest } = EPHEMERAL_PORTS;
      const sport = env.decider(`connection/${id}/port`).anyPort(lowest, highest);
      return { protocol: to.protocol, src, sport, dst: to.ip, dport: to.port };
    },
  );
  const role = to.protocol === "tcp" ? "SYN" : "datagram";
  const packet = {
    ...clientPacket(connection.tuple, role, query),
    ...(parent === undefined && lifeOf(table.journey(journey))),
  };
  sendFrom(scene, connection, { direction: "original", role, packet, netns: client });
  return connection;
}

/** What kubectl asks the API server for, and the API server a kubelet. Source: KEP 4006, WebSockets.
 *  Simplified: TLS and the upgrade's answer (101) are left out: the forwarded request follows at once. */
function tunnelRequest({ ip, port }: Destination, { namespace, pod }: Tunnel): HttpRequest {
  const path =
    port === KUBELET_PORT
      ? `/portForward/${namespace}/${pod}`
      : `/api/v1/namespaces/${namespace}/pods/${pod}/portforward`;
  return {
    method: "GET",
    path,
    host: formatEndpoint(ip, port),
    headers: ["Connection: Upgrade", "Upgrade: websocket"],
  };
}

interface Opening {
  /** The connection that a proxy or a DNS server opens this one for. */
  readonly parent?: number;
  readonly query?: DnsMessage | undefined;
  readonly request?: HttpRequest | undefined;
  readonly proxyLine?: string;
}

/** Another question from a socket that has asked before. */
export function asksAgain(scene: Scene, connection: Connection, query: DnsMessage): void {
  scene.table.update({ ...connection, query });
  const packet = clientPacket(connection.tuple, "datagram", query);
  const { client: netns } = connection;
  sendFrom(scene, connection, { direction: "original", role: "datagram", packet, netns });
}

/** Only what the client itself sends first: a proxy's own connections are not its. */
function lifeOf({ options: { ttl } }: Journey): { readonly ttl?: number } {
  return ttl === undefined ? {} : { ttl };
}

export function clientSends(
  scene: Scene,
  id: number,
  what: "ACK" | "request" | "FIN" | "lastACK",
  delayUs = 0,
): void {
  const connection = scene.table.get(id);
  const role = what === "lastACK" ? "ACK" : what;
  const packet = clientPacket(connection.tuple, what, undefined, connection);
  const { client: netns } = connection;
  sendFrom(scene, connection, { direction: "original", role, packet, netns, delayUs });
}

export function serverSends(
  scene: Scene,
  connection: Connection,
  what: "SYN-ACK" | "response" | "FIN-ACK" | "RST" | "answer",
  delayUs = 0,
  reply?: DnsMessage,
): void {
  const { server } = connection;
  if (!server) throw new Error(`connection ${connection.id} has no server`);
  const { netns, tuple } = server;
  const packet = serverPacket(invert(tuple), what, "echo", reply, connection);
  sendFrom(scene, connection, { direction: "reply", role: what, packet, netns, delayUs });
}

interface Sending {
  readonly direction: "original" | "reply";
  readonly role: PacketRole;
  readonly packet: Packet;
  readonly netns: NetnsId;
  readonly delayUs?: number;
}

function sendFrom(scene: Scene, connection: Connection, sending: Sending): void {
  const { direction, role, packet, netns, delayUs = 0 } = sending;
  const flight: Flight = {
    packet,
    connection: connection.id,
    role,
    direction,
    stage: { at: "output", netns },
    steps: 0,
  };
  schedule(scene, connection.journey, flight, delayUs);
}

/** The packet's next stage comes later. */
export function schedule(
  { table, env }: Scene,
  journey: number,
  flight: Flight,
  delayUs: number,
): void {
  table.draft(journey).inFlight++;
  env.schedule(delayUs, { type: "packetDue", journey, flight });
}
