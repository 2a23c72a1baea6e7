import type { ServiceRules } from "./service-rules";

/** Whether two sets of rules send packets alike. Names of endpoint chains are hashes of what they stand for, so that
 *  names and numbers of rules tell enough. */
export function sameShape(
  before: ReadonlyMap<string, ServiceRules>,
  after: ReadonlyMap<string, ServiceRules>,
): boolean {
  if (before.size !== after.size) return false;
  for (const [key, rules] of after) {
    const old = before.get(key);
    if (old !== rules && (!old || shapeOf(old) !== shapeOf(rules))) return false;
  }
  return true;
}

function shapeOf({ chains, view: _view, ...rules }: ServiceRules): string {
  const names = [...chains.values()].map((chain) => `${chain.name} ${chain.rules.length}`);
  return [...names, ...Object.values(rules).map((list) => list.length)].join();
}
