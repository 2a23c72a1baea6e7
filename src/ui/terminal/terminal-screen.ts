import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { useAccess } from "../../stores/access";
import { useAutoFollow } from "../../stores/auto-follow";
import { isUnderWay, pause, play, usePlayback } from "../../stores/playback";
import { refreshJourney, useSession } from "../../stores/session";
import { useTheme } from "../../stores/theme";
import type {
  LineAnswer,
  SentRequest,
  TerminalMessage,
  TerminalState,
} from "../../worker/terminal-protocol";
import { monoFont, placedPrompt, terminalTheme } from "./colours";
import { followAsSent, followLink, skipToEnd } from "./follow-link";
import { type LineAction, LineEditor } from "./line-editor";
import { LineHistory } from "./line-history";
import { LinePainter } from "./line-painter";
import { linkProvider } from "./link-provider";
import { changeScreen, findScreen } from "./screens";

const SCROLLBACK_LINES = 5_000;
const MAX_SHOWN_CANDIDATES = 100;
const CONTINUED = "> ";
const ESC = "\x1b";
/** Of keys such as the arrows: they are the line editor's, no program's. */
const SEQUENCES = new RegExp(`${ESC}(?:\\[[0-9;]*[A-Za-z~]|O[A-Z]|.)?`, "g");

const history = new LineHistory();

/** One terminal on the screen: xterm, the line that is edited, and the shell in the worker. */
export class TerminalScreen {
  readonly #key: number;
  readonly #term: Terminal;
  readonly #fit = new FitAddon();
  readonly #painter = new LinePainter();
  readonly #stops: (() => void)[] = [];
  #line = new LineEditor(history);
  #state: TerminalState | undefined;
  /** Lines of a command that goes on. */
  #begun = "";
  #isEditing = false;
  /** What is typed at a program that reads the keyboard, until Enter. */
  #typed = "";
  /** Lines to run, one after the other. */
  #asked: string[] = [];
  /** The same since the last Enter, with all its keys: the line editor gets them where no program did. */
  #keysAhead = "";
  /** A packet of the line that runs is followed. */
  #follows = false;
  /** The cursor stands at the start of a row. */
  #atStart = true;

  constructor(key: number, onLeave: () => void) {
    this.#key = key;
    this.#term = new Terminal({
      convertEol: true,
      cursorBlink: false,
      fontFamily: monoFont(),
      fontSize: matchMedia("(max-width: 760px)").matches ? 11 : 13,
      screenReaderMode: true,
      scrollback: SCROLLBACK_LINES,
      theme: terminalTheme(),
      minimumContrastRatio: 4.5,
    });
    this.#term.loadAddon(this.#fit);
    this.#term.onData((data) => this.#onData(data));
    this.#term.registerLinkProvider(
      linkProvider(this.#term, (target) => void followLink(target, this.#state?.place ?? "")),
    );
    this.#term.attachCustomKeyEventHandler((event) => this.#onKey(event, onLeave));
    const wear = () => {
      this.#term.options.theme = terminalTheme();
    };
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", wear);
    this.#stops.push(
      useTheme.subscribe(() => requestAnimationFrame(wear)),
      () => dark.removeEventListener("change", wear),
    );
  }

  /** Shows it there, now and whenever that changes its size. Returns how to take it away. */
  mount(parent: HTMLElement): () => void {
    if (this.#term.element) parent.append(this.#term.element);
    else {
      this.#term.open(parent);
      this.#takeInsertedText();
    }
    const resize = () => {
      if (parent.clientWidth > 0 && parent.clientHeight > 0) this.#fit.fit();
      if (this.#isEditing) this.#draw();
    };
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(parent);
    return () => {
      observer.disconnect();
      this.#term.element?.remove();
    };
  }

  /** What comes without a key (an emoji's picker, dictation) xterm leaves out in its mode for screen readers. */
  #takeInsertedText(): void {
    const { textarea } = this.#term;
    let isKeyDown = false;
    textarea?.addEventListener("keydown", () => {
      isKeyDown = true;
    });
    textarea?.addEventListener("keyup", () => {
      isKeyDown = false;
    });
    textarea?.addEventListener("input", (event) => {
      if (!(event instanceof InputEvent) || event.isComposing || isKeyDown) return;
      if (event.inputType === "insertText" && event.data) this.#onData(event.data);
    });
  }

  focus(): void {
    this.#term.focus();
  }

  async open(place: string): Promise<void> {
    const { simulation } = useSession.getState();
    const opened = await simulation?.openTerminal(place, this.#term.cols, {
      onOutput: (text) => this.#print(text),
      onWaiting: () => this.#onWaiting(),
      onSent: (request) => this.#onSent(request),
      editText: (title, text) => this.#editText(title, text),
    });
    if (!opened?.ok) return this.end(opened?.error ?? "there is no cluster");
    this.#become(opened.state);
  }

  /** Runs a line as if it were typed, after what runs now. */
  ask(line: string): void {
    this.#asked.push(line);
    this.focus();
    if (this.#isEditing) this.#runAsked();
  }

  /** As the keys of a screen without them. */
  press(data: string): void {
    this.#onData(data);
    this.focus();
  }

  /** It cannot be used any more. */
  end(why: string): void {
    this.#eraseLine();
    this.#print(`\x1b[2m# kubehop: ${why}: this terminal has ended\x1b[0m\n`);
    changeScreen(this.#key, { status: "closed", waits: false });
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    if (this.#state) void this.#tell({ type: "close" });
    this.#term.dispose();
  }

  #become(state: TerminalState): void {
    this.#state = state;
    if (state.closed) {
      this.#print(`\x1b[2m# kubehop: exit ${state.exitCode}: this terminal has ended\x1b[0m\n`);
      changeScreen(this.#key, { status: "closed", waits: false });
      return;
    }
    changeScreen(this.#key, { status: "ready", waits: false, place: state.place });
    this.#startLine();
  }

  #startLine(): void {
    if (!this.#atStart) this.#print("\n");
    this.#line = new LineEditor(history);
    this.#isEditing = true;
    // What is written takes its time to be on the screen; so does the cursor.
    this.#draw();
    this.#takeTyped();
    this.#runAsked();
  }

  /** What was typed ahead: whole lines run, the rest is being typed. */
  #takeTyped(): void {
    const lines = this.#typed.split("\n");
    this.#typed = lines.pop() ?? "";
    this.#asked.push(...lines);
    // What comes behind whole lines waits until they have run.
    if (this.#asked.length > 0) return;
    const keys = this.#keysAhead;
    this.#typed = "";
    this.#keysAhead = "";
    this.#draw();
    if (keys !== "") this.#onData(keys);
  }

  #runAsked(): void {
    const line = this.#asked.shift();
    if (line === undefined) return;
    this.#line.set(line);
    this.#draw();
    void this.#submit();
  }

  #draw(): void {
    const { text, cursor, searchPrompt } = this.#line;
    const { prompt = "", place = "" } = this.#state ?? {};
    const shown = searchPrompt ?? (this.#begun ? CONTINUED : placedPrompt(prompt, place));
    this.#term.write(this.#painter.draw(shown, text, cursor, this.#term.cols));
  }

  #eraseLine(): void {
    if (this.#isEditing) this.#term.write(this.#painter.erase(this.#term.cols));
    this.#isEditing = false;
  }

  /** What jobs print while a line is typed stands above it. */
  #print(text: string): void {
    const edits = this.#isEditing;
    this.#eraseLine();
    this.#term.write(text);
    this.#atStart = /(?:\n|\[2J|\[H)$/.test(text);
    if (!edits) return;
    if (!this.#atStart) this.#term.write("\n");
    this.#isEditing = true;
    this.#draw();
  }

  #onData(data: string): void {
    const status = findScreen(this.#key)?.status;
    if (this.#isEditing) {
      const before = this.#line;
      this.#line.take(data, (action) => void this.#act(action));
      if (this.#isEditing && before === this.#line) this.#draw();
    } else if (status === "running") this.#typeAtProgram(data);
  }

  async #act(action: LineAction): Promise<void> {
    switch (action) {
      case "submit":
        return this.#submit();
      case "complete":
        return this.#complete();
      case "clear":
        this.#eraseLine();
        this.#term.clear();
        this.#term.write("\x1b[H\x1b[2J");
        this.#isEditing = true;
        return this.#draw();
      case "interrupt":
        this.#draw();
        this.#term.write(`^C${this.#painter.finish(this.#term.cols)}`);
        this.#begun = "";
        return this.#startLine();
      case "end":
        this.#line.set("exit");
        this.#draw();
        return this.#submit();
    }
  }

  async #submit(): Promise<void> {
    const { simulation } = useSession.getState();
    const { id } = this.#state ?? {};
    if (!simulation || id === undefined) return;
    this.#line.endSearch();
    this.#draw();
    this.#term.write(this.#painter.finish(this.#term.cols));
    this.#atStart = true;
    this.#isEditing = false;
    const text = this.#begun + this.#line.text;
    if (text.trim() === "") return this.#startLine();
    const wasPlaying = usePlayback.getState().playing;
    this.#follows = false;
    changeScreen(this.#key, { status: "running", sent: [], tookUs: 0, cutOff: false });
    let answer: LineAnswer;
    try {
      answer = await simulation.runLine(id, text, useAccess.getState().locked);
    } catch {
      return this.end("the simulation was started again");
    }
    // Another run closes its terminals: this one's worker has died.
    if (answer.kind === "gone") return this.end("the simulation was started again");
    if (answer.kind === "more") {
      this.#begun = `${text}\n`;
      changeScreen(this.#key, { status: "ready" });
      return this.#startLine();
    }
    history.add(text);
    this.#begun = "";
    if (findScreen(this.#key)?.waits && !wasPlaying) pause();
    const { sent, cutOff, changed, state, tookUs, unread } = answer;
    this.#typed = unread + this.#typed;
    changeScreen(this.#key, { sent, cutOff, tookUs });
    if (changed || cutOff) await refreshJourney();
    if (sent.length > 0) this.#offerToFollow(sent.map(({ journey }) => journey));
    this.#become(state);
  }

  #offerToFollow(journeys: readonly number[]): void {
    if (!this.#atStart) this.#print("\n");
    const links = journeys.map((journey) => `\x1b[22;4m#${journey}\x1b[24;2m`).join(" ");
    this.#print(`\x1b[2m# kubehop: follow request ${links}\x1b[0m\n`);
  }

  /** Time has to pass for it: a cluster that stands still goes on until the line has ended. */
  #onWaiting(): void {
    changeScreen(this.#key, { waits: true });
    play();
  }

  /** A learner wants to see what the command does. Whoever follows something already goes on with that. */
  async #onSent({ journey }: SentRequest): Promise<void> {
    if (!useAutoFollow.getState().on || isUnderWay(usePlayback.getState())) return;
    this.#follows = true;
    await followAsSent(journey);
  }

  /** A program that reads gets its lines whole, as a terminal gives them. */
  #typeAtProgram(data: string): void {
    const isEnd = ["\r", "\x03", "\x04"].some((key) => data.includes(key));
    this.#keysAhead = isEnd ? "" : this.#keysAhead + data;
    for (const sign of data.replace(SEQUENCES, "")) {
      if (sign === "\x15") {
        this.#term.write("\b \b".repeat(this.#typed.length));
        this.#typed = "";
      } else if (sign === "\x03") {
        this.#term.write("^C\n");
        this.#atStart = true;
        this.#typed = "";
        void this.#tell({ type: "interrupt" });
      } else if (sign === "\r" && this.#skips() && this.#typed === "") {
        // Whoever has seen enough wants the answer: no program is told of it.
      } else if (sign === "\x04") void this.#tell({ type: "endInput" });
      else if (sign === "\r") {
        this.#term.write("\n");
        this.#atStart = true;
        void this.#send(`${this.#typed}\n`);
        this.#typed = "";
      } else if (sign === "\x7f") {
        if (this.#typed === "") continue;
        this.#typed = this.#typed.slice(0, -1);
        this.#term.write("\b \b");
      } else if (sign >= " ") {
        this.#typed += sign;
        this.#term.write(sign);
      }
    }
  }

  /** Enter takes the packet that this line's program waits for to its end. Whether there was one. */
  #skips(): boolean {
    if (!this.#follows || !isUnderWay(usePlayback.getState())) return false;
    skipToEnd();
    return true;
  }

  /** The program may have ended meanwhile. */
  async #send(text: string): Promise<void> {
    if (await this.#tell({ type: "input", text })) return;
    this.#typed = text + this.#typed;
    if (!this.#isEditing) return;
    this.#takeTyped();
    this.#runAsked();
  }

  async #tell(message: TerminalMessage): Promise<boolean> {
    const { simulation } = useSession.getState();
    if (!this.#state || !simulation) return true;
    // Where the simulation was started again there is no program any more.
    return simulation.tellTerminal(this.#state.id, message).catch(() => true);
  }

  async #complete(): Promise<void> {
    const { simulation } = useSession.getState();
    const line = this.#line;
    const { text, cursor } = line;
    if (!simulation || !this.#state) return;
    const before = this.#begun.length;
    const { from, candidates } = await simulation.completeLine(
      this.#state.id,
      this.#begun + text,
      before + cursor,
    );
    if (line !== this.#line || line.text !== text || line.cursor !== cursor || from < before)
      return;
    const [first] = candidates;
    if (first === undefined) return;
    if (candidates.length === 1) {
      line.replace(from - before, /[/=]$/.test(first) ? first : `${first} `);
      return this.#draw();
    }
    const common = commonStart(candidates);
    if (common.length > cursor - (from - before)) {
      line.replace(from - before, common);
      return this.#draw();
    }
    const shown = candidates.slice(0, MAX_SHOWN_CANDIDATES);
    const more = candidates.length - shown.length;
    this.#print(`${inColumns(shown, this.#term.cols)}${more > 0 ? `… ${more} more\n` : ""}`);
  }

  #editText(title: string, text: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const done = (edited: string | undefined) => {
        changeScreen(this.#key, { edit: null });
        resolve(edited);
      };
      changeScreen(this.#key, { edit: { title, text, done } });
    });
  }

  /** Esc and Shift+Tab leave the terminal; everything else is the terminal's. */
  #onKey(event: KeyboardEvent, onLeave: () => void): boolean {
    if (event.key === "Tab" && event.shiftKey) return false;
    if (event.key === "Escape" && event.type === "keydown") {
      event.preventDefault();
      if (this.#line.endSearch()) this.#draw();
      else onLeave();
      return false;
    }
    // A browser's own Ctrl+Shift+C opens its tools.
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "c") {
      event.preventDefault();
      if (event.type === "keydown" && this.#term.hasSelection())
        void navigator.clipboard?.writeText(this.#term.getSelection()).catch(() => undefined);
      return false;
    }
    const isCopy = (event.ctrlKey || event.metaKey) && event.key === "c";
    if (isCopy && this.#term.hasSelection()) return false;
    const isPaste = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
    return !isPaste;
  }
}

function commonStart(words: readonly string[]): string {
  let [start = ""] = words;
  for (const word of words) while (!word.startsWith(start)) start = start.slice(0, -1);
  return start;
}

function inColumns(words: readonly string[], columns: number): string {
  const width = Math.max(...words.map((word) => word.length)) + 2;
  const across = Math.max(1, Math.floor(columns / width));
  const down = Math.ceil(words.length / across);
  const rows = Array.from({ length: down }, (_, row) =>
    words
      .filter((_, index) => index % down === row)
      .map((word) => word.padEnd(width))
      .join("")
      .trimEnd(),
  );
  return `${rows.join("\n")}\n`;
}
