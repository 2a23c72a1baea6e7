import { formatRule } from "../print";
import { BUILT_IN_CHAINS, type Chain, type Rule, type TableName } from "../rules";
import type { CommandLine } from "./command";
import { isVerdict } from "./modules";
import { RuleError } from "./rule-error";

const MAX_CHAIN_NAME = 28;

/** One table's chains while a text is read: what each line does to them, in the kernel's words where it cannot. */
export class TableDraft {
  readonly table: TableName;
  readonly #chains = new Map<string, { policy?: "ACCEPT" | "DROP"; rules: Rule[] }>();

  constructor(table: TableName, chains: Iterable<Chain> = []) {
    this.table = table;
    for (const hook of BUILT_IN_CHAINS[table])
      this.#chains.set(hook, { policy: "ACCEPT", rules: [] });
    for (const { name, policy, rules } of chains)
      this.#chains.set(name, { ...(policy && { policy }), rules: [...rules] });
  }

  get chains(): readonly Chain[] {
    return [...this.#chains].map(([name, chain]) => ({ name, ...chain }));
  }

  get chainCount(): number {
    return this.#chains.size;
  }

  isBuiltIn(chain: string): boolean {
    return (BUILT_IN_CHAINS[this.table] as readonly string[]).includes(chain);
  }

  /** `:NAME POLICY`. */
  declare(name: string, policy: string): void {
    if (this.isBuiltIn(name)) {
      if (policy !== "-") this.setPolicy(name, policy);
      return;
    }
    if (!this.#chains.has(name)) this.#create(name);
  }

  setPolicy(name: string, policy: string): void {
    if (!this.isBuiltIn(name)) throw new RuleError("Bad built-in chain name.");
    if (policy !== "ACCEPT" && policy !== "DROP") throw new RuleError("Bad policy name.");
    this.#get(name).policy = policy;
  }

  #create(name: string): void {
    if (name.startsWith("-") || name.startsWith("!"))
      throw new RuleError(`chain name not allowed to start with \`${name[0]}'`);
    if (name.length > MAX_CHAIN_NAME)
      throw new RuleError(
        `chain name \`${name}' too long (must be under ${MAX_CHAIN_NAME + 1} chars)`,
      );
    if (isVerdict(name)) throw new RuleError("chain name may not clash with target name");
    if (name === "" || /\s/.test(name)) throw new RuleError("Invalid chain name");
    this.#chains.set(name, { rules: [] });
  }

  /** Does what a command says, with the rules that it carries. */
  apply({ name, chain, position, policy }: CommandLine, rules: readonly Rule[]): void {
    switch (name) {
      case "append":
        this.#get(chain).rules.push(...rules);
        return;
      case "insert":
        this.#insert(chain, position ?? 1, rules);
        return;
      case "replace":
        this.#replace(chain, position ?? 1, rules);
        return;
      case "delete":
        this.#delete(chain ?? "", position, rules);
        return;
      case "flush":
        for (const one of chain === undefined ? [...this.#chains.keys()] : [chain])
          this.#get(one).rules = [];
        return;
      case "new-chain":
        if (this.#chains.has(chain ?? "")) throw new RuleError("Chain already exists.");
        this.#create(chain ?? "");
        return;
      case "delete-chain":
        this.#deleteChains(chain);
        return;
      case "policy":
        this.setPolicy(chain ?? "", policy ?? "");
        return;
      case "zero":
        return;
    }
  }

  #get(name: string | undefined): { policy?: "ACCEPT" | "DROP"; rules: Rule[] } {
    const chain = this.#chains.get(name ?? "");
    if (!chain) throw new RuleError("No chain/target/match by that name.");
    return chain;
  }

  #insert(name: string | undefined, position: number, rules: readonly Rule[]): void {
    const chain = this.#get(name);
    if (position > chain.rules.length + 1) throw new RuleError("Index of insertion too big.");
    chain.rules.splice(position - 1, 0, ...rules);
  }

  #replace(name: string | undefined, position: number, rules: readonly Rule[]): void {
    const chain = this.#get(name);
    if (rules.length > 1) throw new RuleError("Replacement rule does not specify a unique address");
    if (position > chain.rules.length) throw new RuleError("Index of replacement too big.");
    chain.rules.splice(position - 1, 1, ...rules);
  }

  #delete(name: string, position: number | undefined, rules: readonly Rule[]): void {
    const chain = this.#get(name);
    if (position !== undefined) {
      if (position > chain.rules.length) throw new RuleError("Index of deletion too big.");
      chain.rules.splice(position - 1, 1);
      return;
    }
    for (const rule of rules) {
      const text = formatRule(name, rule);
      const index = chain.rules.findIndex((candidate) => formatRule(name, candidate) === text);
      if (index < 0) throw new RuleError("Bad rule (does a matching rule exist in that chain?).");
      chain.rules.splice(index, 1);
    }
  }

  #deleteChains(name: string | undefined): void {
    const names = name === undefined ? [...this.#chains.keys()] : [name];
    for (const one of names) {
      if (this.isBuiltIn(one)) {
        if (name === undefined) continue;
        throw new RuleError("CHAIN_DEL failed (Operation not supported)");
      }
      if (this.#get(one).rules.length > 0) throw new RuleError("Directory not empty.");
      if (this.#isReferenced(one)) throw new RuleError("Too many links.");
      this.#chains.delete(one);
    }
  }

  #isReferenced(name: string): boolean {
    for (const { rules } of this.#chains.values()) {
      for (const { target } of rules)
        if ((target?.kind === "jump" || target?.kind === "goto") && target.chain === name)
          return true;
    }
    return false;
  }
}
