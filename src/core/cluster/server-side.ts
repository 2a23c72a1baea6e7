import type { Flight } from "../dataplane/flight";
import type { Listener, NetnsId } from "../dataplane/netns";
import { type HttpRequest, type HttpResponse, reasonOf } from "../net/http-message";
import type { Packet } from "../net/packet";
import { tupleOf } from "../net/tuple";
import type { Connection, ConnectionServer } from "./connection";
import { answerAsDnsServer } from "./dns-server";
import { goOnward } from "./onward";
import { acceptAsProxy } from "./proxy";
import { clientSends, type Scene, serverSends } from "./sending";

/** A server answers in about this time. */
const SERVER_US = 200;

/** A client's packet has reached a listening socket: what its program does. */
export function atServer(
  scene: Scene,
  connection: Connection,
  flight: Flight,
  netns: NetnsId,
  listener: Listener,
): void {
  const { packet, role } = flight;
  const here = { ...connection, server: { netns, listener, tuple: tupleOf(packet) } };
  switch (role) {
    case "SYN":
      scene.table.update(here);
      if (listener.program === "proxy") acceptAsProxy(scene, here, here.server);
      else serverSends(scene, here, "SYN-ACK");
      return;
    case "datagram":
      scene.table.update(here);
      if (listener.program === "proxy") acceptAsProxy(scene, here, here.server);
      else if (listener.program === "dns" && here.query)
        answerAsDnsServer(scene, here, here.server, here.query);
      else serverSends(scene, here, "answer", SERVER_US, packet.dns);
      return;
    case "request":
      if (connection.child !== undefined) clientSends(scene, connection.child, "request");
      else onRequest(scene, here, packet);
      return;
    case "FIN":
      if (connection.child !== undefined) clientSends(scene, connection.child, "FIN");
      else serverSends(scene, here, "FIN-ACK");
      return;
    default:
      return;
  }
}

function onRequest(
  scene: Scene,
  connection: Connection & { readonly server: ConnectionServer },
  packet: Packet,
): void {
  const { options } = scene.table.journey(connection.journey);
  const reads = scene.env.readsProxyLine(connection.server.listener);
  if (reads !== (connection.proxyLine !== undefined)) {
    misunderstand(scene, connection, reads);
    return;
  }
  const onward = scene.env.onwardFor(connection, options);
  if (onward) goOnward(scene, connection, connection.server, packet, onward);
  else respond(scene, connection, connection.server.listener);
}

/** A server that knows nothing of PROXY lines takes one for a bad request; one that waits for it closes the connection
 *  when it gets something else. Source: nginx, ngx_http_process_request_line and ngx_proxy_protocol_read. */
function misunderstand(
  scene: Scene,
  connection: Connection & { readonly server: ConnectionServer },
  reads: boolean,
): void {
  const { listener, netns } = connection.server;
  if (reads) {
    const explanation = `${listener.owner} expects a PROXY line before the request, gets none, and closes the connection`;
    const failure = {
      kind: "refused",
      reason: "ConnectionReset",
      explanation,
      place: netns,
    } as const;
    scene.table.update({ ...connection, failure });
    serverSends(scene, { ...connection, failure }, "RST", SERVER_US);
    return;
  }
  const isHttp = scene.env.answerHttp(listener, connection.request ?? ANY_PAGE) !== undefined;
  const answered = isHttp ? { ...connection, response: BAD_REQUEST } : connection;
  scene.table.update(answered);
  serverSends(scene, answered, "response", SERVER_US);
}

const BAD_REQUEST: HttpResponse = { status: 400, reason: reasonOf(400) };

function respond(scene: Scene, connection: Connection, listener: Listener): void {
  const response = scene.env.answerHttp(listener, connection.request ?? ANY_PAGE);
  const answered = response ? { ...connection, response } : connection;
  scene.table.update(answered);
  serverSends(scene, answered, "response", SERVER_US);
}

const ANY_PAGE: HttpRequest = { method: "GET", path: "/" };
