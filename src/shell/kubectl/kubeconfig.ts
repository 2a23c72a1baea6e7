import type { FileSystem } from "../files";

/** The laptop's kubeconfig, as far as it matters: which namespace commands are about. */
export const CONTEXT = "kubehop";

function pathOf(home: string): string {
  return `${home === "/" ? "" : home}/.kube/config`;
}

/** The namespace that a context was given; undefined where it was given none. */
export function readNamespace(files: FileSystem, home: string): string | undefined {
  const read = files.read(pathOf(home));
  return read.ok ? /^ {4}namespace: (\S+)$/m.exec(read.value)?.[1] : undefined;
}

export function writeNamespace(
  files: FileSystem,
  home: string,
  namespace: string,
  server: string,
): void {
  const folder = `${home === "/" ? "" : home}/.kube`;
  files.makeFolder(folder);
  files.write(pathOf(home), kubeconfig(server, namespace));
}

/** As `kubectl config view` prints it. */
export function kubeconfig(server: string, namespace: string | undefined): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: DATA+OMITTED
    server: ${server}
  name: ${CONTEXT}
contexts:
- context:
    cluster: ${CONTEXT}
${namespace === undefined ? "" : `    namespace: ${namespace}\n`}    user: ${CONTEXT}-admin
  name: ${CONTEXT}
current-context: ${CONTEXT}
kind: Config
preferences: {}
users:
- name: ${CONTEXT}-admin
  user:
    client-certificate-data: DATA+OMITTED
    client-key-data: DATA+OMITTED
`;
}
