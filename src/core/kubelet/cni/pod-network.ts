import type { ClusterConfig } from "../../api/cluster-config";
import type { Ipv4 } from "../../net/ipv4";
import { EMPTY_IPAM, type NodeIpam } from "./host-local";
import type { CniNode } from "./node";

/** Addresses of pods that came with their objects and are outside their node's pod CIDR, with the node's name. */
export type ForeignIps = readonly (readonly [ip: Ipv4, node: string])[];

/** All machines that have pods, at one moment: what each node's tables are written from. */
export class PodNetwork {
  readonly config: ClusterConfig;
  readonly nodes: readonly CniNode[];
  readonly foreignIps: ForeignIps;
  /** Addresses of machines and load balancers. */
  readonly takenInVpc: Iterable<Ipv4>;
  readonly #ipams: { get(node: string): NodeIpam | undefined };
  readonly #byName: ReadonlyMap<string, CniNode>;
  readonly #shared = new Map<string, readonly unknown[]>();

  constructor(
    config: ClusterConfig,
    nodes: readonly CniNode[],
    foreignIps: ForeignIps = [],
    ipams: { get(node: string): NodeIpam | undefined } = new Map(),
    takenInVpc: Iterable<Ipv4> = [],
  ) {
    this.takenInVpc = takenInVpc;
    this.config = config;
    this.nodes = nodes;
    this.foreignIps = foreignIps;
    this.#ipams = ipams;
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

  /** One row or several for each node but `self`: the very same objects in all nodes' tables, as there are nodes × nodes
   *  of them. `key`: what they depend on beside the node. */
  fromOthers<Row>(self: CniNode, key: string, rows: (node: CniNode) => readonly Row[]): Row[] {
    const all = this.#perNode(key, rows);
    const found: Row[] = [];
    this.nodes.forEach((node, index) => {
      if (node.name !== self.name) found.push(...(all[index] ?? []));
    });
    return found;
  }

  #perNode<Row>(key: string, rows: (node: CniNode) => readonly Row[]): readonly (readonly Row[])[] {
    let all = this.#shared.get(key) as readonly (readonly Row[])[] | undefined;
    if (!all) {
      all = this.nodes.map(rows);
      this.#shared.set(key, all);
    }
    return all;
  }
}
