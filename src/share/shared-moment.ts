import type {
  CheckCommand,
  HistoryCommand,
  KernelCommand,
  SharedEdit,
} from "../core/cluster/command";
import type { JourneyOptions } from "../core/cluster/connection";
import type { TrafficCommand } from "../core/cluster/traffic";
import type { Follow } from "../core/trace/follow";

/** A user's action, as the command log and a link keep it: plain data. What is added here, read-command reads. */
export type Command =
  | SharedEdit
  | KernelCommand
  | TrafficCommand
  | HistoryCommand
  | CheckCommand
  | { readonly type: "apply"; readonly yaml: string }
  | {
      readonly type: "send";
      readonly from: string;
      readonly to: string;
      readonly options?: SendOptions;
    };

/** How a program sends its request, where that is not the usual way. */
export type SendOptions = Omit<JourneyOptions, "check" | "counted" | "hangUp" | "throughGateways">;

export interface LoggedCommand {
  /** Virtual microseconds. */
  readonly atUs: number;
  readonly command: Command;
}

/** Enough to get back to a moment: open the scenario, run the log, stop at `atUs`. */
export interface SavedRun {
  readonly scenario: string;
  readonly log: readonly LoggedCommand[];
  readonly atUs: number;
}

export const PANELS = ["objects", "dock", "inspector"] as const;
export type PanelName = (typeof PANELS)[number];

/** What a link carries: a moment of a run, and how it was looked at. */
export interface SharedMoment {
  readonly run: SavedRun;
  readonly followed?: FollowedMoment;
  /** Who sends to whom in the send bar, where that is not the followed packet's or the usual. */
  readonly ends?: Ends;
  /** The comparison that is shown. */
  readonly compared?: ComparedMoment;
  /** Object that is selected. */
  readonly selected?: string;
  /** What the panels show. */
  readonly tabs?: TabsShown;
  readonly viewport?: Viewport;
  /** Where boxes of the canvas were dragged to. */
  readonly positions?: readonly BoxPosition[];
  /** Of playback, where it is not 1. */
  readonly speed?: number;
  readonly options?: ShareOptions;
}

/** The followed packet, and the hop that is shown. */
export interface FollowedMoment {
  /** Number of the journey: the same commands give it the same. -1: none that was sent. */
  readonly request: number;
  /** One way that a request between `ends` could go at that moment: its number, the likeliest first. */
  readonly way?: number;
  readonly follow: Follow;
  /** Index in the followed hops; -1: none yet. */
  readonly hop: number;
}

/** As the CLI's SRC and DST. */
export interface Ends {
  readonly from: string;
  readonly to: string;
  /** What is asked of a web server: `shop.example.com/cart`. */
  readonly url?: string;
}

/** The same request with and without a change. */
export interface ComparedMoment extends Ends {
  readonly edit: ComparableEdit;
  /** In words. */
  readonly change: string;
  readonly atUs: number;
  readonly afterUs: number;
}

/** What can be tried on a copy of the run: what the page can do to the cluster, save sending. */
export type ComparableEdit = Exclude<
  Command,
  KernelCommand | TrafficCommand | HistoryCommand | CheckCommand | { type: "send" }
>;

/** Names of tabs, and of the node whose tables are shown. Those who show them know which there are. */
export interface TabsShown {
  readonly inspector?: string;
  readonly dock?: string;
  readonly node?: string;
}

/** The point of the canvas in the middle of the view. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export type BoxPosition = readonly [id: string, x: number, y: number];

export interface ShareOptions {
  /** false: time goes on at once. Otherwise it stands still until somebody presses play. */
  readonly paused?: boolean;
  /** Panels that are closed at first. */
  readonly hide?: readonly PanelName[];
  /** The cluster cannot be changed, only watched and asked. */
  readonly locked?: boolean;
}
