import type { Match } from "../match-kinds";
import type { Chain, Hook, Rule, Table } from "../rules";
import { BUILT_IN_CHAINS } from "../rules";
import type { RuleTarget } from "../target-kinds";

/** Why the kernel would not take a table, and the rule that is wrong. */
export interface TableFault {
  readonly chain: string;
  readonly position: number;
  readonly message: string;
}

/** Source: kernel nf_tables.h, NFT_JUMP_STACK_SIZE; x_tables.h, XT_JUMP_STACK_SIZE. */
const MAX_DEPTH = 16;

/** Checks what needs the whole table: that chains exist, that jumps end, and that targets and matches stand where they
 *  may. */
export function findTableFaults(table: Table): readonly TableFault[] {
  const missing = missingChains(table);
  return missing.length > 0 ? missing : [...findLoops(table), ...misplacedRules(table)];
}

function missingChains({ name: table, chains }: Table): readonly TableFault[] {
  const faults: TableFault[] = [];
  for (const { name, rules } of chains.values()) {
    rules.forEach(({ target }, index) => {
      const called = calledBy(target);
      if (called === undefined) return;
      const at = { chain: name, position: index };
      if (!chains.has(called)) faults.push({ ...at, message: `Chain '${called}' does not exist` });
      else if ((BUILT_IN_CHAINS[table] as readonly string[]).includes(called))
        faults.push({ ...at, message: refused("Operation not supported", name) });
    });
  }
  return faults;
}

function calledBy(target: RuleTarget | undefined): string | undefined {
  return target?.kind === "jump" || target?.kind === "goto" ? target.chain : undefined;
}

function refused(reason: string, chain: string): string {
  return `RULE_APPEND failed (${reason}): rule in chain ${chain}`;
}

/** The first jump that goes too deep, or round for ever. */
function findLoops({ chains }: Table): readonly TableFault[] {
  const heights = new Map<Chain, number>();
  let fault: TableFault | undefined;
  const heightOf = (chain: Chain, depth: number): number => {
    const known = heights.get(chain);
    if (known !== undefined) return known;
    let height = 0;
    for (const [position, { target }] of chain.rules.entries()) {
      const called = calledBy(target);
      const next = called === undefined ? undefined : chains.get(called);
      if (!next || fault) continue;
      height = Math.max(height, depth >= MAX_DEPTH ? 1 : 1 + heightOf(next, depth + 1));
      if (depth + height > MAX_DEPTH || depth >= MAX_DEPTH)
        fault ??= { chain: chain.name, position, message: refused("Too many links", chain.name) };
    }
    if (!fault) heights.set(chain, height);
    return height;
  };
  for (const chain of chains.values()) {
    if (!fault) heightOf(chain, 0);
  }
  return fault ? [fault] : [];
}

/** In which tables and hooks a target may stand. Source: the targets' `.table` and `.hooks` in the kernel's xt_*.c.
 *  TRACE, which is for raw alone there, iptables-nft writes as a rule of nf_tables' own, for every table. */
interface Places {
  readonly tables: readonly string[];
  readonly hooks?: readonly Hook[];
}

const PLACES: Partial<Record<RuleTarget["kind"], Places>> = {
  REJECT: { tables: ["filter"], hooks: ["INPUT", "FORWARD", "OUTPUT"] },
  DNAT: { tables: ["nat"], hooks: ["PREROUTING", "OUTPUT"] },
  REDIRECT: { tables: ["nat"], hooks: ["PREROUTING", "OUTPUT"] },
  SNAT: { tables: ["nat"], hooks: ["POSTROUTING", "INPUT"] },
  MASQUERADE: { tables: ["nat"], hooks: ["POSTROUTING"] },
  NOTRACK: { tables: ["raw"] },
  CHECKSUM: { tables: ["mangle"] },
};

/** Whether a match may stand in no chain that this hook reaches. Source: kernel ipt_rpfilter.c, `.hooks`. */
function isOutOfReach(match: Match, hook: Hook): boolean {
  return match.kind === "rpfilter" && hook !== "PREROUTING";
}

/** Whether something of a rule is refused in this very chain; in one that it calls nf_tables does not ask. */
function isOutOfPlace(rule: Rule, hook: Hook): boolean {
  return (
    (isClamping(rule.target) && !["FORWARD", "OUTPUT", "POSTROUTING"].includes(hook)) ||
    rule.matches.some((match) => isMatchOutOfPlace(match, rule, hook))
  );
}

/** Source: kernel xt_TCPMSS.c, tcpmss_tg4_check. */
function isClamping(target: RuleTarget | undefined): boolean {
  return target?.kind === "TCPMSS" && target.options.includes("--clamp-mss-to-pmtu");
}

/** Source: kernel xt_addrtype.c, addrtype_mt_checkentry_v1; xt_physdev.c, physdev_mt_check. */
function isMatchOutOfPlace(match: Match, { matches }: Rule, hook: Hook): boolean {
  if (match.kind === "addrtype" && match.limitIface !== undefined) {
    const without = match.limitIface === "in" ? ["OUTPUT", "POSTROUTING"] : ["PREROUTING", "INPUT"];
    return without.includes(hook);
  }
  return (
    match.kind === "physdev" &&
    (match.test === "out" || match.test === "is-out") &&
    hook === "OUTPUT" &&
    !matches.some((one) => one.kind === "physdev" && one.test === "is-bridged" && !one.negate)
  );
}

function misplacedRules(table: Table): readonly TableFault[] {
  const faults = new Map<string, TableFault>();
  const add = (chain: string, position: number, message: string) => {
    faults.set(`${chain} ${position}`, { chain, position, message });
  };
  for (const { name, rules } of table.chains.values()) {
    rules.forEach((rule, position) => {
      const kind = rule.target?.kind;
      const places = kind && PLACES[kind];
      if (places && !places.tables.includes(table.name))
        add(name, position, refused("Invalid argument", name));
      if (kind === "DROP" && table.name === "nat")
        add(
          name,
          position,
          'The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.',
        );
      const needsRaw = rule.matches.some((match) => match.kind === "rpfilter");
      if (needsRaw && table.name !== "raw" && table.name !== "mangle")
        add(name, position, refused("Invalid argument", name));
    });
  }
  for (const hook of BUILT_IN_CHAINS[table.name]) {
    for (const { name, rules } of reachable(table, hook)) {
      rules.forEach((rule, position) => {
        const hooks = rule.target && PLACES[rule.target.kind]?.hooks;
        const isMisplaced =
          (hooks && !hooks.includes(hook)) ||
          rule.matches.some((match) => isOutOfReach(match, hook)) ||
          (name === hook && isOutOfPlace(rule, hook));
        if (isMisplaced) add(name, position, refused("Invalid argument", name));
      });
    }
  }
  return [...faults.values()];
}

function reachable({ chains }: Table, from: string): ReadonlySet<Chain> {
  const seen = new Set<Chain>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const chain = chains.get(name);
    if (!chain || seen.has(chain)) continue;
    seen.add(chain);
    for (const { target } of chain.rules) {
      const called = calledBy(target);
      if (called !== undefined) open.push(called);
    }
  }
  return seen;
}
