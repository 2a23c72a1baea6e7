import type { Journey } from "../../../core/cluster/connection";
import type { World } from "../../../core/cluster/world";
import type { NetnsId } from "../../../core/dataplane/netns";
import { formatIpv4 } from "../../../core/net/ipv4";
import type { Hop } from "../../../core/trace/hop";
import type { System } from "../../process";

/** A request as the program behind a socket gets it, whoever sent it: a terminal, or the page. */
export interface Arrival {
  readonly journey: Journey;
  readonly client: string;
  readonly clientPort: number;
  /** `GET / HTTP/1.1`; empty where the connection was only opened. */
  readonly line: string;
  readonly headers: readonly string[];
}

/** What has reached a socket since it was opened. */
export class Arrivals {
  readonly #place: string;
  readonly #port: number;
  /** Hops that have been looked at, by journey. */
  readonly #seen: Map<number, number>;

  constructor(world: World, netns: NetnsId, port: number) {
    this.#place = netns.startsWith("node/") ? `${netns}/local` : netns;
    this.#port = port;
    this.#seen = new Map(world.journeys().map(({ id, hops }) => [id, hops.length]));
  }

  isAny(world: World): boolean {
    return this.#new(world).length > 0;
  }

  take(world: World): readonly Arrival[] {
    const arrivals = this.#new(world);
    for (const { id, hops } of world.journeys()) this.#seen.set(id, hops.length);
    return arrivals;
  }

  #new(world: World): readonly Arrival[] {
    return world.journeys().flatMap((journey) => {
      const from = this.#seen.get(journey.id) ?? 0;
      if (journey.hops.length <= from) return [];
      return journey.hops
        .slice(from)
        .filter((hop) => this.#isMine(hop, journey))
        .map((hop) => arrivalOf(hop, journey));
    });
  }

  #isMine({ kind, role, direction, place, after }: Hop, { options }: Journey): boolean {
    if (kind !== "delivered" || direction !== "original" || place !== this.#place) return false;
    if (after.dport !== this.#port) return false;
    return (
      role === "request" ||
      role === "datagram" ||
      (role === "ACK" && options.handshakeOnly === true)
    );
  }
}

function arrivalOf({ role, after }: Hop, journey: Journey): Arrival {
  return {
    journey,
    client: formatIpv4(after.src),
    clientPort: after.sport,
    line: role === "request" ? (after.payload ?? "") : "",
    headers: after.http?.headers ?? [],
  };
}

/** What programs of terminals say on the connections that they open, by who sends to whom. */
const outboxes = new WeakMap<System, Map<string, string>>();

/** As long as `run` takes, this is what is said there. */
export async function saying<T>(
  system: System,
  from: string | undefined,
  to: string,
  text: string | undefined,
  run: () => Promise<T>,
): Promise<T> {
  if (text === undefined) return run();
  const said = outboxes.get(system) ?? new Map<string, string>();
  outboxes.set(system, said);
  const key = `${from} ${to}`;
  said.set(key, text);
  try {
    return await run();
  } finally {
    said.delete(key);
  }
}

/** The text of a request; the page's requests have none but their head. */
export function textOf(system: System, { journey, line, headers }: Arrival): string {
  const said = outboxes.get(system)?.get(`${journey.from} ${journey.to}`);
  if (said !== undefined) return said;
  return line === "" ? "" : `${[line, ...headers].join("\r\n")}\r\n\r\n`;
}
