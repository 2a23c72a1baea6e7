import { IP_SET_TYPES, type IpSet, type IpSets, parseEntry } from "../ipset";
import { RuleError } from "./rule-error";

const MAX_SETS = 5_000;
const MAX_ENTRIES = 200_000;
/** Source: kernel ip_set.h, IPSET_MAXNAMELEN. */
const MAX_SET_NAME = 31;

/** Sets while a text is read: what `ipset save` prints, and `ipset restore` loads. */
export class IpSetDraft {
  readonly #sets = new Map<string, { readonly set: IpSet; readonly entries: string[] }>();
  /** Of addresses that no packet here has: left out, with their entries. */
  readonly #ipv6 = new Set<string>();
  #entryCount = 0;

  get sets(): IpSets {
    const sets = [...this.#sets].map(
      ([name, { set, entries }]) => [name, { ...set, entries }] as const,
    );
    return new Map(sets);
  }

  find(name: string): IpSet | undefined {
    return this.#sets.get(name)?.set;
  }

  static isLine(line: string): boolean {
    return /^(create|add)\s+\S/.test(line);
  }

  readLine(line: string): void {
    const [command, name = "", ...rest] = line.trim().split(/\s+/);
    if (command === "create") this.#create(name, rest);
    else this.#add(name, rest);
  }

  #create(name: string, [type = "", ...options]: readonly string[]): void {
    if (name.length > MAX_SET_NAME)
      throw new RuleError(`setname '${name}' is longer than 31 characters`);
    if (this.#sets.has(name))
      throw new RuleError("Set cannot be created: set with the same name already exists");
    if (options.join(" ").includes("family inet6")) {
      this.#ipv6.add(name);
      return;
    }
    const known = IP_SET_TYPES.find((candidate) => candidate === type);
    if (!known) throw new RuleError(`set type ${type} is not modelled`);
    if (this.#sets.size >= MAX_SETS) throw new RuleError(`more than ${MAX_SETS} sets`);
    const set: IpSet = { name, type: known, options: options.join(" "), entries: [] };
    this.#sets.set(name, { set, entries: [] });
  }

  #add(name: string, [entry = "", ...options]: readonly string[]): void {
    if (this.#ipv6.has(name)) return;
    const known = this.#sets.get(name);
    if (!known) throw new RuleError("The set with the given name does not exist");
    if (!parseEntry(known.set.type, entry))
      throw new RuleError(`${entry} is no entry of a set of type ${known.set.type}`);
    if (++this.#entryCount > MAX_ENTRIES)
      throw new RuleError(`more than ${MAX_ENTRIES} set entries`);
    known.entries.push([entry, ...options].join(" "));
  }
}
