import { create } from "zustand";
import type { HttpOptions } from "../core/net/http-message";
import type { TrafficState } from "../worker/what-if-protocol";
import { useMirror } from "./mirror";
import { notify } from "./notices";
import { isUnderWay, last, play, usePlayback } from "./playback";
import {
  askedHttp,
  BAD_URL,
  type ControlCommand,
  describeError,
  request,
  useSession,
} from "./session";

export const RATES = [1, 5, 10, 20, 50] as const;
export const BURST = { count: 100, intervalUs: 10_000 } as const;

/** As in core/cluster/traffic. */
const MAX_STEADY = 6_000;
/** Whoever stops it by hand stops it before. */
const MOST_OF_A_LOAD = MAX_STEADY - 100;

interface TrafficStore {
  /** Of the moment shown; undefined until it was asked for. */
  readonly traffic: TrafficState | undefined;
  /** Requests per second of the next steady load. */
  readonly perSecond: number;
}

export const useTraffic = create<TrafficStore>(() => ({ traffic: undefined, perSecond: 20 }));

export function setRate(perSecond: number): void {
  useTraffic.setState({ perSecond });
}

/** The steady load that runs at the moment shown. */
export function isLoadRunning({ traffic }: TrafficStore): boolean {
  return traffic?.loads.some(({ perSecond }) => perSecond !== undefined) ?? false;
}

/** Requests of loads that this node answered, or any node. */
export function answeredOn({ traffic }: TrafficStore, wanted?: string): number {
  const answers = (traffic?.tally.outcomes ?? []).filter(
    ({ verdict, node }) => verdict === "delivered" && node !== null && node === (wanted ?? node),
  );
  return answers.reduce((sum, { count }) => sum + count, 0);
}

/** A hundred requests within a second. */
export function sendBurst(): Promise<boolean> {
  return order((ends) => ({ type: "burst", ...ends, ...BURST }));
}

export function startLoad(): Promise<boolean> {
  const { perSecond } = useTraffic.getState();
  return order((ends) => ({ type: "startTraffic", ...ends, perSecond }));
}

export function stopLoad(): Promise<boolean> {
  return order(() => ({ type: "stopTraffic" }));
}

interface RequestEnds {
  readonly from: string;
  readonly to: string;
  readonly http?: HttpOptions;
}

async function order(make: (ends: RequestEnds) => ControlCommand): Promise<boolean> {
  const { from, to, phase, busy } = useSession.getState();
  if (phase.kind !== "running" || busy !== "") return false;
  const http = askedHttp();
  if (http === null) {
    notify("error", BAD_URL);
    return false;
  }
  const report = await request(make({ from, to: to.trim(), ...(http && { http }) }));
  if (!report.ok) {
    notify("error", "Nothing was sent.", report.errors.map(describeError));
    return false;
  }
  // A followed packet slows time down: it is seen to its end first.
  if (isUnderWay(usePlayback.getState())) last();
  play();
  return true;
}

/** A steady load has its end, too, so that a kept run can be opened again: that is said. */
function sayEnded(before: TrafficState | undefined, now: TrafficState): void {
  for (const { id, perSecond, sent } of before?.loads ?? []) {
    if (perSecond === undefined || now.loads.some((load) => load.id === id)) continue;
    if (sent < MOST_OF_A_LOAD || now.tally.sent < sent) continue;
    notify("info", `The steady load has ended after ${MAX_STEADY.toLocaleString("en")} requests.`);
  }
}

/** Asks for the counts whenever the simulation has moved on; at most one question at a time. Returns how to stop. */
export function watchTraffic(): () => void {
  let asking = false;
  let moved = false;
  const ask = () => {
    const { simulation, phase } = useSession.getState();
    moved = true;
    if (asking || !simulation || phase.kind !== "running") return;
    asking = true;
    moved = false;
    simulation
      .traffic()
      .then((traffic) => {
        if (!traffic) return;
        sayEnded(useTraffic.getState().traffic, traffic);
        useTraffic.setState({ traffic });
      })
      // The worker is being restarted: the next update asks again.
      .catch(() => undefined)
      .finally(() => {
        asking = false;
        if (moved) ask();
      });
  };
  ask();
  return useMirror.subscribe(ask);
}
