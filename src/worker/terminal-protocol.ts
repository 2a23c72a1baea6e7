/** What the page and the worker say to each other about terminals. */

/** The worker's calls into the page for one terminal. */
export interface TerminalEvents {
  onOutput(text: string): Promise<void> | void;
  /** The line that runs waits for virtual time to pass. */
  onWaiting(): void;
  /** The line that runs has sent its first request. No time passes until this resolves: the page may follow it. */
  onSent(request: SentRequest): Promise<void> | void;
  /** Opens an editor; undefined when it was left without saving. */
  editText(title: string, text: string): Promise<string | undefined>;
}

export interface TerminalState {
  readonly id: number;
  /** As `formatPlace` writes it: where the next line runs. */
  readonly place: string;
  readonly prompt: string;
  /** Its last shell was left. */
  readonly closed: boolean;
  readonly exitCode: number;
}

export type TerminalOpened =
  | { readonly ok: true; readonly state: TerminalState }
  | { readonly ok: false; readonly error: string };

/** A request that a line sent, to be followed. */
export interface SentRequest {
  /** Number of the journey. */
  readonly journey: number;
  readonly from: string;
  readonly to: string;
}

export type LineAnswer =
  /** The text goes on in another line: nothing ran. */
  | { readonly kind: "more" }
  /** The terminal is not there any more. */
  | { readonly kind: "gone" }
  | {
      readonly kind: "ended";
      readonly state: TerminalState;
      /** What was typed meanwhile and no program has read: it is for the shell. */
      readonly unread: string;
      /** Virtual time. */
      readonly tookUs: number;
      /** The first of them. */
      readonly sent: readonly SentRequest[];
      /** It changed the cluster. */
      readonly changed: boolean;
      /** It did so in the past: what came after was cut off. */
      readonly cutOff: boolean;
    };

export interface LineCompletion {
  /** Offset of what is to be replaced, up to the cursor. */
  readonly from: number;
  readonly candidates: readonly string[];
}

export type TerminalMessage =
  /** Ctrl-C. */
  | { readonly type: "interrupt" }
  /** What a running program reads. */
  | { readonly type: "input"; readonly text: string }
  /** Ctrl-D while a program runs. */
  | { readonly type: "endInput" }
  | { readonly type: "close" };

export interface TerminalCalls {
  /** @param place as `formatPlace` writes it; a pod without a container means its first */
  openTerminal(place: string, columns: number, events: TerminalEvents): Promise<TerminalOpened>;
  /** Answers when the terminal waits for the next line. Where the cluster is locked, nothing can be changed. */
  runLine(id: number, line: string, locked: boolean): Promise<LineAnswer>;
  completeLine(id: number, text: string, cursor: number): Promise<LineCompletion>;
  /** False where no program was there to take what was typed. */
  tellTerminal(id: number, message: TerminalMessage): Promise<boolean>;
}
