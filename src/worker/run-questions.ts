import { isEmptySelector, matchesSelector } from "../core/api/labels";
import { type LabelSelector, type ObjectKey, objectKey } from "../core/api/types";
import { type ClientsSeen, clientsSeen } from "../core/cluster/clients-seen";
import { dnsWorldOf } from "../core/cluster/names";
import {
  goneSandbox,
  type NodePodNetwork,
  nodePodNetwork,
  type PodSandbox,
  podSandbox,
  sandboxOf,
} from "../core/cluster/pod-network";
import type { Session } from "../core/cluster/session";
import type { World } from "../core/cluster/world";
import { type ListedRecord, listRecords } from "../core/dns/listing";
import { formatManifest } from "../scenario/format-manifest";
import { formatManifests } from "../scenario/format-manifests";
import { formatScenario } from "../scenario/format-scenario";
import { readDocuments, refusalErrors } from "../scenario/read-documents";
import { rebuildScenario, type ScenarioSettings, settingsOf } from "../scenario/rebuild-scenario";
import { applyReport, statusErrors } from "./apply-report";
import { effectsBetween } from "./effects";
import { worldCommand } from "./page-command";
import type {
  Command,
  JourneyView,
  MirrorRecord,
  NodeTables,
  PathsReport,
  Rehearsal,
  RuleChange,
  RulesReading,
} from "./protocol";
import { ruleChanges } from "./rule-changes";
import { readRules, rulesText } from "./rules-text";
import { mirrorRecords, nodeTables } from "./views";
import { waysOut } from "./ways-out";
import type { Effect } from "./what-if-protocol";

/** More ways than this would keep the page waiting. */
const MAX_WAYS = 5_000;

/** What the page asks of a run, and what moves nothing in it. */
export abstract class RunQuestions {
  /** A moment that effects are asked about again and again, in the run with this log. */
  #past: { sinceUs: number; log: Session["log"]; world: World } | undefined;

  protected abstract running(): Session;

  async rehearse(command: Command): Promise<Rehearsal> {
    const documents = command.type === "apply" ? readDocuments(command.yaml) : undefined;
    if (documents && documents.errors.length > 0)
      return { ok: false, lines: [], errors: documents.errors, ignored: [], objects: [] };
    const result = this.running().world.fork().execute(worldCommand(command, documents));
    const refusals = result.ok ? [] : result.refusals;
    const errors = documents
      ? refusalErrors(documents, refusals)
      : refusals.flatMap(({ status }) => statusErrors(status));
    const objects = result.ok ? result.applied.map(({ object }) => object) : [];
    return { ...applyReport(result, errors, documents?.ignored ?? []), objects };
  }

  async podsMatching(namespace: string, selector: LabelSelector): Promise<readonly ObjectKey[]> {
    if (isEmptySelector(selector)) return [];
    const pods = [...this.running().world.store.list("Pod")].filter(
      ({ metadata }) =>
        metadata.namespace === namespace && matchesSelector(selector, metadata.labels),
    );
    return pods.map(objectKey);
  }

  async paths(
    journey: Pick<JourneyView, "sentAtUs" | "from" | "to" | "http">,
  ): Promise<PathsReport> {
    const world = this.running().worldBefore(journey);
    if (!world) return { ok: false, error: "this request is not part of the run any more" };
    const paths = world.paths(journey.from, journey.to, {
      maxPaths: MAX_WAYS,
      http: journey.http,
    });
    return paths.ok ? { ok: true, ways: waysOut(paths.value) } : paths;
  }

  async ruleChanges(node: string, sinceUs: number): Promise<readonly RuleChange[]> {
    const session = this.running();
    return ruleChanges(session.worldAt(sinceUs), session.world, node);
  }

  async dnsRecords(): Promise<readonly ListedRecord[]> {
    const { world } = this.running();
    return listRecords(dnsWorldOf(world.store, world.loadBalancers()));
  }

  async clientsSeen(key: ObjectKey): Promise<readonly ClientsSeen[]> {
    const { world } = this.running();
    const service = world.store.findByKey(key);
    return service?.kind === "Service" ? clientsSeen(world.fork(), service) : [];
  }

  async recordsAt(atUs: number): Promise<readonly MirrorRecord[]> {
    return [...mirrorRecords(this.running().worldAt(atUs)).values()];
  }

  async effects(sinceUs: number): Promise<readonly Effect[]> {
    const session = this.running();
    const { log } = session;
    if (this.#past?.sinceUs !== sinceUs || this.#past.log !== log)
      this.#past = { sinceUs, log, world: session.worldAt(sinceUs) };
    return effectsBetween(this.#past.world, session.world);
  }

  async tables(node: string): Promise<NodeTables> {
    return nodeTables(this.running().world, node);
  }

  async scenarioSettings(): Promise<ScenarioSettings> {
    return settingsOf(this.running().world.config);
  }

  async rebuiltScenario(settings: ScenarioSettings): Promise<string> {
    const { world } = this.running();
    return rebuildScenario(world.config, world.store, (key) => world.lastApplied(key), settings);
  }

  async nodePodNetwork(node: string): Promise<NodePodNetwork | undefined> {
    return nodePodNetwork(this.running().world, node);
  }

  async podSandbox(namespace: string, name: string): Promise<PodSandbox | undefined> {
    const { world } = this.running();
    return world.store.find("Pod", namespace, name)
      ? podSandbox(world, namespace, name)
      : goneSandbox(world, namespace, name);
  }

  async sandboxOf(node: string, id: string): Promise<PodSandbox | undefined> {
    return sandboxOf(this.running().world, node, id);
  }

  async rulesText(node: string): Promise<string> {
    return rulesText(this.running().world, node);
  }

  async readRules(node: string, text: string): Promise<RulesReading> {
    return readRules(this.running().world, node, text);
  }

  async yaml(key: ObjectKey): Promise<string> {
    const object = this.running().world.store.findByKey(key);
    return object ? formatManifest(object) : "";
  }

  async exportYaml(kind: "scenario" | "manifests"): Promise<string> {
    const { world } = this.running();
    return kind === "scenario"
      ? formatScenario({ ...world.config, lags: world.lags }, world.store)
      : formatManifests(world.store, (key) => world.lastApplied(key));
  }
}
