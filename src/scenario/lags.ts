import { LAG_NAMES, type LagKey, type LagSettings, lagError } from "../core/api/lags";
import { type FieldError, invalid } from "../core/api/validation/field-error";
import { parseDurationUs } from "./duration";

/** `spec.lags` as it is written: durations. */
export type LagsSpec = { readonly [name in (typeof LAG_NAMES)[number]]?: string } & {
  readonly proxyWatchOn?: Readonly<Record<string, string>>;
};

export function lagsOf(spec: LagsSpec = {}, errors: FieldError[]): LagSettings {
  const lags: { [key in LagKey]?: number } = {};
  const read = (key: LagKey, field: string, text: string) => {
    const us = parseDurationUs(text);
    const wrong = us === undefined ? "must be a duration, (e.g. 1s or 500ms)" : lagError(key, us);
    if (wrong !== "") errors.push(invalid(field, text, wrong));
    else lags[key] = us;
  };
  for (const name of LAG_NAMES) {
    const text = spec[name];
    if (text !== undefined) read(name, `spec.lags.${name}`, text);
  }
  for (const [node, text] of Object.entries(spec.proxyWatchOn ?? {}))
    read(`proxyWatch/${node}`, `spec.lags.proxyWatchOn[${node}]`, text);
  return lags;
}

/** Undefined where all are as usual. */
export function lagsSpec(lags: LagSettings): object | undefined {
  const spec: Record<string, unknown> = {};
  const nodes: Record<string, string> = {};
  for (const [key, us] of Object.entries(lags) as [string, number][]) {
    const [name = "", node] = key.split("/");
    if (node === undefined) spec[name] = `${us / 1_000}ms`;
    else nodes[node] = `${us / 1_000}ms`;
  }
  if (Object.keys(nodes).length > 0) spec.proxyWatchOn = nodes;
  return Object.keys(spec).length > 0 ? spec : undefined;
}
