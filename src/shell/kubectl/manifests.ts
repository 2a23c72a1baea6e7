import { identify } from "../../core/api/decode";
import { isObject, type JsonObject } from "../../core/api/json";
import { findResource } from "../../core/api/resources";
import { parseManifests } from "../../scenario/parse-manifests";
import { resolvePath } from "../files";
import { readAll } from "../streams";
import { failure } from "./failure";
import { RESOURCE_TYPES, type ResourceType } from "./resources";
import type { Kubectl } from "./verb";
import { yamlWords } from "./yaml-words";

export const FILE_FLAGS = {
  filename: { short: "f", value: true },
  recursive: { short: "R" },
  kustomize: { short: "k", value: true },
} as const;

export interface GivenManifest {
  readonly manifest: JsonObject;
  readonly type: ResourceType;
  readonly name: string;
  readonly namespace: string;
  /** What a refusal names: `"web.yaml"`, `"STDIN"`. */
  readonly source: string;
}

export interface GivenManifests {
  readonly manifests: readonly GivenManifest[];
  /** Documents that could not be used, in words. */
  readonly errors: readonly string[];
  /** Kinds that a real cluster has and this one has not: `ConfigMap default/x`. */
  readonly ignored: readonly string[];
}

export function requireFiles({ flags }: Kubectl): void {
  if (!flags.has("filename") && !flags.has("kustomize"))
    throw failure("must specify one of -f and -k");
}

/** What `-f` names: files, folders, standard input. */
export async function readManifests(kubectl: Kubectl): Promise<GivenManifests> {
  const { flags, process } = kubectl;
  if (flags.has("kustomize")) throw failure("-k is not modelled here");
  const all = { manifests: [] as GivenManifest[], errors: [] as string[], ignored: [] as string[] };
  for (const path of flags.list("filename")) {
    for (const { source, text } of await readSources(kubectl, path)) {
      const read = manifestsOf(kubectl, text, source);
      all.manifests.push(...read.manifests);
      all.errors.push(...read.errors);
      all.ignored.push(...read.ignored);
    }
  }
  const nothing = all.manifests.length + all.errors.length + all.ignored.length === 0;
  if (nothing) throw failure(`no objects passed to ${process.args[0]}`);
  return all;
}

async function readSources(
  { process }: Kubectl,
  path: string,
): Promise<readonly { readonly source: string; readonly text: string }[]> {
  if (path === "-" || path === "/dev/stdin")
    return [{ source: "STDIN", text: await readAll(process.stdin) }];
  if (/^https?:/.test(path)) throw failure(`${path}: URLs are not modelled here`);
  const absolute = resolvePath(process.cwd, path);
  if (process.files.isFolder(absolute)) {
    const names = process.files.list(absolute).filter((name) => /\.(?:ya?ml|json)$/.test(name));
    return names.flatMap((name) => {
      const read = process.files.read(`${absolute}/${name}`);
      return read.ok ? [{ source: `${path.replace(/\/$/, "")}/${name}`, text: read.value }] : [];
    });
  }
  const read = process.files.read(absolute);
  if (!read.ok) throw failure(`the path "${path}" does not exist`);
  return [{ source: path, text: read.value }];
}

function manifestsOf({ namespace, flags }: Kubectl, text: string, source: string): GivenManifests {
  const { objects, scenarios, ignored, errors } = parseManifests(text);
  const manifests: GivenManifest[] = [];
  const words: string[] = [];
  for (const [index, { message, line }] of errors.entries()) {
    const unknown = /^no matches for kind "/.test(message);
    const wrongYaml = yamlWords(text, errors.slice(index));
    if (wrongYaml !== undefined) {
      words.push(
        `error: error parsing ${source}: error converting YAML to JSON: yaml: ${wrongYaml}`,
      );
      break;
    }
    if (unknown) words.push(mappingError(message, objectNameAt(text, message), source));
    else {
      const where = line === undefined ? "" : `line ${line}: `;
      words.push(
        `error: error parsing ${source}: error converting YAML to JSON: yaml: ${where}${message}`,
      );
    }
  }
  for (const _ of scenarios)
    words.push(
      `error: ${source}: a Scenario makes a new cluster: open it as one instead of applying it`,
    );
  for (const { manifest } of objects) {
    const { apiVersion, kind, name, namespace: given } = identify(manifest);
    const resource = findResource(apiVersion, kind);
    const type = resource && RESOURCE_TYPES.find((one) => one.modelled === resource.kind);
    if (!isObject(manifest) || !type) {
      words.push(
        `error: unable to decode "${source}": Object 'Kind' is missing in '${JSON.stringify(manifest)}'`,
      );
      continue;
    }
    if (type.namespaced && given !== "" && flags.has("namespace") && given !== namespace)
      throw failure(
        `the namespace from the provided object "${given}" does not match the namespace "${namespace}". You must pass '--namespace=${given}' to perform this operation.`,
      );
    const home = type.namespaced ? given || namespace : "";
    const metadata = {
      ...(manifest.metadata as JsonObject | undefined),
      ...(home !== "" && { namespace: home }),
    };
    manifests.push({ manifest: { ...manifest, metadata }, type, name, namespace: home, source });
  }
  return { manifests, errors: words, ignored };
}

function mappingError(message: string, name: string, source: string): string {
  return `error: resource mapping not found for name: "${name}" namespace: "" from "${source}": ${message}\nensure CRDs are installed first`;
}

/** The name of the document whose kind nobody knows. */
function objectNameAt(text: string, message: string): string {
  const kind = /kind "([^"]*)"/.exec(message)?.[1] ?? "";
  const documents = text.split(/^---.*$/m);
  const document = documents.find((one) => new RegExp(`kind:\\s*["']?${kind}\\b`).test(one)) ?? "";
  return /name:\s*["']?([\w.-]+)/.exec(document)?.[1] ?? "";
}

/** Says what was left out, and the errors; answers the exit code. */
export async function reportManifests(
  kubectl: Kubectl,
  { errors, ignored }: GivenManifests,
  failed: boolean,
): Promise<number> {
  for (const one of ignored) await kubectl.hint(`${one}: not modelled here, left out`);
  for (const error of errors) await kubectl.complain(error);
  return failed || errors.length > 0 ? 1 : 0;
}
