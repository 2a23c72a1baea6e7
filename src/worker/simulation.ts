import type { ObjectKey } from "../core/api/types";
import type { CommandResult } from "../core/cluster/command";
import type { Session } from "../core/cluster/session";
import { whyNotSent } from "../core/cluster/why/not-sent";
import type { World } from "../core/cluster/world";
import type { HttpOptions } from "../core/net/http-message";
import { bootScenario } from "../scenario/boot";
import { type ReadDocuments, readDocuments, refusalErrors } from "../scenario/read-documents";
import { applyReport, controlReport, statusErrors } from "./apply-report";
import type { CheckPurpose, RecentRequest } from "./check-protocol";
import { recentChecks } from "./check-views";
import { JourneyViews } from "./journey-views";
import { MirrorFeed } from "./mirror-feed";
import type {
  ApplyReport,
  Command,
  ControlCommand,
  JourneyView,
  MirrorUpdate,
  Opened,
  SavedRun,
  SendReport,
  Simulation,
} from "./protocol";
import { Run } from "./run";
import { RunQuestions } from "./run-questions";
import type {
  LineAnswer,
  LineCompletion,
  TerminalEvents,
  TerminalMessage,
  TerminalOpened,
} from "./terminal-protocol";
import type { Terminals } from "./terminals";
import { WhatIf } from "./what-if";
import type { CompareReport, CompareRequest, Prediction, TrafficState } from "./what-if-protocol";

/** The worker's side of the protocol: one run, and the page that mirrors it. */
export class SimulationHost extends RunQuestions implements Simulation {
  #run: Run | undefined;
  readonly #feed = new MirrorFeed();
  readonly #views = new JourneyViews();
  readonly #whatIf = new WhatIf();
  /** Loaded with the first terminal. */
  #terminals: Terminals | undefined;
  /** A worker that was started again does not take the terminals of the last one for its own. */
  #nextTerminal = Math.floor(Math.random() * 1_000_000_000);
  #listener: ((update: MirrorUpdate) => void) | undefined;
  #checksSent: World["checks"] | undefined;

  async open(scenario: string, saved?: SavedRun): Promise<Opened> {
    const booted = bootScenario(scenario);
    if (!booted.ok) return { errors: booted.errors, ignored: [], journeys: [] };
    booted.world.settle();
    booted.world.begin();
    const run = new Run(scenario, booted.world);
    const refused = saved ? run.replay(saved) : [];
    this.#run = run;
    this.#views.clear();
    this.#whatIf.reset();
    this.#terminals?.closeAll();
    this.#terminals = undefined;
    this.#publish();
    return { errors: [], ignored: booted.ignored, refused, journeys: this.#journeyViews() };
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
      const why = whyNotSent(this.running().world, from, to);
      const error = result.refusals[0]?.status.message ?? "refused";
      return { ok: false, error, ...(why && { why }) };
    }
    return this.#sent(result.journey);
  }

  async followCheck(purpose: CheckPurpose, when: "now" | "next"): Promise<SendReport> {
    const { nowUs, world } = this.running();
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
    const { world } = this.running();
    if (world.checks === this.#checksSent) return undefined;
    this.#checksSent = world.checks;
    return recentChecks(world);
  }

  #sent(id: number | undefined): SendReport {
    const journey = id === undefined ? undefined : this.running().journey(id);
    if (!journey) throw new Error("a request without a journey");
    return { ok: true, journey: this.#views.of(journey, this.running()) };
  }

  async apply(yaml: string): Promise<ApplyReport> {
    const documents = readDocuments(yaml);
    if (documents.errors.length > 0)
      return { ok: false, lines: [], errors: documents.errors, ignored: [] };
    const result = this.#execute({ type: "apply", yaml }, documents);
    this.#publish();
    return applyReport(
      result,
      result.ok ? [] : refusalErrors(documents, result.refusals),
      documents.ignored,
    );
  }

  async delete(key: ObjectKey): Promise<ApplyReport> {
    return this.#change({ type: "delete", key });
  }

  async control(command: ControlCommand): Promise<ApplyReport> {
    return controlReport(command, this.#change(command));
  }

  #change(command: ControlCommand | Extract<Command, { type: "delete" }>): ApplyReport {
    const result = this.#execute(command);
    this.#publish();
    return applyReport(
      result,
      result.ok ? [] : result.refusals.flatMap(({ status }) => statusErrors(status)),
      [],
    );
  }

  async advance(us: number): Promise<void> {
    await this.#passTo(this.running().nowUs + Math.max(0, Math.round(us)));
    this.#publish();
  }

  async seek(atUs: number): Promise<void> {
    const session = this.running();
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
    const session = this.running();
    if (this.#terminals?.areBusy)
      await this.#terminals.passTo(atUs, () => this.#run?.session !== session);
    else session.runUntil(atUs);
  }

  async openTerminal(
    place: string,
    columns: number,
    events: TerminalEvents,
  ): Promise<TerminalOpened> {
    const session = this.running();
    const { Terminals } = await import("./terminals");
    if (this.#run?.session !== session) return { ok: false, error: "another cluster was opened" };
    this.#terminals ??= new Terminals({
      session,
      // The page is told when the program waits for the next time, or ends.
      execute: (command) => this.#current().executeAsked(command),
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

  async journeys(): Promise<readonly JourneyView[]> {
    return this.#journeyViews();
  }

  async traffic(): Promise<TrafficState | undefined> {
    return this.#whatIf.traffic(this.running());
  }

  async predict(from: string, to: string, http?: HttpOptions): Promise<Prediction> {
    return this.#whatIf.predict(this.running(), from, to, http);
  }

  async way(prediction: number, index: number): Promise<JourneyView | undefined> {
    return this.#whatIf.way(prediction, index);
  }

  async compare(request: CompareRequest): Promise<CompareReport> {
    return this.#whatIf.compare(this.running(), request);
  }

  async save(): Promise<SavedRun> {
    return this.#current().save();
  }

  protected running(): Session {
    return this.#current().session;
  }

  #current(): Run {
    if (!this.#run) throw new Error("nothing is open");
    return this.#run;
  }

  #execute(command: Command, documents?: ReadDocuments): CommandResult {
    return this.#current().execute(command, documents);
  }

  #journeyViews(): readonly JourneyView[] {
    const session = this.running();
    return session.journeys().map((journey) => this.#views.of(journey, session));
  }

  #publish(): void {
    if (!this.#run || !this.#listener) return;
    this.#listener(this.#feed.next(this.#run.session));
  }
}
