import { useEffect, useState } from "react";
import type { LabelSelector } from "../../core/api/types";
import { markMatching } from "../../stores/edit";
import { useMirror } from "../../stores/mirror";
import { PairsField } from "./fields";
import { useValue } from "./form-context";
import { isJson, type Path } from "./manifest";

interface SelectorFieldProps {
  readonly label: string;
  /** Of the pairs. */
  readonly path: Path;
  /** The pairs are the `matchLabels` of a selector that may have expressions, too. */
  readonly isWorkload?: boolean;
}

/** A selector; the pods that it would match now are marked on the canvas and in the list, and counted here. */
export function SelectorField({ label, path, isWorkload = false }: SelectorFieldProps) {
  const pairs = useValue(path);
  const whole = useValue(path.slice(0, -1));
  const expressions = isWorkload && isJson(whole) ? whole.matchExpressions : undefined;
  const namespace = String(useValue(["metadata", "namespace"]) ?? "default");
  const selector = selectorText(pairs, expressions);
  // Pods come, go and change their labels.
  const records = useMirror((state) => state.records);
  const [count, setCount] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the cluster changes
  useEffect(() => {
    let wanted = true;
    markMatching(namespace, JSON.parse(selector)).then(
      (keys) => wanted && setCount(keys.length),
      () => wanted && setCount(undefined),
    );
    return () => {
      wanted = false;
    };
  }, [namespace, selector, records]);
  useEffect(() => () => void markMatching("", null), []);

  const words =
    count === undefined
      ? ""
      : selector === "null"
        ? "no selector: matches nothing by itself"
        : `matches ${count === 0 ? "no pod" : count === 1 ? "1 pod" : `${count} pods`} now`;
  return (
    <PairsField
      label={label}
      path={path}
      also={isWorkload ? ["spec.selector"] : undefined}
      placeholder="app=web, tier=front"
      hint={
        <>
          <output className={count === 0 ? "no-match" : "match"}>{words}</output>
          {expressions !== undefined && " (with its matchExpressions, which are in the YAML)"}
        </>
      }
    />
  );
}

/** As JSON, so that equal ones are the same. */
function selectorText(pairs: unknown, expressions: unknown): string {
  const matchLabels = isJson(pairs) ? pairs : undefined;
  const matchExpressions = Array.isArray(expressions) ? expressions : undefined;
  if (!matchLabels && !matchExpressions) return "null";
  return JSON.stringify({ matchLabels, matchExpressions } satisfies Record<
    keyof LabelSelector,
    unknown
  >);
}
