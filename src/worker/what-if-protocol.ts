/** Calls about what load does, and about what could be. Everything here survives structured clone. */
import type { ObjectKey } from "../core/api/types";
import type { RecentRequest, TrafficState } from "../core/cluster/traffic";
import type { WayStep } from "../core/cluster/ways";
import type { HttpOptions } from "../core/net/http-message";
import type { Verdict } from "../core/trace/verdict";
import type { ComparableEdit } from "../share/shared-moment";
import type { DocumentError, JourneyView, MirrorRecord, PathsReport, WhyNot } from "./protocol";

export type {
  FailedRequest,
  OutcomeCount,
  Tally,
  TrafficBucket,
  TrafficMark,
} from "../core/cluster/traffic-tally";
export type { RecentRequest, TrafficState, WayStep };

/** One way that a request could go from here. */
export interface WayView {
  /** Names it to `way`, as long as the world does not move on. */
  readonly index: number;
  /** Exact. */
  readonly probability: number;
  readonly verdict: Verdict;
  /** What is behind a verdict that is not `delivered`. */
  readonly why?: Pick<WhyNot, "code" | "title" | "cause">;
  /** `pod/default/kuard-x`; null unless delivered. */
  readonly server: string | null;
  /** The turns that lead there; none where nothing is left to chance. */
  readonly steps: readonly WayStep[];
  /** Where its first packet goes. See core/trace/place. */
  readonly places: readonly string[];
}

export type Prediction =
  | {
      readonly ok: true;
      /** Names this prediction to `way`. */
      readonly id: number;
      readonly atUs: number;
      readonly from: string;
      readonly to: string;
      /** The likeliest first; no more than MAX_LISTED_WAYS. */
      readonly ways: readonly WayView[];
      /** Of all ways, listed or not. */
      readonly count: number;
    }
  | {
      readonly ok: false;
      readonly error: string;
      readonly why?: NonNullable<WayView["why"]>;
    };

/** A change to try out. */
export type Edit = ComparableEdit;

export interface CompareRequest {
  readonly from: string;
  readonly to: string;
  readonly edit: Edit;
  /** Moment of the run at which it is tried. */
  readonly atUs: number;
  /** The request is sent so long after the change. */
  readonly afterUs: number;
}

export interface ComparedRun {
  readonly sent:
    | { readonly ok: true; readonly journey: JourneyView }
    | { readonly ok: false; readonly error: string };
  /** Where such a request ends, and how often. */
  readonly outcomes: PathsReport;
}

export type CompareReport =
  | { readonly ok: true; readonly without: ComparedRun; readonly changed: ComparedRun }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** Something that came, went or became something else between two moments. */
export interface Effect {
  readonly change: "added" | "removed" | "changed";
  readonly what: "object" | "field" | "load balancer" | "rules" | "DNS record";
  /** The object itself, or those it is about, the most telling first. */
  readonly about: readonly ObjectKey[];
  /** Of a DNS record or a field. */
  readonly name?: string;
  /** Of a field. */
  readonly before?: string;
  readonly after?: string;
  /** Of rules: how many, and where. */
  readonly count?: number;
  readonly node?: string;
}

export interface WhatIfCalls {
  /** Loads under way and their counts; undefined when nothing has changed since this was last asked. */
  traffic(): Promise<TrafficState | undefined>;
  /** Every way that a request could go at the moment shown. Nothing is sent. */
  predict(from: string, to: string, http?: HttpOptions): Promise<Prediction>;
  /** The hops of one way of the latest prediction: a possibility. Undefined when another prediction was made since. */
  way(prediction: number, index: number): Promise<JourneyView | undefined>;
  /** What the page would mirror at another moment of the run; the one that is shown stays. */
  recordsAt(atUs: number): Promise<readonly MirrorRecord[]>;
  /** What has come and gone since then. */
  effects(sinceUs: number): Promise<readonly Effect[]>;
  /** The same request with and without a change, on copies of the run. */
  compare(request: CompareRequest): Promise<CompareReport>;
}
