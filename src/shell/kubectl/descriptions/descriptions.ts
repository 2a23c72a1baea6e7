import { CLUSTER } from "./cluster";
import { META } from "./meta";
import { NETWORK } from "./network";
import { PODS } from "./pods";

interface Description {
  readonly text: string;
  readonly required: boolean;
}

/** `v1.ServiceSpec`, `v1.ServiceSpec.type`; `*.kind` for what every kind has. */
const DESCRIPTIONS: ReadonlyMap<string, Description> = (() => {
  const all = new Map<string, Description>();
  let type = "";
  for (const line of [META, PODS, NETWORK, CLUSTER].join("").split("\n")) {
    const match = /^( *)(\S+?)(!?) {2}(.*)$/.exec(line);
    if (!match) continue;
    const [, indent, name = "", mark, text = ""] = match;
    if (indent === "") type = name;
    all.set(indent === "" ? name : `${type}.${name}`, { text, required: mark === "!" });
  }
  return all;
})();

/** What a Go type or one of its fields means; "" where nobody has said. */
export function descriptionOf(go: string, field?: string): string {
  return find(go, field)?.text ?? "";
}

/** Whether a field must be given. */
export function isRequired(go: string, field: string): boolean {
  return find(go, field)?.required ?? false;
}

function find(go: string, field: string | undefined): Description | undefined {
  if (field === undefined) return DESCRIPTIONS.get(go);
  return DESCRIPTIONS.get(`${go}.${field}`) ?? DESCRIPTIONS.get(`*.${field}`);
}

/** Keys of all that is described, for tests. */
export function describedKeys(): readonly string[] {
  return [...DESCRIPTIONS.keys()];
}
