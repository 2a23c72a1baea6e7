import { ownerOf } from "./addresses";
import { sameProtocol } from "./endpoints";
import { isAtHome, type Setting } from "./setting";

/** What should become of requests: shares that add up to 1. */
export interface Expectation {
  /** By `pod/default/web-1 10.244.1.2:8080`. */
  readonly servers: ReadonlyMap<string, number>;
  readonly refused: number;
  readonly dropped: number;
  /** False: whether those servers answer is for the network to decide; nobody else may. */
  readonly exact: boolean;
}

const NOBODY: Expectation = { servers: new Map(), refused: 0, dropped: 0, exact: true };

export const REFUSED: Expectation = { ...NOBODY, refused: 1 };
export const DROPPED: Expectation = { ...NOBODY, dropped: 1 };
/** No server answers; how the client learns of it is not the oracle's business. */
export const UNANSWERED: Expectation = { ...NOBODY, exact: false };

/** No rule of the node takes it: it goes on to wherever the address is. */
export const LEAVES: Expectation = { ...UNANSWERED };

export function inexact(expectation: Expectation): Expectation {
  return { ...expectation, exact: false };
}

/** Equal shares of all of these. */
export function average(all: readonly Expectation[]): Expectation {
  const servers = new Map<string, number>();
  for (const one of all) {
    for (const [server, share] of one.servers)
      servers.set(server, (servers.get(server) ?? 0) + share / all.length);
  }
  const mean = (of: (one: Expectation) => number) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    servers,
    refused: mean(({ refused }) => refused),
    dropped: mean(({ dropped }) => dropped),
    exact: all.every(({ exact }) => exact),
  };
}

/** Who is asked at this very address, once a packet is there. */
export function at(
  setting: Setting,
  ip: string,
  port: number,
  protocol: string | undefined,
): Expectation {
  const { topology } = setting;
  const owner = ownerOf(topology, ip, "");
  const serves = ({ listens }: { readonly listens: readonly Listening[] }) =>
    listens.some((one) => one.port === port && sameProtocol(one.protocol, protocol));
  const answered = (name: string): Expectation => ({
    ...NOBODY,
    servers: new Map([[`${name} ${ip}:${port}`, 1]]),
  });
  switch (owner.kind) {
    case "node": {
      if (serves(owner.node)) return answered(`node/${owner.node.name}`);
      const pod = topology.pods.find(
        (one) => one.hostNetwork && one.node === owner.node.name && serves(one),
      );
      return pod ? answered(`pod/${pod.namespace}/${pod.name}`) : REFUSED;
    }
    case "pod": {
      const { namespace, name, node } = owner.pod;
      const expected = serves(owner.pod) ? answered(`pod/${namespace}/${name}`) : REFUSED;
      return isAtHome(setting, node, ip) ? expected : inexact(expected);
    }
    case "host":
      return serves(owner.host) ? answered(`host/${owner.host.name}`) : REFUSED;
    case "balancer":
    case "nobody":
      return UNANSWERED;
  }
}

interface Listening {
  readonly protocol: string;
  readonly port: number;
}
