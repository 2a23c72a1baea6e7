import type { Pod, Service } from "../../api/types";
import type { Look } from "./why";

/** Lines for the laptop's terminal. */

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

export function inNamespace(namespace: string): string {
  return namespace === "default" || namespace === "" ? "" : ` -n ${namespace}`;
}

export function kubectl(words: string, namespace: string, shows: string): Look {
  return { command: `kubectl ${words}${inNamespace(namespace)}`, place: "laptop", shows };
}

/** On a node, or on a machine outside the cluster. */
export function ssh(machine: `node/${string}` | `host/${string}`, command: string, shows: string) {
  const name = machine.slice(machine.indexOf("/") + 1);
  return { command: `ssh ${name} ${command}`, place: machine, shows };
}

/** A rule in what iptables-save prints. */
export function ruleLook(node: string, rule: string): Look {
  const comment = /--comment "([^"]*)"/.exec(rule)?.[1];
  const pattern = comment ?? rule;
  return {
    command: `ssh ${node} iptables-save | grep -F -e ${quoted(pattern)}`,
    place: `node/${node}`,
    shows: rule,
  };
}

export function selectorText(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

export function servicePorts({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(({ port, protocol }) => `${port}/${protocol}`);
  return ports.length === 0 ? "no port" : ports.join(", ");
}

export function podText({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}

/** How many letters would have to be typed differently, two swapped ones counted as one. Source: optimal string
 *  alignment distance. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(i - 1, j - 1) + same, at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) least = Math.min(least, at(i - 2, j - 2) + 1);
      row.push(least);
    }
  }
  return at(a.length, b.length);
}

/** The name that was probably meant, of those that are there. */
export function closest(typed: string, names: readonly string[]): string | undefined {
  const most = typed.length < 4 ? 1 : 2;
  let best: string | undefined;
  let least = most + 1;
  for (const name of names) {
    if (Math.abs(name.length - typed.length) > most) continue;
    const changes = distance(typed, name);
    if (changes >= least || changes === 0) continue;
    best = name;
    least = changes;
  }
  return best;
}
