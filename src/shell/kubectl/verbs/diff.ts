import { structuredPatch } from "diff";
import type { KubeObject } from "../../../core/api/types";
import { formatTimestamp, MS, SECOND } from "../../../core/sim/time";
import { refusalOf } from "../api";
import { KubectlFailure, statusFailure } from "../failure";
import { FILE_FLAGS, readManifests, reportManifests, requireFiles } from "../manifests";
import { formatYaml } from "../output/yaml";
import { present } from "../present";
import type { Kubectl, Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";

/** 0: nothing differs, 1: something does, more: an error. Source: kubectl/pkg/cmd/diff. */
export const diffVerb: Verb = {
  name: "diff",
  flags: {
    ...FILE_FLAGS,
    selector: SELECTION_FLAGS.selector,
    concurrency: { value: true },
    "field-manager": { value: true },
    "force-conflicts": {},
    prune: {},
    "prune-allowlist": { value: true },
    "server-side": {},
    "show-managed-fields": {},
  },
  run: async (kubectl) => {
    try {
      return await diff(kubectl);
    } catch (error) {
      if (!(error instanceof KubectlFailure)) throw error;
      throw new KubectlFailure(error.message, 2);
    }
  },
};

async function diff(kubectl: Kubectl): Promise<number> {
  const { api } = kubectl;
  requireFiles(kubectl);
  const given = await readManifests(kubectl);
  const versions: Version[] = [];
  for (const { manifest, type, namespace, name } of given.manifests) {
    const live = api.find(type, namespace, name);
    const result = api.execute({ type: "apply", manifests: [manifest] }, true);
    if (!result.ok) throw statusFailure(refusalOf(result));
    const merged = result.applied[0]?.object;
    const file = [type.group, type.version, type.kind, type.namespaced ? namespace : "", name];
    const path = file.filter((part, index) => index > 0 || part !== "").join(".");
    versions.push({
      file: path,
      live: live ? formatYaml(live) : "",
      merged: merged ? formatYaml(withVersionOf(present(merged), live)) : "",
    });
  }
  const status = await reportManifests(kubectl, given, false);
  const text = differences(kubectl, versions);
  await kubectl.write(text);
  return status === 0 ? Number(text !== "") : 2;
}

interface Version {
  readonly file: string;
  readonly live: string;
  readonly merged: string;
}

/** What nobody stores gets no new version. */
function withVersionOf(merged: KubeObject, live: KubeObject | undefined): object {
  const { resourceVersion: _, ...metadata } = merged.metadata;
  const version = live && { resourceVersion: live.metadata.resourceVersion };
  return { ...merged, metadata: { ...metadata, ...version } };
}

/** What `diff -u -N` prints of two folders. */
function differences({ api }: Kubectl, versions: readonly Version[]): string {
  const random = api.cluster.random("diff");
  const folders = ["LIVE", "MERGED"].map((name) => `/tmp/${name}-${random.int(1e8, 4e9)}`);
  const [seconds, rest] = [Math.floor(api.nowUs / SECOND), api.nowUs % SECOND];
  const [day, clock] = formatTimestamp(seconds * SECOND).split(/[TZ]/);
  const fraction = String(Math.floor(rest / MS) * 1_000_000).padStart(9, "0");
  const time = `${day} ${clock}.${fraction} +0000`;
  return [...versions]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .filter(({ live, merged }) => live !== merged)
    .map(({ file, live, merged }) => {
      const [from, to] = folders.map((folder) => `${folder}/${file}`);
      const head = `diff -u -N ${from} ${to}\n--- ${from}\t${time}\n+++ ${to}\t${time}\n`;
      return head + hunks(live, merged);
    })
    .join("");
}

function hunks(before: string, after: string): string {
  const range = (start: number, lines: number) =>
    lines === 1 ? String(start) : `${lines === 0 ? start - 1 : start},${lines}`;
  return structuredPatch("", "", before, after, "", "", { context: 3 })
    .hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => {
      const from = range(before === "" ? 1 : oldStart, oldLines);
      return `@@ -${from} +${range(newStart, newLines)} @@\n${lines.join("\n")}\n`;
    })
    .join("");
}
