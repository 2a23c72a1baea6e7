/** What the page and the simulation worker say to each other. Everything here survives structured clone. */
import type {
  ClusterConfig,
  CniName,
  SuggestedRequest,
  Suggestion,
} from "../core/api/cluster-config";
import type { KubeObject, LabelSelector, ObjectKey } from "../core/api/types";
import type { Cause } from "../core/cluster/cause";
import type { ClientsSeen } from "../core/cluster/clients-seen";
import type { Fix, WhyNot } from "../core/cluster/why/why";
import type { LoadBalancerKind } from "../core/controllers/cloud/kinds";
import type { ListedRecord } from "../core/dns/listing";
import type { HttpOptions } from "../core/net/http-message";
import type { Packet } from "../core/net/packet";
import type { Frame } from "../core/trace/frame";
import type { HopKind, PacketRole } from "../core/trace/hop";
import type { Verdict } from "../core/trace/verdict";
import type { Command, LoggedCommand, SavedRun } from "../share/shared-moment";
import type { CheckCalls, LagSettings, ReadinessChain } from "./check-protocol";
import type { GatewayView } from "./gateway-protocol";
import type { NodeDeviceView, PodNetworkCalls, PodRuntimeView } from "./pod-network-protocol";
import type { ScenarioCalls } from "./scenario-protocol";
import type { TerminalCalls } from "./terminal-protocol";
import type { WhatIfCalls } from "./what-if-protocol";

/** One rule that was tested, or a run of rules too long to list. */
export interface RuleView {
  readonly table: string;
  readonly chain: string;
  /** 1-based, as `iptables -L --line-numbers` counts. */
  readonly position: number;
  /** The rule as `iptables-save` prints it; for a run: `… 412 rules tested, none matched`. */
  readonly text: string;
  readonly matched: boolean;
  /** Chance that this rule took the packet, for `statistic` rules. */
  readonly probability?: number;
  /** Objects behind the rule, most specific last. */
  readonly causes: readonly Cause[];
}

export type { Cause, Fix, SuggestedRequest, Suggestion, WhyNot };

export interface HopView {
  /** 0-based, in the journey's full list. */
  readonly index: number;
  readonly atUs: number;
  readonly connection: number;
  readonly role: PacketRole;
  readonly direction: "original" | "reply";
  readonly node: string;
  /** See core/trace/place. */
  readonly place: string;
  readonly kind: HopKind;
  /** The line that `kubehop trace` prints. */
  readonly text: string;
  readonly before: Packet;
  readonly after: Packet;
  readonly devIn?: string;
  readonly devOut?: string;
  readonly rules: readonly RuleView[];
  readonly rulesTested: number;
  readonly rulesMatched: number;
  readonly route?: string;
  readonly conntrack?: string;
  /** Chance of this turn, where a random choice was made here. */
  readonly probability?: number;
  /** What happened and why, in plain words: one to three sentences. */
  readonly why: string;
  /** The chain of causes, in reading order; empty where nothing in the cluster caused it. */
  readonly causes: readonly Cause[];
  readonly verdict?: Verdict;
}

/** One request and all that came of it. */
export interface JourneyView {
  readonly id: number;
  /** `host/user`, as in the CLI's SRC. */
  readonly from: string;
  readonly to: string;
  readonly sentAtUs: number;
  readonly verdict: Verdict;
  /** `pod/default/kuard-x`; null unless delivered. */
  readonly server: string | null;
  readonly serverSeesSrcIp: string | null;
  /** `IP:PORT` that a PROXY line named, and the server has read. */
  readonly proxyClient?: string;
  /** What was asked for, where that was said. */
  readonly http?: HttpOptions;
  /** What a web server answered: `404 Not Found`. */
  readonly status?: string;
  /** What is behind a verdict that is not `delivered`. */
  readonly why?: WhyNot;
  /** Nothing was sent: this is one way it could go, with this probability. */
  readonly possibility?: number;
  /** Every hop of every packet, in order of time. */
  readonly hops: readonly HopView[];
  /** What captures on the way see. */
  readonly frames: readonly Frame[];
}

export type { Follow } from "../core/trace/follow";

export interface LoadBalancerView {
  /** `NAMESPACE/NAME` of its Service. */
  readonly service: string;
  readonly kind: LoadBalancerKind;
  /** No target passes its checks, and an NLB sends to all of them. */
  readonly failsOpen: boolean;
  readonly hostname?: string;
  readonly ip: string;
  readonly vpcIp: string;
  readonly ports: readonly {
    readonly protocol: string;
    readonly port: number;
    readonly nodePort: number;
  }[];
  readonly targets: readonly {
    readonly node: string;
    readonly healthy: boolean;
    readonly reason: string;
  }[];
}

export interface NodeRuntimeView {
  readonly node: string;
  readonly up: boolean;
  readonly proxyRunning: boolean;
  /** Stopped by hand. */
  readonly proxyHalted: boolean;
  /** A change that this node's rules do not show yet. */
  readonly proxyPending: boolean;
  readonly proxySyncedAtUs: number;
  readonly rules: number;
  /** Tables that somebody restored by hand, and when the latest was. */
  readonly restored?: { readonly tables: readonly string[]; readonly atUs: number };
  readonly conntrackEntries: number;
  /** The cloud drops what it sends or gets under addresses that are not its own. */
  readonly sourceDestCheck: boolean;
  /** The VPC's route table leads to its pods. */
  readonly vpcRoute: boolean;
  /** Absent: eth0 and cni0. */
  readonly devices?: readonly NodeDeviceView[];
  /** Conntrack entries that kube-proxy deleted, the latest of them. */
  readonly deletedEntries?: { readonly count: number; readonly atUs: number; readonly why: string };
}

export interface FabricView {
  readonly clusterName: string;
  readonly cloud: ClusterConfig["cloud"];
  readonly title: string;
  readonly description: string;
  readonly suggestions: readonly Suggestion[];
  readonly cni: CniName;
  readonly vpcCidr: string;
  readonly clusterCIDR: string;
  /** Pods have addresses of the VPC, not of clusterCIDR. */
  readonly podsInVpc?: boolean;
  readonly serviceCIDR: string;
  readonly natGateway?: string;
  /** Services (`NAMESPACE/NAME`) that are to have a load balancer and have none, and why. */
  readonly pending: Readonly<Record<string, string>>;
}

/** Everything the page mirrors, by id. */
export type MirrorRecord =
  | { readonly id: string; readonly type: "object"; readonly value: KubeObject }
  | { readonly id: string; readonly type: "loadBalancer"; readonly value: LoadBalancerView }
  | { readonly id: string; readonly type: "nodeRuntime"; readonly value: NodeRuntimeView }
  | { readonly id: string; readonly type: "podRuntime"; readonly value: PodRuntimeView }
  | { readonly id: string; readonly type: "fabric"; readonly value: FabricView }
  /** The run: there is no moment before its start. */
  | { readonly id: string; readonly type: "run"; readonly value: { readonly startUs: number } }
  /** Pods that are not ready because somebody said so, not their probes. */
  | { readonly id: string; readonly type: "unready"; readonly value: readonly ObjectKey[] }
  | { readonly id: string; readonly type: "gateways"; readonly value: readonly GatewayView[] }
  /** Lags that are not as usual. */
  | { readonly id: string; readonly type: "lags"; readonly value: LagSettings }
  /** What followed when pods became ready or unready. */
  | { readonly id: string; readonly type: "readiness"; readonly value: readonly ReadinessChain[] }
  | { readonly id: string; readonly type: "history"; readonly value: HistoryView };

/** What changed since the last update. */
export interface MirrorUpdate {
  /** Time of the state that is shown. */
  readonly nowUs: number;
  /** Latest moment that was ever reached on this run; nowUs < horizonUs means: in the past. */
  readonly horizonUs: number;
  readonly added: readonly MirrorRecord[];
  readonly updated: readonly MirrorRecord[];
  readonly removed: readonly string[];
}

/** A mistake in a document, where it is. */
export interface DocumentError {
  readonly message: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** `Service default/kuard`, where the document could be read. */
  readonly object?: string;
  /** `spec.ports[0].port`, where the API server names one. */
  readonly field?: string;
}

export interface ApplyReport {
  readonly ok: boolean;
  /** `service/kuard configured`, as kubectl prints. */
  readonly lines: readonly string[];
  /** Nothing is applied when there is any. */
  readonly errors: readonly DocumentError[];
  /** `ServiceAccount default/frontend`: kinds that do not matter to the network. */
  readonly ignored: readonly string[];
}

/** What a command would be answered. */
export interface Rehearsal extends ApplyReport {
  /** The objects as they would be stored; none when it would be refused. */
  readonly objects: readonly KubeObject[];
}

export type { Command, LoggedCommand, SavedRun };

export interface Opened {
  readonly errors: readonly DocumentError[];
  readonly ignored: readonly string[];
  /** Why commands of a saved run were left out: the simulation refuses them, being another version, or the run was made up. */
  readonly refused?: readonly string[];
  /** Journeys of the log's sends, in order. */
  readonly journeys: readonly JourneyView[];
}

export interface ConntrackRow {
  /** The line that `conntrack -L` prints. */
  readonly text: string;
  readonly protocol: string;
  readonly state: string;
  readonly secondsLeft: number;
  readonly original: string;
  readonly reply: string;
  readonly nat: "DNAT" | "SNAT" | "DNAT+SNAT" | "";
  /** A probe or health check made it. */
  readonly ofCheck?: true;
}

/** A conntrack entry that was deleted before its time. */
export interface DeletedRow {
  readonly atUs: number;
  /** As `conntrack -E` tells of it: `[DESTROY] udp 17 src=…`. */
  readonly text: string;
  readonly why: string;
}

export interface RuleRow {
  readonly table: string;
  readonly chain: string;
  readonly position: number;
  readonly text: string;
  readonly packets: number;
  readonly bytes: number;
  readonly causes: readonly Cause[];
}

/** A text for `iptables-restore`, read. */
export interface RulesReading {
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  /** Empty where there are errors. */
  readonly tables: readonly {
    readonly name: string;
    readonly chains: number;
    readonly rules: number;
  }[];
  readonly sets: number;
}

/** A line of the difference between a node's rules at two moments. */
export interface RuleChange {
  readonly table: string;
  readonly chain: string;
  readonly change: "added" | "removed";
  readonly text: string;
  readonly causes: readonly Cause[];
}

export interface NodeTables {
  readonly node: string;
  readonly rules: readonly RuleRow[];
  /** Built-in chains that drop what falls through. */
  readonly dropping: readonly { readonly table: string; readonly chain: string }[];
  readonly conntrack: readonly ConntrackRow[];
  /** The latest first. */
  readonly deletedEntries: readonly DeletedRow[];
  /** Lines of `ip route`. */
  readonly routes: readonly string[];
  /** Lines of `ip addr`. */
  readonly addresses: readonly string[];
}

/** Ways that end alike, taken together. */
export interface WayOut {
  /** Exact. */
  readonly probability: number;
  readonly verdict: Verdict["kind"];
  readonly reason: string | null;
  /** `pod/default/kuard-x`; null unless delivered. */
  readonly server: string | null;
}

export type PathsReport =
  | { readonly ok: true; readonly ways: readonly WayOut[] }
  | { readonly ok: false; readonly error: string };

export type SendReport =
  | { readonly ok: true; readonly journey: JourneyView }
  /** `why`: where there is more to say than that. */
  | { readonly ok: false; readonly error: string; readonly why?: WhyNot };

/** An edit that was made, for people. */
export interface HistoryItem {
  /** Kept through undo and redo. */
  readonly id: number;
  readonly atUs: number;
  /** `Scale Deployment kuard to 5`. */
  readonly text: string;
  /** The command line that does the same; absent where kubectl has none. */
  readonly kubectl?: string;
}

export interface HistoryView {
  /** The latest last. */
  readonly done: readonly HistoryItem[];
  /** The next to redo last. */
  readonly undone: readonly HistoryItem[];
}

export type ControlCommand = Exclude<Command, { type: "apply" | "check" | "delete" | "send" }>;

/** The worker's side; the page calls it through comlink. Every call answers after its mirror update was posted. */
export interface Simulation
  extends CheckCalls,
    WhatIfCalls,
    TerminalCalls,
    PodNetworkCalls,
    ScenarioCalls {
  /** Starts over from a scenario's YAML. With errors the run that was there goes on untouched. */
  open(scenario: string, saved?: SavedRun): Promise<Opened>;
  /** Calls back with every change of the mirror; the first call carries everything as added. */
  subscribe(listener: (update: MirrorUpdate) => void): Promise<void>;
  /** Sends one request now. The journey is complete at once; time stays where it is. In the past this cuts off the old future. */
  send(from: string, to: string, http?: HttpOptions): Promise<SendReport>;
  /** Applies every document of a YAML text, or nothing. */
  apply(yaml: string): Promise<ApplyReport>;
  delete(key: ObjectKey): Promise<ApplyReport>;
  /** What needs no manifest: patches, drains, kills, undoes; stops and starts a kube-proxy, a machine, a readiness. */
  control(command: ControlCommand): Promise<ApplyReport>;
  /** What a command would be answered now; nothing changes. */
  rehearse(command: Command): Promise<Rehearsal>;
  /** Keys of the pods that a selector picks; an empty one, as a Service's may be, picks none. */
  podsMatching(namespace: string, selector: LabelSelector): Promise<readonly ObjectKey[]>;
  /** Lets virtual time pass. */
  advance(us: number): Promise<void>;
  /** Shows the state at another moment, earlier or later. */
  seek(atUs: number): Promise<void>;
  /** The journeys that belong to the run as it now is (a fork drops those after it). A journey whose packets have not
   *  all flown yet may be recomputed by an edit: ask again after apply, delete. */
  journeys(): Promise<readonly JourneyView[]>;
  /** Every outcome that a journey could have had when it was sent, the likeliest first. */
  paths(journey: Pick<JourneyView, "sentAtUs" | "from" | "to" | "http">): Promise<PathsReport>;
  tables(node: string): Promise<NodeTables>;
  /** A node's rules as `iptables-save` prints them, its sets before them if it has any. */
  rulesText(node: string): Promise<string>;
  /** What a text of rules would put into a node, or what is wrong with it. Nothing changes. */
  readRules(node: string, text: string): Promise<RulesReading>;
  /** What is different in a node's rules now from what they were then. */
  ruleChanges(node: string, sinceUs: number): Promise<readonly RuleChange[]>;
  /** Every record of every Service, as the cluster's DNS answers now. */
  dnsRecords(): Promise<readonly ListedRecord[]>;
  /** Whom the servers of a Service see as their client, by each way in. */
  clientsSeen(service: ObjectKey): Promise<readonly ClientsSeen[]>;
  /** Object as YAML, as `kubectl get -o yaml` prints it (managed noise left out). */
  yaml(key: ObjectKey): Promise<string>;
  /** The present cluster as a scenario file, or what `kubectl apply` takes of it. */
  exportYaml(kind: "scenario" | "manifests"): Promise<string>;
  save(): Promise<SavedRun>;
}
