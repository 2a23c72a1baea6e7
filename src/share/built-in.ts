/** The scenarios of public/scenarios, by the name that `?scenario=` takes. */
export const BUILT_IN_SCENARIOS = [
  { name: "default", title: "User → ELB → Node → iptables → Pod" },
] as const;

export const DEFAULT_SCENARIO = "default";

export function isBuiltIn(name: string): boolean {
  return BUILT_IN_SCENARIOS.some((scenario) => scenario.name === name);
}
