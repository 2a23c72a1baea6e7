/** What the gallery's groups are called, in their order. */
export const TOPICS = [
  "The way in",
  "Pods and their network",
  "Names",
  "Services and endpoints",
  "Why not?",
] as const;

export type Topic = (typeof TOPICS)[number];

export interface BuiltInScenario {
  /** Of its file in public/scenarios; what `?scenario=` takes. */
  readonly name: string;
  /** As the file has it. */
  readonly title: string;
  readonly topic: Topic;
}

/** The scenarios of public/scenarios, within a topic in the order in which they are best read. */
export const BUILT_IN_SCENARIOS: readonly BuiltInScenario[] = [
  { name: "default", title: "User → ELB → Node → iptables → Pod", topic: "The way in" },
];

export const DEFAULT_SCENARIO = "default";

export function isBuiltIn(name: string): boolean {
  return BUILT_IN_SCENARIOS.some((scenario) => scenario.name === name);
}
