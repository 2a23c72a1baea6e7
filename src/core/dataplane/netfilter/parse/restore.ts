import type { Counter } from "../../plane";
import type { IpSets } from "../ipset";
import { type Rule, TABLE_NAMES, type Table, type TableName, tableOf } from "../rules";
import { findTableFaults } from "./check";
import { parseCommand } from "./command";
import { TableDraft } from "./edit";
import { IpSetDraft } from "./ip-sets";
import { parseRule } from "./rule";
import { RuleError } from "./rule-error";
import { splitWords } from "./words";

/** A text of more characters is not read: it may come from anybody. */
export const MAX_RESTORE_CHARACTERS = 4_000_000;
const MAX_RULES = 60_000;
const MAX_CHAINS = 30_000;
/** Source: iptables iptables-restore.c, the size of its line buffer. */
const MAX_LINE_CHARACTERS = 10_240;
const MAX_ERRORS = 50;

export interface RestoreError {
  /** 1-based. */
  readonly line: number;
  /** What is wrong, in iptables-restore's words where it has some. */
  readonly message: string;
}

export type Restored =
  | {
      readonly ok: true;
      /** Those that the text names, each of them whole. */
      readonly tables: Readonly<Partial<Record<TableName, Table>>>;
      /** What `[packets:bytes]` before a rule says; `iptables-restore -c` takes them over. */
      readonly counters: ReadonlyMap<Rule, Counter>;
      /** Sets that the text creates before its tables, as `ipset save` prints them. */
      readonly sets: IpSets;
    }
  | { readonly ok: false; readonly errors: readonly RestoreError[] };

/** Reads the text of iptables-save, or what somebody wrote for iptables-restore: all of it, or nothing. The text of
 *  `ipset save` may stand before it. `sets`: those that are there already. */
export function parseRestore(text: string, sets: IpSets = new Map()): Restored {
  if (text.length > MAX_RESTORE_CHARACTERS) {
    const message = `the text is longer than ${MAX_RESTORE_CHARACTERS} characters`;
    return { ok: false, errors: [{ line: 1, message }] };
  }
  const reader = new RestoreReader(sets);
  reader.read(text);
  return reader.result();
}

class RestoreReader {
  readonly #sets: IpSets;
  readonly #errors: RestoreError[] = [];
  readonly #tables: Partial<Record<TableName, Table>> = {};
  readonly #counters = new Map<Rule, Counter>();
  readonly #lines = new Map<Rule, number>();
  readonly #created = new IpSetDraft();
  #draft: TableDraft | undefined;
  /** Up to its COMMIT: there is no such table. */
  #isSkipping = false;
  #ruleCount = 0;

  constructor(sets: IpSets) {
    this.#sets = sets;
  }

  read(text: string): void {
    const lines = text.split("\n");
    if (lines.at(-1) === "") lines.pop();
    lines.forEach((line, index) => {
      if (this.#errors.length < MAX_ERRORS) this.#readLine(line.replace(/\r$/, ""), index + 1);
    });
    if (this.#draft) this.#fail(lines.length + 1, `COMMIT expected at line ${lines.length + 1}`);
    else if (Object.keys(this.#tables).length === 0 && this.#errors.length === 0)
      this.#fail(1, "there is no table in this text: it starts with *filter, *nat …");
  }

  result(): Restored {
    return this.#errors.length > 0
      ? { ok: false, errors: this.#errors.sort((a, b) => a.line - b.line) }
      : {
          ok: true,
          tables: this.#tables,
          counters: this.#counters,
          sets: this.#created.sets,
        };
  }

  #readLine(line: string, number: number): void {
    if (line.length > MAX_LINE_CHARACTERS) {
      this.#fail(number, `the line is longer than ${MAX_LINE_CHARACTERS} characters`);
      return;
    }
    if (/^\s*(#.*)?$/.test(line)) return;
    try {
      if (this.#isSkipping) this.#isSkipping = !COMMIT.test(line);
      else if (this.#draft) this.#readInTable(this.#draft, line, number);
      else if (IpSetDraft.isLine(line)) this.#created.readLine(line);
      else this.#start(line, number);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      this.#fail(number, error.message);
    }
  }

  #start(line: string, number: number): void {
    if (!line.startsWith("*")) throw new RuleError(`line ${number} failed: no table yet (*filter)`);
    const name = line.slice(1).trim().split(/\s/)[0] ?? "";
    const table = TABLE_NAMES.find((candidate) => candidate === name);
    this.#isSkipping = !table;
    if (!table) throw new RuleError(`line ${number} table name '${name}' invalid`);
    this.#draft = new TableDraft(table);
  }

  #readInTable(draft: TableDraft, line: string, number: number): void {
    if (COMMIT.test(line)) this.#commit(draft, number);
    else if (line.startsWith(":")) this.#declare(draft, line, number);
    else this.#command(draft, line, number);
  }

  #declare(draft: TableDraft, line: string, number: number): void {
    const [name = "", policy, counters] = line.slice(1).trim().split(/\s+/);
    if (name === "") throw new RuleError(`line ${number} chain name invalid`);
    if (policy === undefined) throw new RuleError(`line ${number} policy invalid`);
    if (counters !== undefined && !COUNTERS.test(counters))
      throw new RuleError(`invalid policy counters for chain '${name}'`);
    draft.declare(name, policy);
    if (draft.chainCount > MAX_CHAINS) throw new RuleError(`more than ${MAX_CHAINS} chains`);
  }

  #command(draft: TableDraft, line: string, number: number): void {
    const { rest, counter } = splitCounters(line.trim(), number);
    const command = parseCommand(splitWords(rest));
    if (!command.name.match(/append|insert|replace|delete$/) || isByPosition(command)) {
      draft.apply(command, []);
      return;
    }
    const findSet = (name: string) => this.#created.find(name) ?? this.#sets.get(name);
    const parsed = parseRule(command.rest, command.chain ?? "", findSet);
    if (parsed.isForIpv6) return;
    this.#ruleCount += parsed.rules.length;
    if (this.#ruleCount > MAX_RULES) throw new RuleError(`more than ${MAX_RULES} rules`);
    draft.apply(command, parsed.rules);
    const counted = parsed.counter ?? counter;
    for (const rule of parsed.rules) {
      this.#lines.set(rule, number);
      if (counted) this.#counters.set(rule, counted);
    }
  }

  /** A table that is given twice is what its last part says. */
  #commit(draft: TableDraft, number: number): void {
    this.#draft = undefined;
    const table = tableOf(draft.table, draft.chains);
    for (const { chain, position, message } of findTableFaults(table)) {
      const rule = table.chains.get(chain)?.rules[position];
      this.#fail((rule && this.#lines.get(rule)) ?? number, message);
    }
    this.#tables[draft.table] = table;
  }

  #fail(line: number, message: string): void {
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ line, message });
  }
}

const COMMIT = /^COMMIT\s*$/;
const COUNTERS = /^\[(\d{1,20}):(\d{1,20})\]$/;

/** `[packets:bytes] -A …`. */
function splitCounters(
  line: string,
  number: number,
): { readonly rest: string; readonly counter?: Counter } {
  if (!line.startsWith("[")) return { rest: line };
  const end = line.indexOf("]");
  if (end < 0) throw new RuleError(`Bad line ${number}: need ]`);
  const match = COUNTERS.exec(line.slice(0, end + 1));
  if (!match) throw new RuleError(`Bad line ${number}: need [packets:bytes]`);
  return {
    rest: line.slice(end + 1),
    counter: { packets: Number(match[1]), bytes: Number(match[2]) },
  };
}

function isByPosition({ name, position }: ReturnType<typeof parseCommand>): boolean {
  return name === "delete" && position !== undefined;
}
