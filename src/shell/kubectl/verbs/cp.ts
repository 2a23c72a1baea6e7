import { type FileSystem, resolvePath } from "../../files";
import { failure, KubectlFailure } from "../failure";
import type { Kubectl, Verb } from "../verb";
import { notStarted } from "./exec";
import { containerOf, podOf } from "./pods";

/** Files between the laptop and a container. The real one runs tar there. */
export const cp: Verb = {
  name: "cp",
  flags: {
    container: { short: "c", value: true },
    "no-preserve": {},
    retries: { value: true },
  },
  run: async (kubectl) => {
    const { args, process } = kubectl;
    const [from, to, ...more] = args;
    if (from === undefined || to === undefined || more.length > 0)
      throw failure("source and destination are required");
    const [source, target] = [parseSpec(from), parseSpec(to)];
    if (source.pod !== undefined && target.pod !== undefined)
      throw failure("one of src or dest must be a local file specification");
    if (source.pod !== undefined) {
      const remote = remoteFiles(kubectl, source);
      if (remote.files.exists(remote.path)) {
        if (source.path.startsWith("/"))
          await kubectl.complain("tar: removing leading '/' from member names");
        return copy(remote, { files: process.files, path: resolvePath(process.cwd, target.path) });
      }
      await kubectl.complain(`tar: ${source.path}: No such file or directory`);
      throw failure(`${source.path} no such file or directory`);
    }
    if (target.pod === undefined)
      throw failure("one of src or dest must be a remote file specification");
    const local = { files: process.files, path: resolvePath(process.cwd, source.path) };
    if (!local.files.exists(local.path))
      throw failure(`${source.path} doesn't exist in local filesystem`);
    const remote = remoteFiles(kubectl, target);
    const inFolder = remote.files.isFolder(remote.path);
    const name = local.path.slice(local.path.lastIndexOf("/"));
    const path = inFolder ? `${remote.path === "/" ? "" : remote.path}${name}` : remote.path;
    const parent = path.slice(0, path.lastIndexOf("/")) || "/";
    if (!remote.files.isFolder(parent)) {
      await kubectl.complain(`tar: ${parent}: Cannot open: No such file or directory`);
      throw new KubectlFailure("command terminated with exit code 2", 1);
    }
    return copy(local, { files: remote.files, path });
  },
};

interface Spec {
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly path: string;
}

/** `POD:PATH`, `NAMESPACE/POD:PATH`, `PATH`. Source: kubectl/pkg/cmd/cp, extractFileSpec. */
function parseSpec(text: string): Spec {
  const colon = text.indexOf(":");
  if (colon < 0) return { path: text };
  if (colon === 0)
    throw failure("filespec must match the canonical format: [[namespace/]pod:]file/path");
  const [pod = "", path] = [text.slice(0, colon), text.slice(colon + 1)];
  const [first = "", second, ...more] = pod.split("/");
  if (more.length > 0)
    throw failure("filespec must match the canonical format: [[namespace/]pod:]file/path");
  return second === undefined ? { pod: first, path } : { namespace: first, pod: second, path };
}

interface Location {
  readonly files: FileSystem;
  readonly path: string;
}

function remoteFiles(kubectl: Kubectl, { namespace, pod: name = "", path }: Spec): Location {
  const { process } = kubectl;
  const home = namespace ?? kubectl.namespace;
  const pod = podOf({ ...kubectl, namespace: home }, name);
  const container = containerOf(pod, kubectl.flags.text("container"));
  const place = { kind: "pod", namespace: home, name: pod.metadata.name, container } as const;
  const wrong = process.system.checkPlace(place);
  if (wrong !== undefined) throw failure(`unable to upgrade connection: ${wrong} ("${container}")`);
  if (process.system.userlandOf(place) === "none") throw notStarted("tar");
  return { files: process.system.filesOf(place), path: resolvePath("/", path) };
}

/** A file, or a folder with what is in it. */
function copy(from: Location, to: Location): number {
  if (!from.files.isFolder(from.path)) {
    const name = from.path.slice(from.path.lastIndexOf("/"));
    const path = to.files.isFolder(to.path) ? `${to.path === "/" ? "" : to.path}${name}` : to.path;
    const read = from.files.read(from.path);
    const written = read.ok ? to.files.write(path, read.value) : read;
    if (!written.ok) throw failure(`open ${path}: ${written.error.toLowerCase()}`);
    return 0;
  }
  if (!to.files.isFolder(to.path)) to.files.makeFolder(to.path);
  for (const name of from.files.list(from.path))
    copy(
      { files: from.files, path: resolvePath(from.path, name) },
      { files: to.files, path: resolvePath(to.path, name) },
    );
  return 0;
}
