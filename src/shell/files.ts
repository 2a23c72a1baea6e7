/** A file's text, or why there is none, in strerror's words. */
export type FileResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: FileError };

export type FileError =
  | "No such file or directory"
  | "Is a directory"
  | "Not a directory"
  | "File exists"
  | "Directory not empty"
  | "Permission denied"
  | "Invalid argument"
  | "Read-only file system"
  | "No space left on device";

/** Files that a place computes whenever they are read: `/etc/resolv.conf`, `/proc/net/nf_conntrack`. */
export type ComputedFiles = Readonly<Record<string, () => string>>;

/** Takes what is written to a kernel's file (`/proc/sys/net/ipv4/ip_forward`); undefined: it is a file like any other. */
export type KernelFiles = (path: string, text: string) => FileResult<true> | undefined;

const MAX_FILES = 200;
const MAX_CHARACTERS = 1_000_000;

/** A place's files: what was written lies over what is computed. Paths are absolute and normal. */
export class FileSystem {
  /** undefined: a computed file that was removed. */
  readonly #written = new Map<string, string | undefined>();
  readonly #folders: Set<string>;
  readonly #computed: () => ComputedFiles;
  readonly #kernel: KernelFiles;

  constructor(
    computed: () => ComputedFiles = () => ({}),
    folders: readonly string[] = [],
    kernel: KernelFiles = () => undefined,
  ) {
    this.#computed = computed;
    this.#kernel = kernel;
    this.#folders = new Set(["/", "/tmp", ...folders]);
  }

  read(path: string): FileResult<string> {
    if (path === "/dev/null") return { ok: true, value: "" };
    const written = this.#written.get(path);
    if (written !== undefined) return { ok: true, value: written };
    const computed = this.#written.has(path) ? undefined : this.#computedAt(path);
    if (computed) return { ok: true, value: computed() };
    return {
      ok: false,
      error: this.isFolder(path) ? "Is a directory" : "No such file or directory",
    };
  }

  write(path: string, text: string): FileResult<true> {
    if (path === "/dev/null") return { ok: true, value: true };
    if (this.isFolder(path)) return { ok: false, error: "Is a directory" };
    const taken = this.#kernel(path, text);
    if (taken) return taken;
    const parent = this.#checkParent(path);
    if (parent) return { ok: false, error: parent };
    const others = [...this.#written].filter(([other]) => other !== path);
    const size = others.reduce((sum, [, content]) => sum + (content?.length ?? 0), text.length);
    if (others.length >= MAX_FILES || size > MAX_CHARACTERS)
      return { ok: false, error: "No space left on device" };
    this.#written.set(path, text);
    return { ok: true, value: true };
  }

  append(path: string, text: string): FileResult<true> {
    const taken = this.#kernel(path, text);
    if (taken) return taken;
    const before = this.read(path);
    return this.write(path, (before.ok ? before.value : "") + text);
  }

  remove(path: string): FileResult<true> {
    if (this.isFolder(path)) return { ok: false, error: "Is a directory" };
    if (!this.exists(path)) return { ok: false, error: "No such file or directory" };
    if (this.#kernel(path, "")) return { ok: false, error: "Permission denied" };
    if (this.#computedAt(path)) this.#written.set(path, undefined);
    else this.#written.delete(path);
    return { ok: true, value: true };
  }

  makeFolder(path: string): FileResult<true> {
    if (this.exists(path)) return { ok: false, error: "File exists" };
    const parent = this.#checkParent(path);
    if (parent) return { ok: false, error: parent };
    if (this.#folders.size >= MAX_FILES) return { ok: false, error: "No space left on device" };
    this.#folders.add(path);
    return { ok: true, value: true };
  }

  removeFolder(path: string): FileResult<true> {
    if (!this.exists(path)) return { ok: false, error: "No such file or directory" };
    if (!this.isFolder(path)) return { ok: false, error: "Not a directory" };
    if (this.list(path).length > 0) return { ok: false, error: "Directory not empty" };
    this.#folders.delete(path);
    return { ok: true, value: true };
  }

  exists(path: string): boolean {
    return this.isFolder(path) || this.read(path).ok;
  }

  isFolder(path: string): boolean {
    if (path === "/" || this.#folders.has(path)) return true;
    return this.#paths().some((one) => one.startsWith(`${path}/`));
  }

  /** Names in a folder, sorted as C does. */
  list(folder: string): readonly string[] {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    const names = new Set<string>();
    for (const path of [...this.#paths(), ...this.#folders]) {
      if (path === "/" || !path.startsWith(prefix)) continue;
      names.add(path.slice(prefix.length).split("/")[0] ?? "");
    }
    return [...names].sort();
  }

  #paths(): readonly string[] {
    const computed = Object.keys(this.#computed()).filter((path) => !this.#written.has(path));
    const written = [...this.#written].flatMap(([path, text]) =>
      text === undefined ? [] : [path],
    );
    return [...computed, ...written];
  }

  #computedAt(path: string): (() => string) | undefined {
    const files = this.#computed();
    return Object.hasOwn(files, path) ? files[path] : undefined;
  }

  #checkParent(path: string): FileError | undefined {
    const parent = path.slice(0, path.lastIndexOf("/")) || "/";
    if (this.isFolder(parent)) return undefined;
    return this.read(parent).ok ? "Not a directory" : "No such file or directory";
  }
}

/** `path` as seen from `cwd`: absolute, without `.`, `..` and doubled slashes. */
export function resolvePath(cwd: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}
