import {
  badRequest,
  type CommandResult,
  type EditCommand,
  type HistoryCommand,
  type HistoryEntry,
  type UndoneEntry,
} from "./command";
import { inverseOf, type Present } from "./inverse";

/** Edits that can be taken back. */
const MAX_HISTORY = 200;

/** Where an edit is carried out. */
interface EditPlace extends Present {
  readonly nowUs: number;
  edit(command: EditCommand): CommandResult;
}

/** Edits that were done, and those that were taken back. */
export class EditHistory {
  #done: readonly HistoryEntry[] = [];
  #undone: readonly UndoneEntry[] = [];
  #lastId = 0;

  constructor(from?: EditHistory) {
    if (!from) return;
    this.#done = from.#done;
    this.#undone = from.#undone;
    this.#lastId = from.#lastId;
  }

  fork(): EditHistory {
    return new EditHistory(this);
  }

  /** The latest last. */
  get done(): readonly HistoryEntry[] {
    return this.#done;
  }

  /** The next to redo last. */
  get undone(): readonly UndoneEntry[] {
    return this.#undone;
  }

  execute(command: EditCommand | HistoryCommand, place: EditPlace): CommandResult {
    switch (command.type) {
      case "undo": {
        const last = this.#done.at(-1);
        if (!last) return badRequest("there is nothing to undo");
        const again = againOf(place, last);
        const result = place.edit(last.inverse);
        if (!result.ok) return result;
        this.#done = this.#done.slice(0, -1);
        this.#undone = [...this.#undone, { ...last, again }];
        return result;
      }
      case "redo": {
        const next = this.#undone.at(-1);
        if (!next) return badRequest("there is nothing to redo");
        const result = this.#editKept(place, next.command, next.again, next.id);
        if (result.ok) this.#undone = this.#undone.slice(0, -1);
        return result;
      }
      default: {
        const result = this.#editKept(place, command);
        if (result.ok) this.#undone = [];
        return result;
      }
    }
  }

  /** `means`: what is done for `command`, where it is not the command itself. */
  #editKept(
    place: EditPlace,
    command: EditCommand,
    means = command,
    id = this.#lastId + 1,
  ): CommandResult {
    const inverse = inverseOf(place, means);
    const result = place.edit(means);
    if (result.ok && inverse) {
      this.#lastId = Math.max(this.#lastId, id);
      const done = [...this.#done, { id, atUs: place.nowUs, command, inverse }];
      this.#done = done.slice(-MAX_HISTORY);
    }
    return result;
  }
}

/** What brings an edit's effect again, with the same names and addresses. A node is drained of whoever is on it then. */
function againOf(present: Present, { command, inverse }: HistoryEntry): EditCommand {
  return command.type === "drain" ? command : (inverseOf(present, inverse) ?? command);
}
