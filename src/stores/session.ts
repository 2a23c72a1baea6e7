import { create } from "zustand";
import type { KubeObject, ObjectKey } from "../core/api/types";
import { type HttpOptions, parseHttpOptions } from "../core/net/http-message";
import type { CheckPurpose } from "../worker/check-protocol";
import { SimulationLost } from "../worker/client";
import type {
  ApplyReport,
  DocumentError,
  Opened,
  SavedRun,
  Simulation,
  WhyNot,
} from "../worker/protocol";
import { fabricOf, type MirrorRecords, useMirror } from "./mirror";
import { dismiss, notify } from "./notices";
import {
  followJourney,
  holdTime,
  play,
  replaceJourney,
  resetPlayback,
  usePlayback,
} from "./playback";
import { resetHistory } from "./record-history";
import { connectSelection, refreshSelection, useSelection } from "./selection";
import { defaultEnds, speaksHttp } from "./targets";
import { showInspector } from "./view";

export type Phase =
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "failed"; readonly message: string; readonly details: readonly string[] };

export type ControlCommand = Parameters<Simulation["control"]>[0];

interface Refused {
  readonly from: string;
  readonly to: string;
  readonly why: WhyNot;
}

interface SessionState {
  readonly phase: Phase;
  /** What the simulation is working on, for people; empty when nothing. */
  readonly busy: string;
  readonly simulation: Simulation | null;
  /** How many runs were opened: another number, another run. */
  readonly opened: number;
  /** The latest request, where it could not be sent, and more is to say of that than a notice does. */
  readonly refused: Refused | null;
  /** The send bar: `host/user`, `lb/default/kuard:80`. */
  readonly from: string;
  readonly to: string;
  /** What to ask a web server for: `shop.example.com/cart`; empty: nothing in particular. */
  readonly url: string;
}

export const useSession = create<SessionState>(() => ({
  phase: { kind: "starting" },
  busy: "",
  simulation: null,
  opened: 0,
  refused: null,
  from: "host/user",
  to: "",
  url: "",
}));

/** Commands go to this simulation from now on; the mirror and the selection follow it. */
export async function connectSession(simulation: Simulation): Promise<void> {
  useSession.setState({ simulation });
  connectSelection(allObjects);
  useMirror.subscribe((state, before) => {
    if (state.records !== before.records) refreshSelection();
  });
  await simulation.subscribe((update) => useMirror.getState().apply(update));
}

function* allObjects(): Iterable<KubeObject> {
  for (const record of useMirror.getState().records.values()) {
    if (record.type === "object") yield record.value;
  }
}

export function setFrom(from: string): void {
  useSession.setState({ from });
}

export function setTo(to: string): void {
  useSession.setState({ to });
}

export function setUrl(url: string): void {
  useSession.setState({ url });
}

/** What the send bar asks for; undefined where its target speaks no HTTP, or nothing is asked; null: it cannot be read. */
export function askedHttp(): HttpOptions | undefined | null {
  const { to, url } = useSession.getState();
  if (url.trim() === "" || !speaksHttp(to)) return undefined;
  return parseHttpOptions(url) ?? null;
}

export function fail(message: string, details: readonly string[] = []): void {
  useSession.setState({ phase: { kind: "failed", message, details } });
}

/** `Service default/x: line 12, column 5: message`, as far as is known. */
export function describeError({ message, line, column, object }: DocumentError): string {
  const where =
    line === undefined ? "" : `line ${line}${column === undefined ? "" : `, column ${column}`}: `;
  return `${where}${object ? `${object}: ` : ""}${message}`;
}

let beforeOpening: () => Promise<void> = async () => {};

/** What is to be done before another run takes the place of the one that is open. */
export function onOpening(keep: () => Promise<void>): void {
  beforeOpening = keep;
}

/** Starts over from a scenario, or goes on with a saved run of it. With errors everything stays as it was. */
export async function openScenario(scenario: string, saved?: SavedRun): Promise<Opened> {
  await beforeOpening();
  const opened = (await command("Opening the cluster", (simulation) =>
    simulation.open(scenario, saved),
  )) ?? { errors: LOST_REPORT.errors, ignored: [], journeys: [] };
  if (opened.errors.length === 0) showOpened();
  return opened;
}

/** A new run is in the mirror: nothing is followed yet, and the cluster lives. */
function showOpened(): void {
  resetPlayback();
  resetHistory();
  useSelection.getState().select(null);
  const { records } = useMirror.getState();
  useSession.setState(({ opened }) => ({
    phase: { kind: "running" },
    opened: opened + 1,
    refused: null,
    url: "",
    ...defaultEnds(records),
  }));
  play();
}

/** The worker was started again: the journey may be another object now. */
export function showRestarted(opened: Opened): void {
  const { journey } = usePlayback.getState();
  replaceJourney(opened.journeys.find((one) => one.id === journey?.id) ?? null);
  notify("error", "The simulation stopped and was restarted from its last state.");
}

/** Why the last request could not be sent: no longer true once another one is tried. */
let refusal = 0;

export async function send(): Promise<void> {
  const { from, to, phase, busy } = useSession.getState();
  if (phase.kind !== "running" || busy !== "") return;
  dismiss(refusal);
  if (to.trim() === "") {
    refusal = notify("error", "Choose where to send to, or type an address such as 10.96.0.1:443.");
    return;
  }
  const http = askedHttp();
  if (http === null) {
    refusal = notify("error", BAD_URL);
    return;
  }
  const report = await change("Sending", (simulation) => simulation.send(from, to.trim(), http));
  if (report?.ok) {
    useSession.setState({ refused: null });
    followJourney(report.journey);
    return;
  }
  const why = report?.why;
  useSession.setState({ refused: why ? { from, to: to.trim(), why } : null });
  if (why) showInspector("packet");
  refusal = notify("error", report?.error ?? LOST, hintsFor(report?.error ?? "", from));
}

/** Makes a probe or a health check, and follows its packets. */
export async function followCheck(purpose: CheckPurpose, when: "now" | "next"): Promise<void> {
  const { phase, busy } = useSession.getState();
  if (phase.kind !== "running" || busy !== "") return;
  const report = await change("Checking", (simulation) => simulation.followCheck(purpose, when));
  if (report?.ok) {
    followJourney(report.journey);
    showInspector("packet");
  } else notify("error", "Nothing was sent.", [report?.error ?? LOST]);
}

export const BAD_URL =
  "Not a URL or path: shop.example.com/cart, /cart and POST /cart are, without blanks.";

/** What a reader of the error may not know. */
function hintsFor(error: string, from: string): readonly string[] {
  if (!error.startsWith("Could not resolve host") || from.startsWith("pod/")) return [];
  return ["Only pods ask the cluster’s DNS: from here, names of Services mean nothing."];
}

/** Applies a YAML text. Lines and errors are the caller's to show. */
export async function applyYaml(yaml: string): Promise<ApplyReport> {
  const report = (await change("Applying", (simulation) => simulation.apply(yaml))) ?? LOST_REPORT;
  if (report.ok) await refreshJourney();
  return report;
}

export async function deleteObject(key: ObjectKey): Promise<ApplyReport> {
  const report = (await change("Deleting", (simulation) => simulation.delete(key))) ?? LOST_REPORT;
  if (report.ok) {
    notify("ok", report.lines.join(", "));
    await refreshJourney();
  } else notify("error", "Nothing was deleted.", report.errors.map(describeError));
  return report;
}

/** Asks for a change that needs no YAML. What is answered is the caller's to show. */
export async function request(order: ControlCommand): Promise<ApplyReport> {
  const report =
    (await change("Changing", (simulation) => simulation.control(order))) ?? LOST_REPORT;
  if (report.ok) await refreshJourney();
  return report;
}

/** The same, and shows the answer. */
export async function control(order: ControlCommand): Promise<void> {
  const report = await request(order);
  if (report.ok) notify("ok", report.lines.join(", "));
  else notify("error", "Nothing was changed.", report.errors.map(describeError));
}

/** What has not flown yet goes another way after an edit. */
export async function refreshJourney(): Promise<void> {
  const { journey } = usePlayback.getState();
  const { simulation } = useSession.getState();
  if (!journey || !simulation) return;
  const journeys = await simulation.journeys();
  const now = journeys.find((one) => one.id === journey.id) ?? null;
  // Another request may have been followed meanwhile.
  if (usePlayback.getState().journey === journey) replaceJourney(now);
}

/** A command that, carried out in the past, cuts off what came after: says so. */
async function change<T extends { readonly ok: boolean }>(
  busy: string,
  ask: (simulation: Simulation) => Promise<T>,
): Promise<T | undefined> {
  const { nowUs, horizonUs } = useMirror.getState();
  const report = await command(busy, ask);
  if (report?.ok && nowUs < horizonUs)
    notify(
      "info",
      "This was in the past: what came after it was cut off, and time goes on from here.",
    );
  return report;
}

/** Undefined when the worker died before it answered: the command is then not part of the run. */
async function command<T>(
  busy: string,
  ask: (simulation: Simulation) => Promise<T>,
): Promise<T | undefined> {
  const { simulation } = useSession.getState();
  if (!simulation) throw new Error("no simulation is connected");
  useSession.setState({ busy });
  const release = holdTime();
  try {
    return await ask(simulation);
  } catch (error) {
    if (!(error instanceof SimulationLost)) throw error;
    return undefined;
  } finally {
    release();
    useSession.setState({ busy: "" });
  }
}

const LOST = "The simulation stopped before this was done.";

const LOST_REPORT: ApplyReport = { ok: false, lines: [], errors: [{ message: LOST }], ignored: [] };

/** The document's own name for the page's title and top bar. */
export function useScenarioTitle(): string {
  return useMirror(({ records }) => titleIn(records));
}

export function scenarioTitle(): string {
  return titleIn(useMirror.getState().records);
}

function titleIn(records: MirrorRecords): string {
  const fabric = fabricOf(records);
  return fabric ? fabric.title || "Untitled cluster" : "";
}
