import { useEffect, useState } from "react";
import type { KubeObject } from "../../core/api/types";
import { formatManifest } from "../../scenario/format-manifest";
import { closeForm, rehearse } from "../../stores/edit";
import { notify } from "../../stores/notices";
import { keyFor } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { applyYaml, request } from "../../stores/session";
import type { Command, DocumentError } from "../../worker/protocol";
import { getAt, type Json, patchBetween } from "./manifest";

/** What a form would send. */
export interface Draft {
  readonly base: Json;
  readonly manifest: Json;
  /** Of the object that is there already. */
  readonly objectKey: string | undefined;
}

type FormRequest = Extract<Command, { type: "apply" | "patch" }>;

/** A new object is applied; one that is there gets what differs. Undefined when nothing does. */
export function requestOf({ base, manifest, objectKey }: Draft): FormRequest | undefined {
  if (objectKey === undefined) return { type: "apply", yaml: formatManifest(manifest) };
  const patch = patchBetween(base, manifest);
  return patch && { type: "patch", key: objectKey, patch };
}

/** What to ask whether it would be refused: unlike an apply, a new object may not be there already. */
function questionOf(draft: Draft): Command | undefined {
  return draft.objectKey === undefined
    ? { type: "create", manifest: draft.manifest }
    : requestOf(draft);
}

/** What is wrong with an object that is there already, and one whose namespace is not. */
const FIELDS_OF_WORDS = [
  [/ already exists$/, "metadata.name"],
  [/^namespaces ".*" not found$/, "metadata.namespace"],
] as const;

export function placed(errors: readonly DocumentError[]): readonly DocumentError[] {
  return errors.flatMap((error) => {
    const found = FIELDS_OF_WORDS.find(([words]) => words.test(error.message));
    return error.field === undefined && found
      ? { ...error, field: found[1] }
      : changedFields(error);
  });
}

/** What may not change is refused as a whole, with the fields that are different listed below: one error for each. */
function changedFields(error: DocumentError): readonly DocumentError[] {
  const [words = "", ...lines] = error.message.split("\n");
  const changed = lines.flatMap((line) => /^[+-] ([^:]+): /.exec(line)?.[1] ?? []);
  if (error.field === undefined || changed.length === 0) return [error];
  return [...new Set(changed)].map((field) => ({
    ...error,
    field,
    message: words.replace(`${error.field}: `, `${field}: `),
  }));
}

const PAUSE_MS = 250;

/** What the API server would answer. */
export interface Rehearsed {
  readonly errors: readonly DocumentError[];
  /** What it would store; undefined when it would refuse, or nothing is asked of it. */
  readonly object: KubeObject | undefined;
}

const NOTHING: Rehearsed = { errors: [], object: undefined };

/** Asks whenever typing pauses. A request that nobody has touched yet is only asked for what it would make. */
export function useRehearsal(draft: Draft, touched: boolean): Rehearsed {
  const [answer, setAnswer] = useState(NOTHING);
  useEffect(() => {
    const command = questionOf(draft);
    if (!command) {
      setAnswer(NOTHING);
      return;
    }
    let wanted = true;
    const timer = setTimeout(() => {
      rehearse(command).then(
        (report) => {
          if (!wanted) return;
          const { errors = [], objects = [] } = report ?? {};
          setAnswer({ errors: touched ? placed(errors) : [], object: objects[0] });
        },
        () => wanted && setAnswer(NOTHING),
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [draft, touched]);
  return answer;
}

/** Sends the request; refused, the form stays open and the cluster as it was. */
export function useSubmit(draft: Draft) {
  const [refusal, setRefusal] = useState<readonly DocumentError[] | null>(null);

  async function submit() {
    const command = requestOf(draft);
    const question = questionOf(draft);
    if (!command || !question) {
      notify("info", "Nothing is changed yet.");
      return;
    }
    const answer = await rehearse(question);
    if (answer && !answer.ok) {
      setRefusal(placed(answer.errors));
      return;
    }
    const report = await (command.type === "apply" ? applyYaml(command.yaml) : request(command));
    if (!report.ok) {
      setRefusal(report.errors);
      return;
    }
    notify("ok", report.lines.join(", "));
    closeForm();
    const key = draft.objectKey ?? keyOfManifest(draft.manifest);
    useSelection.getState().select(key);
  }

  return { refusal, submit, forget: () => setRefusal(null) };
}

const CLUSTER_SCOPED = ["Node", "Namespace", "Host", "SecurityGroup"];

function keyOfManifest(manifest: Json): string {
  const kind = String(manifest.kind);
  const namespace = String(getAt(manifest, ["metadata", "namespace"]) ?? "default");
  const name = String(getAt(manifest, ["metadata", "name"]));
  return keyFor(kind, CLUSTER_SCOPED.includes(kind) ? "" : namespace, name);
}
