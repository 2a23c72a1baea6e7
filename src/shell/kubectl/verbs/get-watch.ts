import type { KubeObject } from "../../../core/api/types";
import { keyOfObject } from "../api";
import { failure } from "../failure";
import { alignColumns, columnWidths } from "../output/columns";
import { formatObjects } from "../output/format";
import { outputOf } from "../output/given";
import { formatJson, formatYaml } from "../output/yaml";
import { type Found, findTargets, parseTargets } from "../targets";
import type { Kubectl } from "../verb";
import { scopeOf, tableRows } from "./get-table";

/** What is there, and then a row for every change, until Ctrl-C. */
export async function watch(kubectl: Kubectl, first: Found): Promise<number> {
  const { api, args, flags, process } = kubectl;
  const targets = parseTargets(args);
  const printer = new WatchPrinter(kubectl, first);
  if (!flags.on("watch-only"))
    await printer.print(first.objects.map((object) => ({ type: "ADDED", object })));
  if (targets.groups.some(({ names = [] }) => names.length > 1))
    throw failure("you may only watch a single resource or type of resource at a time");
  const now = () => findTargets(api, targets, scopeOf(kubectl), flags).found[0] as Found;
  let known = versionsOf(first.objects);
  for (;;) {
    const before = known;
    await process.cluster.until(() => !sameVersions(before, versionsOf(now().objects)), {
      interrupt: process.interrupt,
    });
    const { objects } = now();
    known = versionsOf(objects);
    await printer.print(changesBetween(before, objects));
  }
}

interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

/** Prints objects one by one; columns only grow. */
class WatchPrinter {
  readonly #kubectl: Kubectl;
  readonly #type: Found["type"];
  #widths: readonly number[] = [];
  #printed = 0;

  constructor(kubectl: Kubectl, { type }: Found) {
    this.#kubectl = kubectl;
    this.#type = type;
  }

  async print(events: readonly WatchEvent[]): Promise<void> {
    if (events.length === 0) return;
    const { flags } = this.#kubectl;
    const output = outputOf(this.#kubectl);
    if (output === "" || output === "wide") return this.#printRows(events);
    const how = {
      single: true,
      noHeaders: flags.on("no-headers") || this.#printed > 0,
      columns: true,
      strict: !flags.on("allow-missing-template-keys", true),
    };
    if (output.startsWith("custom-columns")) {
      this.#printed += events.length;
      const objects = events.map(({ object }) => object);
      await this.#kubectl.write(formatObjects(output, objects, how) ?? "");
      return;
    }
    for (const event of events) {
      const text = flags.on("output-watch-events")
        ? eventText(output, event)
        : formatObjects(output, [event.object], how);
      const separator = output === "yaml" && this.#printed > 0 ? "---\n" : "";
      this.#printed++;
      await this.#kubectl.write(separator + (text ?? ""));
    }
  }

  async #printRows(events: readonly WatchEvent[]): Promise<void> {
    const { flags } = this.#kubectl;
    const objects = events.map(({ object }) => object);
    const rows = tableRows(this.#kubectl, { type: this.#type, objects }, false);
    const header = flags.on("no-headers") ? undefined : rows[0];
    const cells = header ? rows.slice(1) : rows;
    const tellsEvents = flags.on("output-watch-events");
    const lines = cells.map((row, index) =>
      tellsEvents ? [(events[index]?.type ?? "").padEnd("MODIFIED".length), ...row] : row,
    );
    const heads: (readonly string[])[] = [];
    const isFirst = this.#printed === 0;
    if (header && isFirst) heads.push(tellsEvents ? ["EVENT", ...header] : header);
    this.#printed += events.length;
    // What is there at first is one table; later rows come one by one.
    const tables = isFirst ? [[...heads, ...lines]] : lines.map((line) => [line]);
    for (const table of tables) {
      this.#widths = columnWidths(table, this.#widths);
      await this.#kubectl.write(alignColumns(table, this.#widths));
    }
  }
}

function eventText(output: string, { type, object }: WatchEvent): string {
  if (output === "json") return `{"type":"${type}","object":${formatJson(object, 0)}}\n`;
  if (output === "yaml") return formatYaml({ object, type });
  throw failure(`--output-watch-events is not modelled here with -o ${output}`);
}

function changesBetween(before: Versions, objects: readonly KubeObject[]): readonly WatchEvent[] {
  const now = versionsOf(objects);
  const gone = [...before].flatMap(([key, { object }]) =>
    now.has(key) ? [] : [{ type: "DELETED", object } as const],
  );
  const changed = objects.flatMap((object): readonly WatchEvent[] => {
    const old = before.get(keyOfObject(object));
    if (old?.version === object.metadata.resourceVersion) return [];
    return [{ type: old ? "MODIFIED" : "ADDED", object }];
  });
  return [...gone, ...changed];
}

type Versions = ReadonlyMap<string, { readonly version: string; readonly object: KubeObject }>;

function versionsOf(objects: readonly KubeObject[]): Versions {
  return new Map(
    objects.map((object) => [
      keyOfObject(object),
      { version: object.metadata.resourceVersion, object },
    ]),
  );
}

function sameVersions(a: Versions, b: Versions): boolean {
  if (a.size !== b.size) return false;
  for (const [key, { version }] of a) if (b.get(key)?.version !== version) return false;
  return true;
}
