import type { ClusterConfig } from "../../api/cluster-config";
import type { Ipv4 } from "../../net/ipv4";
import { EMPTY_IPAM, type NodeIpam } from "./host-local";
import type { CniNode } from "./node";

/** Addresses of pods that came with their objects and are outside their node's pod CIDR, with the node's name. */
export type ForeignIps = readonly (readonly [ip: Ipv4, node: string])[];

interface Parts {
  readonly nodes: readonly CniNode[];
  /** Machines outside the cluster that take part. */
  readonly joined?: readonly CniNode[];
  readonly foreignIps?: ForeignIps;
  readonly ipams?: { get(node: string): NodeIpam | undefined };
  /** Addresses of machines and load balancers. */
  readonly takenInVpc?: Iterable<Ipv4>;
}

/** All machines of the pod network, at one moment: what each one's tables are written from. */
export class PodNetwork {
  readonly config: ClusterConfig;
  readonly nodes: readonly CniNode[];
  readonly joined: readonly CniNode[];
  readonly foreignIps: ForeignIps;
  readonly takenInVpc: Iterable<Ipv4>;
  readonly #ipams: { get(node: string): NodeIpam | undefined };
  readonly #byName: ReadonlyMap<string, CniNode>;
  readonly #machines: readonly CniNode[];
  readonly #shared = new Map<string, readonly unknown[]>();

  constructor(config: ClusterConfig, parts: Parts) {
    const { nodes, joined = [], foreignIps = [], ipams = new Map(), takenInVpc = [] } = parts;
    this.config = config;
    this.nodes = nodes;
    this.joined = joined;
    this.foreignIps = foreignIps;
    this.takenInVpc = takenInVpc;
    this.#ipams = ipams;
    this.#machines = [...nodes, ...joined];
    this.#byName = new Map(nodes.map((node) => [node.name, node]));
  }

  find(node: string): CniNode | undefined {
    return this.#byName.get(node);
  }

  get(node: string): NodeIpam | undefined {
    return this.#ipams.get(node);
  }

  ipamOf(node: string): NodeIpam {
    return this.#ipams.get(node) ?? EMPTY_IPAM;
  }

  /** One row or several for each machine but `self`: the very same objects in all tables, as there are nodes × nodes of
   *  them. `key`: what they depend on beside the machine. */
  fromOthers<Row>(self: CniNode, key: string, rows: (node: CniNode) => readonly Row[]): Row[] {
    const all = this.#perMachine(key, rows);
    const found: Row[] = [];
    this.#machines.forEach(({ id }, index) => {
      if (id !== self.id) found.push(...(all[index] ?? []));
    });
    return found;
  }

  #perMachine<Row>(
    key: string,
    rows: (node: CniNode) => readonly Row[],
  ): readonly (readonly Row[])[] {
    let all = this.#shared.get(key) as readonly (readonly Row[])[] | undefined;
    if (!all) {
      all = this.#machines.map(rows);
      this.#shared.set(key, all);
    }
    return all;
  }
}
