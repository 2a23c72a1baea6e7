import { formatEndpoint } from "../net/packet";
import type { Verdict } from "../trace/verdict";
import { type Connection, type ConnectionServer, clientPacket } from "./connection";
import { fail } from "./outcome";
import { formatProxyLine } from "./proxy-line";
import { connect, type Scene, serverSends } from "./sending";

/** A load balancer ends the client's connection and opens its own to one of its targets.
 *  Simplified: it answers the client when its target has answered, packet by packet. */
export function acceptAsProxy(
  scene: Scene,
  connection: Connection,
  { netns, listener, tuple }: ConnectionServer,
): void {
  const { table, env } = scene;
  const targets = env.proxyTargets(listener);
  const role = tuple.protocol === "tcp" ? "SYN" : "datagram";
  const at = { connection: connection.id, role, direction: "original" } as const;
  const packet = clientPacket(tuple, role);
  const base = {
    node: env.plane.get(netns).label,
    place: netns,
    before: packet,
    after: packet,
  };
  const way = env.decider(`connection/${connection.id}/target`);
  const target = targets.length > 0 ? targets[way.choose(targets.length)] : undefined;
  if (!target) {
    const explanation =
      "the load balancer has no target that passes its health checks: it resets the connection";
    const verdict: Verdict = {
      kind: "refused",
      reason: "NoHealthyTargets",
      explanation,
      place: netns,
    };
    const detail = `NoHealthyTargets: ${explanation}`;
    table.record(connection.journey, at, [{ ...base, kind: "reset", detail, verdict }], env.nowUs);
    table.update({ ...connection, failure: verdict });
    if (role === "SYN") serverSends(scene, connection, "RST");
    else fail(scene, connection, { ...verdict, kind: "dropped" });
    return;
  }
  const { length } = targets;
  const detail = `${target.label} ${formatEndpoint(target.ip, target.port)}, 1 of ${length} healthy target${length === 1 ? "" : "s"}`;
  const probability = 1 / length;
  table.record(
    connection.journey,
    at,
    [{ ...base, kind: "connect", detail, probability }],
    env.nowUs,
  );
  table.update({ ...connection, child: table.nextId });
  const to = { ip: target.ip, port: target.port, protocol: tuple.protocol };
  const { query, request } = connection;
  connect(scene, connection.journey, netns, to, {
    parent: connection.id,
    query,
    request,
    ...(target.proxyProtocol && { proxyLine: formatProxyLine(tuple) }),
  });
}
