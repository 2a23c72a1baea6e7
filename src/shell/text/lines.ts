import { gnuError, type OptionSpec, parseOptions } from "../options";
import { fail, type Process, type Program } from "../process";
import { joinLines, linesOf, readInputs } from "./input-files";

type Values = Readonly<Record<string, readonly string[]>>;

/** A program that makes one text of what it reads. */
function filter(
  options: Readonly<Record<string, OptionSpec>>,
  change: (lines: readonly string[], values: Values) => readonly string[],
): Program {
  return async (process) => {
    const { values, rest, error } = parseOptions(process.args, options);
    if (error) return fail(process, gnuError(process.name, error));
    const { texts, failed } = await readInputs(process, rest);
    const lines = texts.flatMap(({ text }) => linesOf(text));
    await process.stdout.write(joinLines(change(lines, values)));
    return failed ? 1 : 0;
  };
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const sort = filter(
  {
    r: {},
    n: {},
    u: {},
    h: {},
    V: {},
    f: {},
    b: {},
    k: { value: true },
    t: { value: true },
  },
  (lines, values) => {
    const [from = "0"] = (values.k?.at(-1) ?? "0").split(",");
    const column = Number.parseInt(from, 10) || 0;
    const numeric = Boolean(values.n || values.h || /\d[a-zA-Z]*n/.test(values.k?.at(-1) ?? ""));
    const separator = values.t?.at(-1);
    const key = (line: string) =>
      column === 0
        ? line
        : (separator === undefined ? line.trim().split(/\s+/) : line.split(separator))
            .slice(column - 1)
            .join(separator ?? " ");
    const compare = (a: string, b: string) => {
      const [left, right] = [key(a), key(b)];
      const difference = numeric
        ? (Number.parseFloat(left) || 0) - (Number.parseFloat(right) || 0)
        : values.V
          ? compareVersions(left, right)
          : compareText(left, right);
      return difference || compareText(a, b);
    };
    const sorted = [...lines].sort(compare);
    if (values.r) sorted.reverse();
    return values.u ? sorted.filter((line, index) => line !== sorted[index - 1]) : sorted;
  },
);

function compareVersions(a: string, b: string): number {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const numbers = /^\d/.test(part) && /^\d/.test(other);
    const difference = numbers ? Number(part) - Number(other) : compareText(part, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export const uniq = filter({ c: {}, d: {}, u: {}, i: {} }, (lines, values) => {
  const groups: { line: string; count: number }[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    const same = values.i ? last?.line.toLowerCase() === line.toLowerCase() : last?.line === line;
    if (last && same) last.count++;
    else groups.push({ line, count: 1 });
  }
  return groups
    .filter(({ count }) => (values.d ? count > 1 : values.u ? count === 1 : true))
    .map(({ line, count }) => (values.c ? `${String(count).padStart(7)} ${line}` : line));
});

export const cut = filter(
  { d: { value: true }, f: { value: true }, c: { value: true }, s: {} },
  (lines, values) => {
    const separator = values.d?.at(-1) ?? "\t";
    const list = (values.f ?? values.c)?.at(-1) ?? "1-";
    return lines.flatMap((line) => {
      if (values.c) return [pick([...line], list).join("")];
      if (!line.includes(separator)) return values.s ? [] : [line];
      return [pick(line.split(separator), list).join(separator)];
    });
  },
);

/** `1,3-5,7-` */
function pick<T>(items: readonly T[], list: string): readonly T[] {
  const wanted = list.split(",").map((part) => {
    const [from = "", to] = part.split("-");
    return { from: Number(from) || 1, to: to === undefined ? Number(from) : Number(to) || 1e9 };
  });
  return items.filter((_, index) =>
    wanted.some(({ from, to }) => index + 1 >= from && index + 1 <= to),
  );
}

export const tac = filter({}, (lines) => [...lines].reverse());

/** Tabs only. */
export const nl = filter({}, (lines) =>
  lines.map((line, index) => `${String(index + 1).padStart(6)}\t${line}`),
);

export const column = filter({ t: {}, s: { value: true } }, (lines, values) => {
  const separator = values.s?.at(-1);
  const rows = lines.map((line) =>
    separator === undefined ? line.trim().split(/\s+/) : line.split(separator),
  );
  if (!values.t) return lines;
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === row.length - 1 ? cell : cell.padEnd((widths[index] ?? 0) + 2),
      )
      .join(""),
  );
});

export const wc: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, { l: {}, w: {}, c: {}, m: {} });
  if (error) return fail(process, gnuError(process.name, error));
  const { texts, failed } = await readInputs(process, rest);
  const all = !values.l && !values.w && !values.c && !values.m;
  const counts = texts.map(({ name, text }) => ({
    name: rest.length === 0 ? "" : name,
    numbers: [
      ...(all || values.l ? [text.split("\n").length - 1] : []),
      ...(all || values.w ? [text.split(/\s+/).filter(Boolean).length] : []),
      ...(all || values.c || values.m ? [byteLength(text)] : []),
    ],
  }));
  if (counts.length > 1) {
    const numbers = (counts[0]?.numbers ?? []).map((_, index) =>
      counts.reduce((sum, one) => sum + (one.numbers[index] ?? 0), 0),
    );
    counts.push({ name: "total", numbers });
  }
  await writeCounts(process, counts);
  return failed ? 1 : 0;
};

async function writeCounts(
  process: Process,
  counts: readonly { readonly name: string; readonly numbers: readonly number[] }[],
): Promise<void> {
  const single = counts.length === 1 && (counts[0]?.numbers.length ?? 0) === 1;
  const widest = Math.max(
    1,
    ...counts.flatMap(({ numbers }) => numbers.map((n) => String(n).length)),
  );
  const piped = counts.length === 1 && counts[0]?.name === "";
  const width = single ? 1 : piped ? Math.max(7, widest) : widest;
  for (const { name, numbers } of counts) {
    const text = numbers.map((number) => String(number).padStart(width)).join(" ");
    await process.stdout.write(`${text}${name === "" ? "" : ` ${name}`}\n`);
  }
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
