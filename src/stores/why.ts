import { create } from "zustand";
import type { Fix } from "../core/cluster/why/why";
import type { WhyNot } from "../worker/protocol";
import { LOCKED_TEXT, useAccess } from "./access";
import { notify } from "./notices";
import { isUnderWay, play, usePlayback } from "./playback";
import { deleteObject, describeError, request, send, setFrom, setTo, useSession } from "./session";
import { runInTerminal } from "./terminals";

/** A request that came to nothing, or could not even be sent, and what is behind it. */
export interface Failure {
  readonly from: string;
  readonly to: string;
  readonly why: WhyNot;
  /** The first word of the verdict. */
  readonly kind: "refused" | "dropped" | "not sent";
  /** The kernel's, or the resolver's, own reason. */
  readonly reason?: string | undefined;
  readonly explanation?: string;
  /** Absent: not sent. */
  readonly sentAtUs?: number;
}

interface FixesState {
  /** The failure, by `failureKey`, whose ways out were taken, by their titles. */
  readonly of: string;
  readonly taken: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export const useFixes = create<FixesState>(() => ({ of: "", taken: NONE }));

export function failureKey({ from, to, why, sentAtUs = -1 }: Failure): string {
  return `${sentAtUs} ${from} ${to} ${why.code}`;
}

export function takenOf({ of, taken }: FixesState, failure: Failure): ReadonlySet<string> {
  return of === failureKey(failure) ? taken : NONE;
}

/** Something else is followed: what could not be sent is past. */
usePlayback.subscribe(({ journey }, before) => {
  if (journey !== before.journey && useSession.getState().refused)
    useSession.setState({ refused: null });
});

/** What is shown as failed now; a packet under way has not failed yet. */
export function currentFailure(): Failure | undefined {
  const { refused } = useSession.getState();
  if (refused) return { ...refused, kind: "not sent" };
  const playback = usePlayback.getState();
  const { journey } = playback;
  return journey?.why && !isUnderWay(playback) ? failureOf(journey) : undefined;
}

export function failureOf({
  from,
  to,
  why,
  verdict,
  sentAtUs,
}: NonNullable<ReturnType<typeof usePlayback.getState>["journey"]>): Failure | undefined {
  if (!why || verdict.kind === "delivered") return undefined;
  const { kind, reason, explanation } = verdict;
  const isSent = reason !== "LoadBalancerPending";
  return { from, to, why, kind: isSent ? kind : "not sent", reason, explanation, sentAtUs };
}

/** Does what a way out calls for; each edit can be undone. A request that is only asked otherwise is sent at once, one
 *  for which the cluster has changed when somebody sends it: controllers need a moment. */
export async function takeFix(failure: Failure, fix: Fix): Promise<void> {
  const { edits = [], command } = fix;
  if (edits.length > 0 && useAccess.getState().locked) return void notify("info", LOCKED_TEXT);
  for (const edit of edits) {
    const report = edit.type === "delete" ? await deleteObject(edit.key) : await asked(edit);
    if (!report.ok) {
      notify("error", "Nothing was changed.", report.errors.map(describeError));
      return;
    }
    if (edit.type !== "delete") notify("ok", report.lines.join(", "));
  }
  if (command !== undefined) runInTerminal(command);
  if (fix.send) {
    setFrom(fix.send.from);
    setTo(fix.send.to);
    if (edits.length === 0) await send();
  }
  if (edits.length === 0 && command === undefined) return;
  const taken = new Set([...takenOf(useFixes.getState(), failure), fix.title]);
  useFixes.setState({ of: failureKey(failure), taken });
  // Who has to hear of it needs time.
  play();
}

function asked(edit: Exclude<NonNullable<Fix["edits"]>[number], { type: "delete" }>) {
  return request(edit);
}

/** The same request once more, or as the way out that was taken has it. */
export async function sendAgain(failure: Failure): Promise<void> {
  const { from, to, why } = failure;
  const taken = takenOf(useFixes.getState(), failure);
  const fix = why.fix.find(({ title, send: other }) => other && taken.has(title));
  setFrom(fix?.send?.from ?? from);
  setTo(fix?.send?.to ?? to);
  await send();
}
