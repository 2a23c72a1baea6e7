import type { IpSets } from "../dataplane/netfilter/ipset";
import { parseRestore, type Restored } from "../dataplane/netfilter/parse/restore";
import { formatRule } from "../dataplane/netfilter/print";
import type { Chain, Rule, Ruleset, Table, TableName } from "../dataplane/netfilter/rules";
import { badRequest, type CommandResult, DONE, type EditCommand, refuse } from "./command";
import type { Editable } from "./edits";

type RestoreRules = Extract<EditCommand, { type: "restoreRules" }>;
type PutRules = Extract<EditCommand, { type: "putRules" }>;

const NO_SETS: IpSets = new Map();

/** A command is read once, however often a run is replayed, as long as the sets that it may name are the same. */
const readings = new WeakMap<
  RestoreRules,
  { readonly sets: IpSets; readonly restored: Restored }
>();

function read(command: RestoreRules, sets: IpSets): Restored {
  const known = readings.get(command);
  if (known?.sets === sets) return known.restored;
  const restored = parseRestore(command.text, sets);
  readings.set(command, { sets, restored });
  return restored;
}

/** `iptables-restore` on a node: each table that the text names is what the text says, the others stay. All or nothing. */
export function restoreRules(world: Editable, command: RestoreRules): CommandResult {
  const context = world.context();
  const id = `node/${command.node}`;
  const netns = context.plane.find(id);
  if (!netns) return badRequest(`nodes "${command.node}" not found`);
  const sets = netns.sets ?? NO_SETS;
  const restored = read(command, sets);
  if (!restored.ok) return refused(restored.errors);
  if (restored.sets.size > 0)
    context.plane.put({ ...netns, sets: new Map([...sets, ...restored.sets]) });
  const previous = context.plane.ruleset(id);
  const tables = Object.values(restored.tables).map((table): [TableName, Table] => [
    table.name,
    {
      ...withReasons(table, previous[table.name], command.keepsCounters ?? false),
      restoredAtUs: world.nowUs,
    },
  ]);
  const ruleset = { ...previous, ...Object.fromEntries(tables) };
  context.plane.setRuleset(id, ruleset, command.keepsCounters);
  if (command.stopProxy) world.proxies.setHalted(context, command.node, true);
  rulesChanged(world, command.node);
  return DONE;
}

/** What undoing it comes to. */
export function putRules(world: Editable, command: PutRules): CommandResult {
  const context = world.context();
  const id = `node/${command.node}`;
  const netns = context.plane.find(id);
  if (!netns) return badRequest(`nodes "${command.node}" not found`);
  const { sets: _, ...rest } = netns;
  context.plane.put(command.sets ? { ...rest, sets: command.sets } : rest);
  context.plane.setRuleset(id, command.ruleset);
  world.proxies.setHalted(context, command.node, !command.proxyRunning);
  rulesChanged(world, command.node);
  return DONE;
}

function rulesChanged(world: Editable, node: string): void {
  world.proxies.onRulesReplaced(world.context(), node);
  world.context().mark({ kind: "rulesChanged", object: `Node/${node}` });
}

function refused(errors: Extract<Restored, { ok: false }>["errors"]): CommandResult {
  const causes = errors.map(({ line, message }) => ({ field: `line ${line}`, message }));
  const first = errors[0];
  const message = first
    ? `iptables-restore: line ${first.line}: ${first.message}`
    : "iptables-restore failed";
  return refuse({ reason: "BadRequest", code: 400, message, causes });
}

/** A rule that reads like the one that stood in its chain keeps what is known of why it is there; `whole`: it is that one. */
function withReasons(table: Table, previous: Table | undefined, whole: boolean): Table {
  if (!previous) return table;
  const chains = [...table.chains.values()].map((chain): [string, Chain] => {
    const known = rulesIn(previous.chains.get(chain.name));
    if (known.size === 0) return [chain.name, chain];
    const rules = chain.rules.map((rule) => {
      const same = known.get(formatRule(chain.name, rule))?.shift();
      if (!same) return rule;
      if (whole) return same;
      return same.origin === undefined ? rule : { ...rule, origin: same.origin };
    });
    return [chain.name, { ...chain, rules }];
  });
  return { ...table, chains: new Map(chains) };
}

/** By their text; the same text may stand there more than once. */
function rulesIn(chain: Chain | undefined): ReadonlyMap<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const rule of chain?.rules ?? []) {
    const text = formatRule(chain?.name ?? "", rule);
    const same = rules.get(text);
    if (same) same.push(rule);
    else rules.set(text, [rule]);
  }
  return rules;
}

/** How a node's rules are now, to come back to. */
export function rulesNow(
  {
    plane,
  }: {
    readonly plane: {
      find(id: string): { sets?: IpSets } | undefined;
      ruleset(id: string): Ruleset;
    };
  },
  node: string,
): Pick<PutRules, "ruleset" | "sets"> {
  const { sets } = plane.find(`node/${node}`) ?? {};
  return { ruleset: plane.ruleset(`node/${node}`), ...(sets && { sets }) };
}
