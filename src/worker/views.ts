import type { Store } from "../core/api/store";
import { type KubeObject, objectKey } from "../core/api/types";
import { causesOf } from "../core/cluster/cause";
import { CHECK_ORIGIN } from "../core/cluster/checks";
import type { Journey } from "../core/cluster/connection";
import { chanceOf, explain } from "../core/cluster/explain";
import type { WhyNot } from "../core/cluster/why/why";
import type { World } from "../core/cluster/world";
import { targetReason } from "../core/controllers/cloud/load-balancer";
import { whyPending } from "../core/controllers/cloud/pending";
import { formatConntrack, formatTuple } from "../core/dataplane/describe";
import { formatRule, inPrintOrder } from "../core/dataplane/netfilter/print";
import {
  BUILT_IN_CHAINS,
  type Rule,
  type Ruleset,
  TABLE_NAMES,
  type TableName,
} from "../core/dataplane/netfilter/rules";
import { ipAddr, ipRoute } from "../core/dataplane/print-ip";
import { VPC_CIDR } from "../core/fabric/fabric";
import { formatCidr } from "../core/net/cidr";
import { formatIpv4 } from "../core/net/ipv4";
import { formatHop } from "../core/trace/format";
import type { Hop, RuleWalk } from "../core/trace/hop";
import { readinessChains } from "./check-views";
import { gatewayViews } from "./gateway-views";
import { historyView } from "./history-view";
import { openingWords } from "./opening-words";
import { nodeDevices, podRuntimeRecord } from "./pod-runtime-records";
import type {
  Cause,
  ConntrackRow,
  DeletedRow,
  HopView,
  JourneyView,
  LoadBalancerView,
  MirrorRecord,
  NodeRuntimeView,
  NodeTables,
  RuleRow,
  RuleView,
} from "./protocol";

/** Rules that were tested in vain are listed up to this many in a row; a longer run is summed up. */
const MAX_LISTED_RUN = 12;

export function journeyView(journey: Journey, store: Store, why?: WhyNot): JourneyView {
  const { outcome } = journey;
  return {
    id: journey.id,
    from: journey.from,
    to: journey.to,
    sentAtUs: journey.sentAtUs,
    verdict: outcome?.verdict ?? {
      kind: "dropped",
      reason: "NotModelled",
      explanation: "still under way",
      place: "",
    },
    ...(why && { why }),
    server: outcome?.server ?? null,
    ...(outcome?.proxyClient !== undefined && { proxyClient: outcome.proxyClient }),
    serverSeesSrcIp:
      outcome?.serverSeesSrcIp === undefined ? null : formatIpv4(outcome.serverSeesSrcIp),
    ...(journey.options.http && { http: journey.options.http }),
    ...(outcome?.http && { status: `${outcome.http.status} ${outcome.http.reason}` }),
    frames: journey.frames,
    hops: journey.hops.map((hop, index) => {
      const causes = causesOfHop(decidedBy(journey.hops, index), store);
      const view = hopView(hop, index, causes, store);
      return index === 0 ? { ...view, why: openingWords(journey) + view.why } : view;
    }),
  };
}

function hopView(hop: Hop, index: number, causes: readonly Cause[], store: Store): HopView {
  const { walks, kind, detail: _, ...rest } = hop;
  const rules = walks.flatMap((walk) => walkViews(walk, hop.node, store));
  const chance = hop.probability ?? chanceOf(hop);
  return {
    ...rest,
    kind,
    index,
    text: formatHop(hop),
    rules,
    rulesTested: walks.reduce((sum, { from, to }) => sum + (to - from + 1), 0),
    rulesMatched: walks.filter(({ matched }) => matched).length,
    ...(chance !== undefined && { probability: chance }),
    why: explain(hop),
    causes,
  };
}

function walkViews(walk: RuleWalk, node: string, store: Store): readonly RuleView[] {
  const { table, chain, from, to, matched } = walk;
  const lastMissed = matched ? to - 1 : to;
  const missed = lastMissed - from + 1;
  const views: RuleView[] = [];
  if (missed > MAX_LISTED_RUN) {
    views.push({
      table,
      chain: chain.name,
      position: from + 1,
      text: `… ${missed} rules tested, none matched`,
      matched: false,
      causes: [],
    });
  } else {
    for (let position = from; position <= lastMissed; position++)
      views.push(ruleView(walk, position, node, store, false));
  }
  if (matched) views.push(ruleView(walk, to, node, store, true));
  return views;
}

function ruleView(
  { table, chain }: RuleWalk,
  position: number,
  node: string,
  store: Store,
  matched: boolean,
): RuleView {
  const rule = chain.rules[position] as Rule;
  const statistic = rule.matches.find((match) => match.kind === "statistic-random");
  return {
    table,
    chain: chain.name,
    position: position + 1,
    text: formatRule(chain.name, rule),
    matched,
    ...(statistic && { probability: statistic.probability }),
    causes: matched ? causesOf(store, rule.origin, { node, table, chain: chain.name }) : [],
  };
}

/** The hop whose rules decided what happened at this one: a DNAT is what the hook before it walked to. */
function decidedBy(hops: readonly Hop[], index: number): Hop {
  const hop = hops[index] as Hop;
  if (hop.kind !== "DNAT" || hop.walks.length > 0) return hop;
  const before = hops.slice(0, index).reverse();
  return before.find(({ place, role }) => place === hop.place && role === hop.role) ?? hop;
}

/** The causes of the most telling rule that matched: the last one about an endpoint or a Service. */
function causesOfHop(hop: Hop, store: Store): readonly Cause[] {
  let best: readonly Cause[] = [];
  for (const { table, chain, matched } of hop.walks) {
    if (!matched) continue;
    const causes = causesOf(store, matched.origin, { node: hop.node, table, chain: chain.name });
    if (causes.length >= best.length) best = causes;
  }
  return best;
}

/** Everything that the page mirrors, by id. */
export function mirrorRecords(world: World): Map<string, MirrorRecord> {
  const records = new Map<string, MirrorRecord>();
  const add = (record: MirrorRecord) => records.set(record.id, record);
  const { config, store } = world;
  add({
    id: "fabric",
    type: "fabric",
    value: {
      clusterName: config.name,
      cloud: config.cloud,
      title: config.title,
      description: config.description,
      suggestions: config.suggestions ?? [],
      cni: config.cni,
      vpcCidr: formatCidr(VPC_CIDR),
      clusterCIDR: config.clusterCIDR,
      ...(config.cni === "aws-vpc" && { podsInVpc: true }),
      serviceCIDR: config.serviceCIDR,
      ...(config.natGateway !== undefined && { natGateway: config.natGateway }),
      pending: pendingBalancers(world),
    },
  });
  add({ id: "history", type: "history", value: historyView(world) });
  add({ id: "gateways", type: "gateways", value: gatewayViews(world) });
  add({ id: "lags", type: "lags", value: world.lags });
  add({ id: "readiness", type: "readiness", value: readinessChains(world) });
  add({ id: "unready", type: "unready", value: world.podsHeldUnready() });
  for (const kind of MIRRORED_KINDS) {
    for (const object of store.list(kind)) add(objectRecord(object));
  }
  for (const pod of store.list("Pod")) {
    const runtime = podRuntimeRecord(world, pod);
    if (runtime) add(runtime);
  }
  for (const node of store.list("Node")) {
    const { name } = node.metadata;
    const proxy = world.proxyStatus(name);
    add({
      id: `nodeRuntime/${name}`,
      type: "nodeRuntime",
      value: {
        node: name,
        up: world.plane.find(`node/${name}`)?.up ?? false,
        proxyRunning: proxy.running,
        proxyHalted: world.isProxyHalted(name),
        proxyPending: proxy.pending,
        proxySyncedAtUs: proxy.syncedAtUs,
        rules: ruleCount(world, name),
        ...restoredTables(world, name),
        // Those of checks come and go all the time.
        conntrackEntries: liveEntries(world, name).filter(({ origin }) => origin !== CHECK_ORIGIN)
          .length,
        sourceDestCheck: world.nodeSetting(name, "source_dest_check") === 1,
        vpcRoute: world.nodeSetting(name, "vpc_route") === 1,
        devices: nodeDevices(world.plane.find(`node/${name}`)),
        ...latestDeletion(world, name),
      },
    });
  }
  for (const balancer of world.loadBalancers()) {
    const value: LoadBalancerView = {
      service: balancer.service,
      kind: balancer.kind,
      failsOpen: balancer.kind === "nlb" && balancer.targets.every(({ healthy }) => !healthy),
      ...(balancer.hostname !== undefined && { hostname: balancer.hostname }),
      ip: formatIpv4(balancer.ip),
      vpcIp: formatIpv4(balancer.vpcIp),
      ports: balancer.ports.map(({ protocol, port, nodePort }) => ({
        protocol: protocol.toUpperCase(),
        port,
        nodePort,
      })),
      targets: balancer.targets.map((target) => ({
        node: target.node,
        healthy: target.healthy,
        reason: targetReason(target),
      })),
    };
    add({ id: `loadBalancer/${balancer.service}`, type: "loadBalancer", value });
  }
  return records;
}

function pendingBalancers({ config, store }: World): Readonly<Record<string, string>> {
  const pending = [...store.list("Service")].flatMap((service): [string, string][] => {
    const why = whyPending(config.cloud, service);
    const { namespace, name } = service.metadata;
    return why === undefined ? [] : [[`${namespace}/${name}`, why]];
  });
  return Object.fromEntries(pending);
}

const objectRecords = new WeakMap<KubeObject, MirrorRecord>();

/** Objects are immutable: the same object is the same record. */
function objectRecord(object: KubeObject): MirrorRecord {
  let record = objectRecords.get(object);
  if (!record) {
    record = { id: objectKey(object), type: "object", value: object };
    objectRecords.set(object, record);
  }
  return record;
}

const MIRRORED_KINDS = [
  "Namespace",
  "Node",
  "Pod",
  "Deployment",
  "ReplicaSet",
  "DaemonSet",
  "Service",
  "Ingress",
  "EndpointSlice",
  "Endpoints",
  "Event",
  "Host",
  "SecurityGroup",
  "NetworkAttachmentDefinition",
] as const;

const ruleCounts = new WeakMap<Ruleset, number>();

function ruleCount(world: World, node: string): number {
  const ruleset = world.plane.ruleset(`node/${node}`);
  let count = ruleCounts.get(ruleset);
  if (count === undefined) {
    count = 0;
    for (const name of TABLE_NAMES)
      for (const chain of ruleset[name]?.chains.values() ?? []) count += chain.rules.length;
    ruleCounts.set(ruleset, count);
  }
  return count;
}

function restoredTables(world: World, node: string): Pick<NodeRuntimeView, "restored"> {
  const ruleset = world.plane.ruleset(`node/${node}`);
  const tables = TABLE_NAMES.filter((name) => ruleset[name]?.restoredAtUs !== undefined);
  const times = tables.map((name) => ruleset[name]?.restoredAtUs ?? 0);
  return tables.length === 0 ? {} : { restored: { tables, atUs: Math.max(...times) } };
}

function latestDeletion(world: World, node: string): Pick<NodeRuntimeView, "deletedEntries"> {
  const deletions = world.plane.state(`node/${node}`)?.conntrack.deletions ?? [];
  const latest = deletions.at(-1);
  if (!latest) return {};
  const { atUs, why } = latest;
  return {
    deletedEntries: { count: deletions.filter((one) => one.atUs === atUs).length, atUs, why },
  };
}

function liveEntries(world: World, node: string) {
  const table = world.plane.state(`node/${node}`)?.conntrack;
  return table ? [...table.entries()].filter((entry) => entry.expiresAtUs > world.nowUs) : [];
}

/** What `iptables-save -c`, `conntrack -L`, `ip route` and `ip addr` would show on a node at this moment. */
export function nodeTables(world: World, node: string): NodeTables {
  const id = `node/${node}`;
  const netns = world.plane.find(id);
  if (!netns)
    return {
      node,
      rules: [],
      dropping: [],
      conntrack: [],
      deletedEntries: [],
      routes: [],
      addresses: [],
    };
  return {
    node,
    rules: ruleRows(world, node),
    dropping: droppingChains(world, node),
    conntrack: conntrackRows(world, node),
    deletedEntries: deletedRows(world, node),
    routes: ipRoute(netns),
    addresses: ipAddr(netns),
  };
}

/** Those that Services are about first. */
const SHOWN_TABLES: readonly TableName[] = ["nat", "filter", "mangle", "raw", "security"];

function ruleRows(world: World, node: string): readonly RuleRow[] {
  const id = `node/${node}`;
  const ruleset = world.plane.ruleset(id);
  const counters = world.plane.state(id)?.counters;
  const rows: RuleRow[] = [];
  for (const name of SHOWN_TABLES) {
    const table = ruleset[name];
    if (!table) continue;
    for (const chain of inPrintOrder(table)) {
      const builtIn = (BUILT_IN_CHAINS[name] as readonly string[]).includes(chain.name);
      if (builtIn && chain.rules.length === 0) continue;
      chain.rules.forEach((rule, index) => {
        const counter = counters?.get(rule);
        rows.push({
          table: name,
          chain: chain.name,
          position: index + 1,
          text: formatRule(chain.name, rule),
          packets: counter?.packets ?? 0,
          bytes: counter?.bytes ?? 0,
          causes: causesOf(world.store, rule.origin, { node, table: name, chain: chain.name }),
        });
      });
    }
  }
  return rows;
}

function droppingChains(world: World, node: string): NodeTables["dropping"] {
  const ruleset = world.plane.ruleset(`node/${node}`);
  return SHOWN_TABLES.flatMap((table) =>
    BUILT_IN_CHAINS[table]
      .filter((chain) => ruleset[table]?.chains.get(chain)?.policy === "DROP")
      .map((chain) => ({ table, chain })),
  );
}

function conntrackRows(world: World, node: string): readonly ConntrackRow[] {
  return liveEntries(world, node).map((entry) => ({
    text: formatConntrack(entry, world.nowUs),
    protocol: entry.original.protocol,
    state: entry.tcpState ?? entry.sctpState ?? "",
    secondsLeft: Math.ceil((entry.expiresAtUs - world.nowUs) / 1_000_000),
    original: formatTuple(entry.original),
    reply: formatTuple(entry.reply),
    ...(entry.origin === CHECK_ORIGIN && { ofCheck: true as const }),
    nat: entry.dnat && entry.snat ? "DNAT+SNAT" : entry.dnat ? "DNAT" : entry.snat ? "SNAT" : "",
  }));
}

function deletedRows(world: World, node: string): readonly DeletedRow[] {
  const deletions = world.plane.state(`node/${node}`)?.conntrack.deletions ?? [];
  return deletions
    .map(({ entry, atUs, why }) => ({ atUs, text: `[DESTROY] ${formatConntrack(entry)}`, why }))
    .reverse();
}
