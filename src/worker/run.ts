import type { CommandResult, Command as WorldCommand } from "../core/cluster/command";
import { Session } from "../core/cluster/session";
import type { World } from "../core/cluster/world";
import { type ReadDocuments, readDocuments } from "../scenario/read-documents";
import { pageCommand, worldCommand } from "./page-command";
import type { Command, LoggedCommand, SavedRun } from "./protocol";

/** A session, and what is saved of it. */
export class Run {
  readonly session: Session;
  readonly #scenario: string;
  /** The commands as the page gave them, in the session's order: their YAML is what a saved run keeps. */
  #log: readonly LoggedCommand[] = [];

  constructor(scenario: string, settled: World) {
    this.#scenario = scenario;
    this.session = new Session(settled);
  }

  execute(command: Command, documents?: ReadDocuments): CommandResult {
    const result = this.session.execute(worldCommand(command, documents));
    if (result.ok) this.#keep(command);
    return result;
  }

  /** A command of the shell. */
  executeAsked(asked: WorldCommand): CommandResult {
    const result = this.session.execute(asked);
    if (result.ok) this.#keep(pageCommand(asked));
    return result;
  }

  /** Runs a saved run's commands, which may come from anybody; answers why some were refused and left out. */
  replay(saved: SavedRun): readonly string[] {
    const refused: string[] = [];
    for (const { atUs, command } of saved.log) {
      this.session.seek(atUs);
      const documents = command.type === "apply" ? readDocuments(command.yaml) : undefined;
      const mistake = documents?.errors[0]?.message;
      const result = mistake === undefined ? this.execute(command, documents) : undefined;
      if (!result) refused.push(mistake ?? "");
      else if (!result.ok) refused.push(result.refusals[0]?.status.message ?? "refused");
    }
    this.session.seek(saved.atUs);
    return refused;
  }

  save(): SavedRun {
    return { scenario: this.#scenario, log: this.#log, atUs: this.session.nowUs };
  }

  /** Into the log. The session's own says how many of the page's commands are still part of the run. */
  #keep(command: Command): void {
    const { log, nowUs } = this.session;
    this.#log = [...this.#log.slice(0, log.length - 1), { atUs: nowUs, command }];
  }
}
