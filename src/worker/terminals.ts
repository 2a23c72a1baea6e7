import type { CommandResult, Command as WorldCommand } from "../core/cluster/command";
import type { Session } from "../core/cluster/session";
import type { Interrupt } from "../shell/interrupt";
import { needsMore } from "../shell/language/parse";
import { formatPlace, type Place, parsePlace } from "../shell/place";
import { ShellSystem } from "../shell/system";
import { Terminal } from "../shell/terminal";
import { TOOLS } from "../shell/tools";
import { passTime, Waits } from "../shell/waits";
import { WorldPort } from "../shell/world-port";
import { TerminalOutput } from "./terminal-output";
import type {
  LineAnswer,
  LineCompletion,
  SentRequest,
  TerminalEvents,
  TerminalMessage,
  TerminalOpened,
  TerminalState,
} from "./terminal-protocol";

const MAX_TERMINALS = 16;
/** Requests of a line that the page is told of. */
const MAX_TOLD_REQUESTS = 5;
const MAX_LINE_CHARACTERS = 100_000;
/** As a shell says it of what a signal killed: its place went away. */
const KILLED = 137;

/** What terminals need of the simulation. */
export interface TerminalHost {
  readonly session: Session;
  /** Carries a command out and puts it into the page's log. */
  execute(command: WorldCommand): CommandResult;
  publish(): void;
}

interface OpenTerminal {
  readonly id: number;
  readonly terminal: Terminal;
  readonly events: TerminalEvents;
  readonly output: TerminalOutput;
  line: RunningLine | undefined;
}

interface RunningLine {
  readonly sent: SentRequest[];
  changed: boolean;
  cutOff: boolean;
  toldWaiting: boolean;
}

/** Tells when somebody begins to wait for time to pass. */
class ObservedWaits extends Waits {
  constructor(readonly onWait: () => void) {
    super();
  }

  override wait(
    dueAtUs: number,
    condition: (() => boolean) | undefined,
    interrupt: Interrupt,
  ): Promise<boolean> {
    if (!condition?.()) this.onWait();
    return super.wait(dueAtUs, condition, interrupt);
  }
}

/** The terminals of one run: time passes for them as playback lets it. */
export class Terminals {
  readonly #host: TerminalHost;
  readonly #waits = new ObservedWaits(() => this.#tellWaiting());
  readonly #system: ShellSystem;
  readonly #open = new Map<number, OpenTerminal>();
  /** The page is asked whether it follows a request. */
  #asking: Promise<void> | undefined;
  /** A link said that the cluster may be watched and asked, not changed. */
  #locked = false;

  constructor(host: TerminalHost) {
    this.#host = host;
    this.#system = new ShellSystem(this.#portOf(undefined), TOOLS, turn);
  }

  /** What a terminal's programs ask is known to be its own. */
  #portOf(id: number | undefined): WorldPort {
    const host = this.#host;
    const executor = {
      get world() {
        return host.session.world;
      },
      execute: (command: WorldCommand) => this.#execute(id, command),
    };
    return new WorldPort(() => executor, this.#waits);
  }

  open(id: number, given: string, columns: number, events: TerminalEvents): TerminalOpened {
    if (this.#open.size >= MAX_TERMINALS)
      return { ok: false, error: `${MAX_TERMINALS} terminals are open: close one first` };
    const place = this.#findPlace(given);
    if (!place) return { ok: false, error: `there is no ${given}` };
    const wrong = this.#system.checkPlace(place);
    if (wrong !== undefined) return { ok: false, error: wrong };
    if (this.#system.userlandOf(place) === "none")
      return { ok: false, error: `the image of ${given} has no shell: nothing can be run in it` };
    const output = new TerminalOutput(events, () => terminal.interrupt());
    const terminal = new Terminal(this.#system, {
      place,
      interactive: true,
      columns,
      cluster: this.#portOf(id),
      onOutput: (_, text) => output.write(text),
      editText: (title, text) => events.editText(title, text),
    });
    const opened: OpenTerminal = { id, terminal, events, output, line: undefined };
    this.#open.set(id, opened);
    return { ok: true, state: stateOf(opened) };
  }

  async run(id: number, line: string, locked: boolean): Promise<LineAnswer> {
    const open = this.#open.get(id);
    if (!open || open.line) return { kind: "gone" };
    if (line.length <= MAX_LINE_CHARACTERS && needsMore(line)) return { kind: "more" };
    this.#locked = locked;
    const running: RunningLine = { sent: [], changed: false, cutOff: false, toldWaiting: false };
    const startedUs = this.#host.session.nowUs;
    open.output.begin();
    open.line = running;
    try {
      if (await this.#leaveLostPlaces(open)) await open.terminal.run(line);
    } finally {
      open.line = undefined;
    }
    const tookUs = Math.max(0, this.#host.session.nowUs - startedUs);
    await open.output.flush();
    this.#host.publish();
    const state = stateOf(open);
    if (state.closed) this.#open.delete(id);
    const { sent, changed, cutOff } = running;
    return {
      kind: "ended",
      state,
      unread: open.terminal.takeUnread(),
      tookUs,
      sent,
      changed,
      cutOff,
    };
  }

  complete(id: number, text: string, cursor: number): LineCompletion {
    const open = this.#open.get(id);
    if (!open || open.line || open.terminal.closed) return { from: cursor, candidates: [] };
    return open.terminal.complete(text, cursor);
  }

  /** False where no program was there to take what was typed. */
  tell(id: number, message: TerminalMessage): boolean {
    const open = this.#open.get(id);
    if (!open || open.terminal.closed) return false;
    switch (message.type) {
      case "interrupt":
        open.terminal.interrupt();
        break;
      case "input":
        return (
          open.line !== undefined && open.terminal.type(message.text.slice(0, MAX_LINE_CHARACTERS))
        );
      case "endInput":
        open.terminal.endInput();
        break;
      case "close":
        open.terminal.close();
        this.#open.delete(id);
        break;
    }
    return true;
  }

  /** Somebody waits for time to pass, or may: it has to pass event by event. */
  get areBusy(): boolean {
    return this.#waits.size > 0 || [...this.#open.values()].some(({ line }) => line);
  }

  /** Lets time pass, and with it what runs here. Another run makes `isStale` true. */
  async passTo(atUs: number, isStale: () => boolean): Promise<void> {
    // The page may follow the request from its first hop: what was to pass meanwhile it wants no longer.
    if (this.#asking) return this.#asking;
    const done = () => isStale() || this.#asking !== undefined;
    await passTime(() => this.#host.session, this.#waits, atUs, turn, done);
  }

  /** The run goes back in time: programs may not live on in another past. Shells stay, with their variables and files. */
  async endPrograms(why: string): Promise<void> {
    if (!this.areBusy) return;
    for (const { terminal, output, line } of this.#open.values()) {
      if (line) output.write(`\r\n# kubehop: ${why}\r\n`);
      terminal.close();
    }
    await turn();
  }

  /** Another run is open. */
  closeAll(): void {
    for (const { terminal } of this.#open.values()) terminal.close();
    this.#open.clear();
  }

  #execute(id: number | undefined, command: WorldCommand): CommandResult {
    const isRequest = command.type === "send";
    if (this.#locked && !isRequest) return LOCKED;
    const inPast = this.#host.session.nowUs < this.#host.session.horizonUs;
    const result = this.#host.execute(command);
    if (!result.ok) return result;
    const open = this.#open.get(id ?? -1);
    const { line } = open ?? {};
    if (!open || !line) return result;
    line.cutOff ||= inPast;
    if (!isRequest) line.changed = true;
    else if (result.journey !== undefined && line.sent.length < MAX_TOLD_REQUESTS) {
      const request = { journey: result.journey, from: command.from, to: command.to };
      line.sent.push(request);
      if (line.sent.length === 1) this.#tellSent(open, request);
    }
    return result;
  }

  /** Time stands still until the page has decided whether to follow it. */
  #tellSent({ events }: OpenTerminal, request: SentRequest): void {
    const asked = Promise.resolve(events.onSent(request)).catch(() => undefined);
    const asking = asked.then(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    this.#asking = asking;
  }

  #tellWaiting(): void {
    for (const { line, events } of this.#open.values()) {
      if (!line || line.toldWaiting) continue;
      line.toldWaiting = true;
      events.onWaiting();
    }
  }

  /** A pod that was deleted, a node without power: its shells end. Whether there is one left. */
  async #leaveLostPlaces({ terminal, output }: OpenTerminal): Promise<boolean> {
    while (!terminal.closed) {
      const { place } = terminal;
      if (this.#system.checkPlace(place) === undefined) return true;
      output.write(
        place.kind === "pod"
          ? `command terminated with exit code ${KILLED}\n`
          : `client_loop: send disconnect: Broken pipe\n`,
      );
      await terminal.run(`exit ${KILLED}`);
    }
    return false;
  }

  #findPlace(given: string): Place | undefined {
    const place = parsePlace(given);
    if (place?.kind !== "pod" || place.container !== "") return place;
    const pod = this.#host.session.world.store.find("Pod", place.namespace, place.name);
    return { ...place, container: pod?.spec.containers[0]?.name ?? "" };
  }
}

const LOCKED: CommandResult = {
  ok: false,
  refusals: [
    {
      index: 0,
      status: {
        reason: "Forbidden",
        code: 403,
        message:
          "editing is locked in this link: the cluster can be watched and asked, not changed",
      },
    },
  ],
};

function stateOf({ id, terminal }: OpenTerminal): TerminalState {
  const { closed, lastStatus: exitCode } = terminal;
  if (closed) return { id, closed, exitCode, place: "", prompt: "" };
  return { id, closed, exitCode, place: formatPlace(terminal.place), prompt: terminal.prompt };
}

/** A turn of the worker's event loop. setTimeout would wait four milliseconds. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
