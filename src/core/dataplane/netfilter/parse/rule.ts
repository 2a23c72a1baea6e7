import type { Cidr } from "../../../net/cidr";
import type { Match } from "../match-kinds";
import { formatExtensions } from "../print-match";
import { parseProtocol } from "../protocols";
import type { Rule } from "../rules";
import type { RuleTarget } from "../target-kinds";
import type { MatchModule, RuleContext, TargetModule } from "./module";
import { findTarget, getMatch, hasMatch } from "./modules";
import { findOption, type OptionSpec, Options } from "./options";
import { parseInterface } from "./other-matches";
import { RuleError } from "./rule-error";
import { parseNetwork } from "./values";

/** `-s a,b -d c,d` is a rule for each pair. */
const MAX_RULES_OF_A_LINE = 1_024;

export interface ParsedRules {
  /** More than one where a list of addresses is given. */
  readonly rules: readonly Rule[];
  /** `-c PACKETS BYTES`. */
  readonly counter?: { readonly packets: number; readonly bytes: number };
  /** `-6`: for ip6tables alone. */
  readonly isForIpv6: boolean;
}

/** Reads what follows `-A CHAIN`: options in any order, as iptables takes them. */
export function parseRule(
  words: readonly string[],
  chain: string,
  findSet: RuleContext["findSet"],
): ParsedRules {
  const reader = new RuleReader(words);
  reader.readAll();
  return reader.isForIpv6
    ? { rules: [], isForIpv6: true }
    : { ...reader.finish(chain, findSet), isForIpv6: false };
}

interface Loaded {
  readonly name: string;
  readonly options: readonly OptionSpec[];
  readonly given: Options;
  readonly module: MatchModule;
}

interface LoadedTarget {
  readonly options: readonly OptionSpec[];
  readonly given: Options;
  readonly module: TargetModule;
}

interface Network {
  readonly range: Cidr;
  readonly negate: boolean;
}

/** Options that every rule has. Source: iptables(8), PARAMETERS. */
const BASE: readonly (OptionSpec & { readonly short: string })[] = [
  { name: "source", aliases: ["src"], short: "s", canNegate: true },
  { name: "destination", aliases: ["dst"], short: "d", canNegate: true },
  { name: "in-interface", short: "i", canNegate: true },
  { name: "out-interface", short: "o", canNegate: true },
  { name: "protocol", aliases: ["proto"], short: "p", canNegate: true },
  { name: "fragment", aliases: ["fragments"], short: "f", takes: 0, canNegate: true },
  { name: "match", short: "m" },
  { name: "jump", short: "j" },
  { name: "goto", short: "g" },
  { name: "set-counters", short: "c", takes: 2 },
  { name: "ipv4", short: "4", takes: 0 },
  { name: "ipv6", short: "6", takes: 0 },
  { name: "verbose", short: "v", takes: 0 },
  { name: "numeric", short: "n", takes: 0 },
];

class RuleReader {
  readonly #words: readonly string[];
  #at = 0;
  readonly #loaded: Loaded[] = [];
  #target: LoadedTarget | undefined;
  #jump: RuleTarget | undefined;
  readonly #base = new Map<
    string,
    { readonly values: readonly string[]; readonly negate: boolean }
  >();

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  readAll(): void {
    while (this.#at < this.#words.length) this.#readOption();
  }

  #readOption(): void {
    let word = this.#next();
    const negate = word === "!";
    if (negate) {
      if (this.#at >= this.#words.length) throw new RuleError("Bad argument `!'");
      word = this.#next();
      if (word === "!") throw new RuleError("multiple consecutive ! not allowed");
    }
    const short = BASE.find((option) => word === `-${option.short}`);
    if (short) {
      this.#readBase(short, word, negate);
      return;
    }
    if (!word.startsWith("-") || word === "-") throw new RuleError(`Bad argument \`${word}'`);
    if (word === "-t" || word === "--table")
      throw new RuleError("The -t option cannot be used in iptables-restore.");
    if (!word.startsWith("--")) throw new RuleError(`unknown option "${word}"`);
    this.#readLong(word, negate);
  }

  #readLong(word: string, negate: boolean): void {
    const text = word.slice(2);
    const latest = [...this.#loaded].reverse();
    const modules = this.#target ? [this.#target, ...latest] : latest;
    const found = findOption<{ readonly options: readonly OptionSpec[]; given?: Options }>(text, [
      ...modules,
      { options: BASE },
    ]);
    if (found?.module.given) {
      const values = this.#take(found.option, word);
      found.module.given.add(found.option, values, negate);
      return;
    }
    const base = found && BASE.find((option) => option === found.option);
    if (base) {
      this.#readBase(base, word, negate);
      return;
    }
    // `-p tcp --dport`: the protocol's own match is loaded by itself.
    const protocol = this.#protocol()?.protocol;
    const isLoaded = this.#loaded.some(({ name }) => name === protocol);
    if (typeof protocol !== "string" || isLoaded || !hasMatch(protocol))
      throw new RuleError(`unknown option "${word}"`);
    this.#load(protocol);
    this.#readLong(word, negate);
  }

  #readBase(option: (typeof BASE)[number], word: string, negate: boolean): void {
    if (negate && !option.canNegate) throw new RuleError(`cannot have ! before ${word}`);
    const values = this.#take(option, word);
    const [value = ""] = values;
    if (option.name === "match") {
      this.#load(value);
      return;
    }
    const name = option.name === "goto" ? "jump" : option.name;
    if (this.#base.has(name)) throw new RuleError(`multiple -${option.short} flags not allowed`);
    this.#base.set(name, { values, negate });
    if (option.name === "goto") this.#jump = { kind: "goto", chain: value };
    else if (option.name === "jump") this.#jumpTo(value);
  }

  #load(name: string): void {
    const module = getMatch(name);
    // A module may be given in two pieces, but a second `-m` of most others is another condition.
    const known = this.#loaded.find((one) => one.name === name && PORT_MODULES.includes(name));
    if (known && this.#loaded.at(-1) === known) return;
    this.#loaded.push({ name, options: module.options, given: new Options(name), module });
  }

  #jumpTo(name: string): void {
    const module = findTarget(name);
    if (module) this.#target = { options: module.options, given: new Options(name), module };
    else this.#jump = { kind: "jump", chain: name };
  }

  #take({ takes = 1, name }: OptionSpec, word: string): readonly string[] {
    const values: string[] = [];
    for (let i = 0; i < takes; i++) {
      const isNextOption = takes === 2 && /^(-|!$)/.test(this.#words[this.#at] ?? "");
      if (this.#at >= this.#words.length || isNextOption)
        throw new RuleError(
          takes === 2 ? `--${name} requires two args.` : `option "${word}" requires an argument`,
        );
      values.push(this.#next());
    }
    return values;
  }

  #next(): string {
    return this.#words[this.#at++] ?? "";
  }

  #protocol(): RuleContext["protocol"] {
    const given = this.#base.get("protocol");
    const text = given?.values[0];
    if (!given || text === undefined) return undefined;
    const protocol = parseProtocol(text);
    if (protocol === undefined) throw new RuleError(`unknown protocol "${text}" specified`);
    if (protocol !== 0) return { protocol, negate: given.negate };
    if (given.negate) throw new RuleError("rule would never match protocol");
    return undefined;
  }

  get isForIpv6(): boolean {
    return this.#base.has("ipv6");
  }

  finish(chain: string, findSet: RuleContext["findSet"]): Omit<ParsedRules, "isForIpv6"> {
    this.#checkInterfaces(chain);
    const protocol = this.#protocol();
    const context: RuleContext = { ...(protocol && { protocol }), findSet };
    const builtIn: readonly Match[] = [
      ...this.#interface("in-interface"),
      ...this.#interface("out-interface"),
      ...(protocol
        ? [
            {
              kind: "protocol",
              ...(protocol.negate && { negate: true }),
              protocol: protocol.protocol,
            } as const,
          ]
        : []),
      ...this.#fragment(),
    ];
    const { matches, comment, commentAfter } = this.#extensions(context);
    const target = this.#target?.module.build(this.#target.given, context) ?? this.#jump;
    const rule = {
      ...(target && { target }),
      ...(comment !== undefined && { comment }),
      ...(commentAfter > 0 && { commentAfter }),
    };
    const rules = this.#networks().map(
      (networks): Rule => ({ matches: [...networks, ...builtIn, ...matches], ...rule }),
    );
    const counter = this.#counter();
    return counter ? { rules, counter } : { rules };
  }

  #extensions(context: RuleContext): {
    readonly matches: readonly Match[];
    readonly comment?: string;
    readonly commentAfter: number;
  } {
    const matches: Match[] = [];
    let comment: { readonly text: string; readonly after: number } | undefined;
    for (const { given, module } of this.#loaded) {
      for (const match of module.build(given, context)) {
        if (match.kind === "comment" && !comment)
          comment = { text: match.text, after: formatExtensions(matches).length };
        else matches.push(match);
      }
    }
    return comment
      ? { matches, comment: comment.text, commentAfter: comment.after }
      : { matches, commentAfter: 0 };
  }

  /** A rule's `-s` and `-d`, for each pair of those that were listed. */
  #networks(): readonly (readonly Match[])[] {
    const sources = this.#list("source");
    const destinations = this.#list("destination");
    if (sources.length * destinations.length > MAX_RULES_OF_A_LINE)
      throw new RuleError(`more than ${MAX_RULES_OF_A_LINE} pairs of addresses in one rule`);
    return sources.flatMap((source) =>
      destinations.map((destination) => [
        ...network("source", source),
        ...network("destination", destination),
      ]),
    );
  }

  #list(name: "source" | "destination"): readonly (Network | undefined)[] {
    const given = this.#base.get(name);
    if (!given) return [undefined];
    const texts = (given.values[0] ?? "").split(",");
    if (given.negate && texts.length > 1)
      throw new RuleError("! not allowed with multiple source or destination IP addresses");
    return texts.map((text) => ({ range: parseNetwork(text), negate: given.negate }));
  }

  #interface(name: "in-interface" | "out-interface"): readonly Match[] {
    const given = this.#base.get(name);
    const text = given?.values[0];
    if (!given || text === undefined) return [];
    return [{ kind: name, name: parseInterface(text), ...(given.negate && { negate: true }) }];
  }

  #fragment(): readonly Match[] {
    const given = this.#base.get("fragment");
    return given ? [{ kind: "fragment", ...(given.negate && { negate: true }) }] : [];
  }

  #checkInterfaces(chain: string): void {
    if (this.#base.has("in-interface") && (chain === "OUTPUT" || chain === "POSTROUTING"))
      throw new RuleError(`Can't use -i with ${chain}`);
    if (this.#base.has("out-interface") && (chain === "INPUT" || chain === "PREROUTING"))
      throw new RuleError(`Can't use -o with ${chain}`);
  }

  #counter(): ParsedRules["counter"] {
    const given = this.#base.get("set-counters");
    if (!given) return undefined;
    const [packets = "", bytes = ""] = given.values;
    if (!/^\d{1,15}$/.test(packets) || !/^\d{1,15}$/.test(bytes))
      throw new RuleError("-c packet counter not numeric");
    return { packets: Number(packets), bytes: Number(bytes) };
  }
}

const PORT_MODULES: readonly string[] = ["tcp", "udp", "sctp"];

function network(kind: "source" | "destination", given: Network | undefined): readonly Match[] {
  if (!given || (given.range.prefix === 0 && !given.negate)) return [];
  if (given.range.prefix === 0) throw new RuleError("no address is outside 0.0.0.0/0");
  return [{ kind, range: given.range, ...(given.negate && { negate: true }) }];
}
