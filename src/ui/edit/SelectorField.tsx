import { useEffect, useState } from "react";
import { markMatching } from "../../stores/edit";
import { useMirror } from "../../stores/mirror";
import { TextField } from "./fields";
import { useValue } from "./form-context";
import { isJson, type Path } from "./manifest";
import { formatPairs, parsePairs } from "./text-values";

interface SelectorFieldProps {
  readonly label: string;
  readonly path: Path;
}

/** A selector; the pods that it would match now are marked on the canvas and in the list, and counted here. */
export function SelectorField({ label, path }: SelectorFieldProps) {
  const selector = useValue(path);
  const namespace = String(useValue(["metadata", "namespace"]) ?? "default");
  const pairs = JSON.stringify(isJson(selector) ? selector : null);
  // Pods come, go and change their labels.
  const records = useMirror((state) => state.records);
  const [count, setCount] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the cluster changes
  useEffect(() => {
    let wanted = true;
    markMatching(namespace, JSON.parse(pairs)).then(
      (keys) => wanted && setCount(keys.length),
      () => wanted && setCount(undefined),
    );
    return () => {
      wanted = false;
    };
  }, [namespace, pairs, records]);
  useEffect(() => () => void markMatching("", null), []);

  const words =
    count === undefined
      ? ""
      : pairs === "null"
        ? "no selector: matches nothing by itself"
        : `matches ${count === 0 ? "no pod" : count === 1 ? "1 pod" : `${count} pods`} now`;
  return (
    <TextField
      label={label}
      path={path}
      parse={parsePairs}
      format={formatPairs}
      placeholder="app=web, tier=front"
      hint={<output className={count === 0 ? "no-match" : "match"}>{words}</output>}
    />
  );
}
