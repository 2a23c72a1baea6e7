import { identify } from "../core/api/decode";
import { isObject } from "../core/api/json";
import { findResource } from "../core/api/resources";
import { keyOf } from "../core/api/types";
import type { EditCommand, HistoryEntry } from "../core/cluster/command";
import type { World } from "../core/cluster/world";
import { formatManifest } from "../scenario/format-manifest";
import { type Action, kubectlEquivalent } from "../shell/kubectl/equivalent";
import { actionWords } from "../shell/kubectl/equivalent-words";
import type { HistoryItem, HistoryView } from "./protocol";

const items = new WeakMap<HistoryEntry, HistoryItem>();
const views = new WeakMap<readonly HistoryEntry[], HistoryView>();

/** The edits of a run, for people. The same view for the same history. */
export function historyView({ history }: World): HistoryView {
  const { done, undone } = history;
  const known = views.get(done);
  if (known?.undone.length === undone.length) {
    const same = undone.every((entry, index) => itemOf(entry) === known.undone[index]);
    if (same) return known;
  }
  const view = { done: done.map(itemOf), undone: undone.map(itemOf) };
  views.set(done, view);
  return view;
}

function itemOf(entry: HistoryEntry): HistoryItem {
  const known = items.get(entry);
  if (known) return known;
  const { id, atUs, command } = entry;
  const action = actionOf(command);
  const kubectl = action && kubectlEquivalent(action);
  const applied = command.type === "apply" ? command.manifests.map(keyOfManifest) : [];
  const text = action ? actionWords(action, applied) : "Put objects back";
  const item = { id, atUs, text, ...(kubectl !== undefined && { kubectl }) };
  items.set(entry, item);
  return item;
}

/** Undefined for what only undoing does. */
function actionOf(command: EditCommand): Action | undefined {
  switch (command.type) {
    case "apply": {
      const documents = command.manifests.filter(isObject).map(formatManifest);
      return { type: "apply", yaml: documents.join("---\n") };
    }
    case "restore":
    case "restoreContainer":
    case "restoreNetwork":
    case "putRules":
      return undefined;
    default:
      return command;
  }
}

function keyOfManifest(manifest: unknown): string {
  const { apiVersion, kind, namespace, name } = identify(manifest);
  const namespaced = findResource(apiVersion, kind)?.namespaced ?? true;
  return keyOf(kind, namespaced ? namespace || "default" : "", name);
}
