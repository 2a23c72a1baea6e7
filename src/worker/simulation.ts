import { isEmptySelector, matchesSelector } from "../core/api/labels";
import type { Status } from "../core/api/status";
import { type KubeObject, type LabelSelector, type ObjectKey, objectKey } from "../core/api/types";
import { type ClientsSeen, clientsSeen } from "../core/cluster/clients-seen";
import type { CommandResult, Command as WorldCommand } from "../core/cluster/command";
import { dnsWorldOf } from "../core/cluster/names";
import {
  goneSandbox,
  type NodePodNetwork,
  nodePodNetwork,
  type PodSandbox,
  podSandbox,
  sandboxOf,
} from "../core/cluster/pod-network";
import { Session } from "../core/cluster/session";
import { whyNotSent } from "../core/cluster/why/not-sent";
import type { World } from "../core/cluster/world";
import { type ListedRecord, listRecords } from "../core/dns/listing";
import type { HttpOptions } from "../core/net/http-message";
import { bootScenario } from "../scenario/boot";
import { formatManifest } from "../scenario/format-manifest";
import { formatManifests } from "../scenario/format-manifests";
import { formatScenario } from "../scenario/format-scenario";
import { type ReadDocuments, readDocuments, refusalErrors } from "../scenario/read-documents";
import { rebuildScenario, type ScenarioSettings, settingsOf } from "../scenario/rebuild-scenario";
import { patchOutcome } from "../shell/kubectl/equivalent";
import { actionWords } from "../shell/kubectl/equivalent-words";
import type { CheckPurpose, RecentRequest } from "./check-protocol";
import { recentChecks } from "./check-views";
import { effectsBetween } from "./effects";
import { JourneyViews } from "./journey-views";
import { MirrorFeed } from "./mirror-feed";
import { pageCommand } from "./page-command";
import type {
  ApplyReport,
  Command,
  ControlCommand,
  DocumentError,
  JourneyView,
  LoggedCommand,
  MirrorRecord,
  MirrorUpdate,
  NodeTables,
  Opened,
  PathsReport,
  Rehearsal,
  RuleChange,
  RulesReading,
  SavedRun,
  SendReport,
  Simulation,
} from "./protocol";
import { ruleChanges } from "./rule-changes";
import { readRules, rulesText } from "./rules-text";
import type {
  LineAnswer,
  LineCompletion,
  TerminalEvents,
  TerminalMessage,
  TerminalOpened,
} from "./terminal-protocol";
import type { Terminals } from "./terminals";
import { mirrorRecords, nodeTables } from "./views";
import { waysOut } from "./ways-out";
import { WhatIf } from "./what-if";
import type {
  CompareReport,
  CompareRequest,
  Effect,
  Prediction,
  TrafficState,
} from "./what-if-protocol";

/** More ways than this would keep the page waiting. */
const MAX_WAYS = 5_000;

/** The worker's side of the protocol: one session, its scenario, and the page that mirrors it. */
export class SimulationHost implements Simulation {
  #scenario = "";
  #session: Session | undefined;
  /** The commands as the page gave them, in the session's order: their YAML is what a saved run keeps. */
  #log: LoggedCommand[] = [];
  readonly #feed = new MirrorFeed();
  readonly #views = new JourneyViews();
  readonly #whatIf = new WhatIf();
  /** Loaded with the first terminal. */
  #terminals: Terminals | undefined;
  /** A worker that was started again does not take the terminals of the last one for its own. */
  #nextTerminal = Math.floor(Math.random() * 1_000_000_000);
  #listener: ((update: MirrorUpdate) => void) | undefined;
  #checksSent: World["checks"] | undefined;
  /** A moment that effects are asked about again and again, in the run with this log. */
  #past: { sinceUs: number; log: Session["log"]; world: World } | undefined;

  async open(scenario: string, saved?: SavedRun): Promise<Opened> {
    const booted = bootScenario(scenario);
    if (!booted.ok) return { errors: booted.errors, ignored: [], journeys: [] };
    booted.world.settle();
    booted.world.begin();
    const before = [this.#scenario, this.#session, this.#log] as const;
    this.#scenario = scenario;
    this.#session = new Session(booted.world);
    this.#log = [];
    this.#views.clear();
    this.#whatIf.reset();
    let refused: readonly string[];
    try {
      refused = this.#replay(saved);
    } catch (error) {
      [this.#scenario, this.#session, this.#log] = before;
      throw error;
    }
    this.#terminals?.closeAll();
    this.#terminals = undefined;
    this.#publish();
    return { errors: [], ignored: booted.ignored, refused, journeys: this.#journeyViews() };
  }

  /** Runs a saved run's commands, which may come from anybody; answers why some were refused and left out. */
  #replay(saved: SavedRun | undefined): readonly string[] {
    const session = this.#running();
    const refused: string[] = [];
    for (const { atUs, command } of saved?.log ?? []) {
      session.seek(atUs);
      const documents = command.type === "apply" ? readDocuments(command.yaml) : undefined;
      const mistake = documents?.errors[0]?.message;
      const result = mistake === undefined ? this.#execute(command, documents) : undefined;
      if (!result) refused.push(mistake ?? "");
      else if (!result.ok) refused.push(result.refusals[0]?.status.message ?? "refused");
    }
    if (saved) session.seek(saved.atUs);
    return refused;
  }

  async subscribe(listener: (update: MirrorUpdate) => void): Promise<void> {
    this.#listener = listener;
    this.#feed.reset();
    this.#checksSent = undefined;
    this.#whatIf.reset();
    this.#publish();
  }

  async send(from: string, to: string, http?: HttpOptions): Promise<SendReport> {
    const result = this.#execute({ type: "send", from, to, ...(http && { options: { http } }) });
    this.#publish();
    if (!result.ok) {
      const why = whyNotSent(this.#running().world, from, to);
      const error = result.refusals[0]?.status.message ?? "refused";
      return { ok: false, error, ...(why && { why }) };
    }
    return this.#sent(result.journey);
  }

  async followCheck(purpose: CheckPurpose, when: "now" | "next"): Promise<SendReport> {
    const { nowUs, world } = this.#running();
    const nextUs =
      when === "next" && purpose.kind === "probe"
        ? world.nextProbeAtUs(purpose.pod, purpose.container, purpose.probe)
        : undefined;
    // Just before the probe that is due, in whose place it comes.
    if (nextUs !== undefined) await this.#passTo(Math.max(nowUs, nextUs - 1));
    const result = this.#execute({ type: "check", purpose });
    this.#publish();
    if (!result.ok) return { ok: false, error: result.refusals[0]?.status.message ?? "refused" };
    return this.#sent(result.journey);
  }

  async checks(): Promise<readonly RecentRequest[] | undefined> {
    const { world } = this.#running();
    if (world.checks === this.#checksSent) return undefined;
    this.#checksSent = world.checks;
    return recentChecks(world);
  }

  #sent(id: number | undefined): SendReport {
    const journey = id === undefined ? undefined : this.#running().journey(id);
    if (!journey) throw new Error("a request without a journey");
    return { ok: true, journey: this.#views.of(journey, this.#running()) };
  }

  async apply(yaml: string): Promise<ApplyReport> {
    const documents = readDocuments(yaml);
    if (documents.errors.length > 0)
      return { ok: false, lines: [], errors: documents.errors, ignored: [] };
    const result = this.#execute({ type: "apply", yaml }, documents);
    this.#publish();
    return report(
      result,
      result.ok ? [] : refusalErrors(documents, result.refusals),
      documents.ignored,
    );
  }

  async delete(key: ObjectKey): Promise<ApplyReport> {
    return this.#change({ type: "delete", key });
  }

  async control(command: ControlCommand): Promise<ApplyReport> {
    const answer = this.#change(command);
    if (!answer.ok) return answer;
    if (command.type === "patch") return { ...answer, lines: patchLines(command, answer.lines) };
    const lines = controlLines(command);
    return lines ? { ...answer, lines } : answer;
  }

  #change(command: ControlCommand | Extract<Command, { type: "delete" }>): ApplyReport {
    const result = this.#execute(command);
    this.#publish();
    return report(
      result,
      result.ok ? [] : result.refusals.flatMap(({ status }) => statusErrors(status)),
      [],
    );
  }

  async rehearse(command: Command): Promise<Rehearsal> {
    const documents = command.type === "apply" ? readDocuments(command.yaml) : undefined;
    if (documents && documents.errors.length > 0)
      return { ok: false, lines: [], errors: documents.errors, ignored: [], objects: [] };
    const result = this.#running().world.fork().execute(worldCommand(command, documents));
    const refusals = result.ok ? [] : result.refusals;
    const errors = documents
      ? refusalErrors(documents, refusals)
      : refusals.flatMap(({ status }) => statusErrors(status));
    const objects = result.ok ? result.applied.map(({ object }) => object) : [];
    return { ...report(result, errors, documents?.ignored ?? []), objects };
  }

  async podsMatching(namespace: string, selector: LabelSelector): Promise<readonly ObjectKey[]> {
    if (isEmptySelector(selector)) return [];
    const pods = [...this.#running().world.store.list("Pod")].filter(
      ({ metadata }) =>
        metadata.namespace === namespace && matchesSelector(selector, metadata.labels),
    );
    return pods.map(objectKey);
  }

  async advance(us: number): Promise<void> {
    await this.#passTo(this.#running().nowUs + Math.max(0, Math.round(us)));
    this.#publish();
  }

  async seek(atUs: number): Promise<void> {
    const session = this.#running();
    if (atUs > session.nowUs) await this.#passTo(atUs);
    else {
      if (atUs < session.nowUs)
        await this.#terminals?.endPrograms("the run went back in time: what ran here has ended");
      session.seek(atUs);
    }
    this.#publish();
  }

  /** What runs in terminals goes on as soon as what it waits for has happened. */
  async #passTo(atUs: number): Promise<void> {
    const session = this.#running();
    if (this.#terminals?.areBusy)
      await this.#terminals.passTo(atUs, () => this.#session !== session);
    else session.runUntil(atUs);
  }

  async openTerminal(
    place: string,
    columns: number,
    events: TerminalEvents,
  ): Promise<TerminalOpened> {
    const session = this.#running();
    const { Terminals } = await import("./terminals");
    if (this.#session !== session) return { ok: false, error: "another cluster was opened" };
    this.#terminals ??= new Terminals({
      session,
      execute: (command) => this.#executeAsked(command),
      publish: () => this.#publish(),
    });
    return this.#terminals.open(this.#nextTerminal++, place, columns, events);
  }

  async runLine(id: number, line: string, locked: boolean): Promise<LineAnswer> {
    return (await this.#terminals?.run(id, line, locked)) ?? { kind: "gone" };
  }

  async completeLine(id: number, text: string, cursor: number): Promise<LineCompletion> {
    return this.#terminals?.complete(id, text, cursor) ?? { from: cursor, candidates: [] };
  }

  async tellTerminal(id: number, message: TerminalMessage): Promise<boolean> {
    return this.#terminals?.tell(id, message) ?? false;
  }

  /** A command of the shell. The page is told when the program waits for the next time, or ends. */
  #executeAsked(asked: WorldCommand): CommandResult {
    const result = this.#running().execute(asked);
    if (result.ok) this.#keep(pageCommand(asked));
    return result;
  }

  async journeys(): Promise<readonly JourneyView[]> {
    return this.#journeyViews();
  }

  async paths(
    journey: Pick<JourneyView, "sentAtUs" | "from" | "to" | "http">,
  ): Promise<PathsReport> {
    const world = this.#running().worldBefore(journey);
    if (!world) return { ok: false, error: "this request is not part of the run any more" };
    const paths = world.paths(journey.from, journey.to, {
      maxPaths: MAX_WAYS,
      http: journey.http,
    });
    return paths.ok ? { ok: true, ways: waysOut(paths.value) } : paths;
  }

  async ruleChanges(node: string, sinceUs: number): Promise<readonly RuleChange[]> {
    const session = this.#running();
    return ruleChanges(session.worldAt(sinceUs), session.world, node);
  }

  async dnsRecords(): Promise<readonly ListedRecord[]> {
    const { world } = this.#running();
    return listRecords(dnsWorldOf(world.store, world.loadBalancers()));
  }

  async clientsSeen(key: ObjectKey): Promise<readonly ClientsSeen[]> {
    const { world } = this.#running();
    const service = world.store.findByKey(key);
    return service?.kind === "Service" ? clientsSeen(world.fork(), service) : [];
  }

  async traffic(): Promise<TrafficState | undefined> {
    return this.#whatIf.traffic(this.#running());
  }

  async predict(from: string, to: string, http?: HttpOptions): Promise<Prediction> {
    return this.#whatIf.predict(this.#running(), from, to, http);
  }

  async way(prediction: number, index: number): Promise<JourneyView | undefined> {
    return this.#whatIf.way(prediction, index);
  }

  async recordsAt(atUs: number): Promise<readonly MirrorRecord[]> {
    return [...mirrorRecords(this.#running().worldAt(atUs)).values()];
  }

  async effects(sinceUs: number): Promise<readonly Effect[]> {
    const session = this.#running();
    const { log } = session;
    if (this.#past?.sinceUs !== sinceUs || this.#past.log !== log)
      this.#past = { sinceUs, log, world: session.worldAt(sinceUs) };
    return effectsBetween(this.#past.world, session.world);
  }

  async compare(request: CompareRequest): Promise<CompareReport> {
    return this.#whatIf.compare(this.#running(), request);
  }

  async tables(node: string): Promise<NodeTables> {
    return nodeTables(this.#running().world, node);
  }

  async scenarioSettings(): Promise<ScenarioSettings> {
    return settingsOf(this.#running().world.config);
  }

  async rebuiltScenario(settings: ScenarioSettings): Promise<string> {
    const { world } = this.#running();
    return rebuildScenario(world.config, world.store, (key) => world.lastApplied(key), settings);
  }

  async nodePodNetwork(node: string): Promise<NodePodNetwork | undefined> {
    return nodePodNetwork(this.#running().world, node);
  }

  async podSandbox(namespace: string, name: string): Promise<PodSandbox | undefined> {
    const { world } = this.#running();
    return world.store.find("Pod", namespace, name)
      ? podSandbox(world, namespace, name)
      : goneSandbox(world, namespace, name);
  }

  async sandboxOf(node: string, id: string): Promise<PodSandbox | undefined> {
    return sandboxOf(this.#running().world, node, id);
  }

  async rulesText(node: string): Promise<string> {
    return rulesText(this.#running().world, node);
  }

  async readRules(node: string, text: string): Promise<RulesReading> {
    return readRules(this.#running().world, node, text);
  }

  async yaml(key: ObjectKey): Promise<string> {
    const object = this.#running().world.store.findByKey(key);
    return object ? formatManifest(object) : "";
  }

  async exportYaml(kind: "scenario" | "manifests"): Promise<string> {
    const { world } = this.#running();
    return kind === "scenario"
      ? formatScenario({ ...world.config, lags: world.lags }, world.store)
      : formatManifests(world.store, (key) => world.lastApplied(key));
  }

  async save(): Promise<SavedRun> {
    const session = this.#running();
    return { scenario: this.#scenario, log: this.#log, atUs: session.world.nowUs };
  }

  #running(): Session {
    if (!this.#session) throw new Error("nothing is open");
    return this.#session;
  }

  #execute(command: Command, documents?: ReadDocuments): CommandResult {
    const session = this.#running();
    const result = session.execute(worldCommand(command, documents));
    if (result.ok) this.#keep(command);
    return result;
  }

  /** Into the log. The session's own says how many of the page's commands are still part of the run. */
  #keep(command: Command): void {
    const { log, world } = this.#running();
    this.#log = [...this.#log.slice(0, log.length - 1), { atUs: world.nowUs, command }];
  }

  #journeyViews(): readonly JourneyView[] {
    const session = this.#running();
    return session.journeys().map((journey) => this.#views.of(journey, session));
  }

  #publish(): void {
    if (!this.#session || !this.#listener) return;
    const update = this.#feed.next(this.#session);
    this.#listener(update);
  }
}

function worldCommand(command: Command, documents?: ReadDocuments): WorldCommand {
  if (command.type !== "apply") return command;
  return { type: "apply", manifests: (documents ?? readDocuments(command.yaml)).manifests };
}

function report(
  result: CommandResult,
  errors: readonly DocumentError[],
  ignored: readonly string[],
): ApplyReport {
  const lines = result.ok
    ? result.applied.map(({ object, outcome }) => appliedLine(object, outcome))
    : [];
  return { ok: result.ok, lines, errors, ignored };
}

/** One for each wrong field. */
function statusErrors({ message, causes = [] }: Status): readonly DocumentError[] {
  if (causes.length === 0) return [{ message }];
  return causes.map((cause) => ({
    message: `${cause.field}: ${cause.message}`,
    field: cause.field,
  }));
}

/** `deployment.apps/kuard scaled`, as kubectl says it of what it did by a patch. */
function patchLines(
  { key, patch }: Extract<ControlCommand, { type: "patch" }>,
  lines: readonly string[],
): readonly string[] {
  return lines.map((line) => line.replace(/ patched$/, ` ${patchOutcome(key, patch)}`));
}

/** For what kubectl has no words. */
function controlLines(command: ControlCommand): readonly string[] | undefined {
  const line = controlLine(command);
  return line === undefined ? undefined : [line];
}

function controlLine(command: ControlCommand): string | undefined {
  switch (command.type) {
    case "killContainer":
      return `a container of ${command.pod} was killed: its kubelet starts it again`;
    case "setProxy":
      return command.running
        ? `kube-proxy on ${command.node} started: it writes its rules anew`
        : `kube-proxy on ${command.node} stopped: its rules stay as they are`;
    case "setPower":
      return command.on
        ? `${command.node} powered on`
        : `${command.node} powered off: nobody tells the cluster, it has to find out`;
    case "setLag":
    case "setSetting":
      return `${actionWords(command)}: done`;
    case "restoreRules":
      return command.stopProxy
        ? `rules of ${command.node} restored; its kube-proxy is stopped, so they stay as they are`
        : `rules of ${command.node} restored: its kube-proxy writes its own chains again when it syncs next`;
    case "setReadiness":
      return command.ready
        ? `${command.pod} says that it is ready: its next probes find out`
        : `${command.pod} says that it is not ready: its next probes find out`;
    default:
      return undefined;
  }
}

/** As kubectl says it: `service/kuard configured`, `pod "kuard-x" deleted`. */
function appliedLine(object: KubeObject, outcome: string): string {
  const { name } = object.metadata;
  return outcome === "deleted"
    ? `${resourceName(object)} "${name}" deleted`
    : `${resourceName(object)}/${name} ${outcome}`;
}

function resourceName(object: KubeObject): string {
  const kind = object.kind.toLowerCase();
  const group = object.apiVersion.includes("/") ? `.${object.apiVersion.split("/")[0]}` : "";
  return `${kind}${group}`;
}
