import type { Pod } from "../core/api/types";
import type { World } from "../core/cluster/world";
import { imageName } from "../core/programs/images";
import type { ComputedFiles } from "./files";
import { cniFilesOf } from "./linux/cni-files";
import { machineHosts, networkFiles, podHosts } from "./linux/computed-files";
import { containerEnvironment } from "./linux/container-env";
import { netnsIdOf } from "./linux/network";
import { serviceEnvironment } from "./linux/service-env";
import { OS_RELEASE } from "./machine-facts";
import type { Place } from "./place";
import type { Environment, Userland } from "./process";

/** What a place is like at this moment. */
export interface PlaceFacts {
  readonly userland: Userland;
  /** Its shell's name, as error messages begin. */
  readonly shell: "bash" | "sh";
  readonly user: string;
  readonly hostname: string;
  readonly home: string;
  readonly env: Environment;
  /** Changes when the place is made anew (a container that restarted): what was written there is gone then. */
  readonly incarnation: string;
  readonly files: () => ComputedFiles;
  readonly folders: readonly string[];
}

const SYSTEM_FOLDERS = [
  "/bin",
  "/etc",
  "/home",
  "/proc",
  "/root",
  "/sys",
  "/usr",
  "/usr/bin",
  "/var",
];

/** The facts, or why there is no such place, in words. */
export function placeFacts(place: Place, world: World): PlaceFacts | { readonly error: string } {
  switch (place.kind) {
    case "laptop":
      return facts({ userland: "laptop", user: "you", hostname: "laptop", home: "/home/you" });
    case "node":
      if (!world.store.find("Node", "", place.name))
        return { error: `nodes "${place.name}" not found` };
      if (!world.plane.find(`node/${place.name}`)?.up)
        return { error: `connect to host ${place.name} port 22: Connection timed out` };
      return machineFacts("node", place, world);
    case "host":
      if (!world.store.find("Host", "", place.name))
        return { error: `host "${place.name}" not found` };
      return machineFacts("host", place, world);
    case "pod":
      return podFacts(place, world);
  }
}

function machineFacts(
  userland: "node" | "host",
  { kind, name }: Extract<Place, { kind: "node" | "host" }>,
  world: World,
): PlaceFacts {
  const given = facts({ userland, user: "root", hostname: name, home: "/root" });
  const netns = `${kind}/${name}`;
  const files = () => ({
    ...given.files(),
    ...networkFiles(world, netns, netns, () => machineHosts(name)),
    ...(kind === "node" && { ...cniFilesOf(world, name), "/etc/os-release": () => OS_RELEASE }),
  });
  return { ...given, files };
}

function podFacts(
  place: Extract<Place, { kind: "pod" }>,
  world: World,
): PlaceFacts | { readonly error: string } {
  const pod = world.store.find("Pod", place.namespace, place.name);
  if (!pod) return { error: `pods "${place.name}" not found` };
  const container = pod.spec.containers.find(({ name }) => name === place.container);
  if (!container)
    return { error: `container ${place.container} is not valid for pod ${place.name}` };
  const status = pod.status.containerStatuses?.find(({ name }) => name === container.name);
  if (!status?.state.running) return { error: "container not found" };
  const userland = imageUserland(container.image);
  const alpine = userland === "alpine";
  const hostname = podHostname(pod, world);
  const own = facts({
    userland,
    user: /^kuard/.test(imageName(container.image)) ? "nobody" : "root",
    hostname,
    home: alpine && /^kuard/.test(imageName(container.image)) ? "/" : "/root",
  });
  const resolver = `pod/${place.namespace}/${place.name}`;
  const netns = netnsIdOf(place, world) ?? resolver;
  const hosts = () => podHosts(pod, hostname, pod.spec.nodeName ?? "");
  return {
    ...own,
    env: {
      ...DEFAULT_PATH,
      HOSTNAME: hostname,
      HOME: own.home,
      ...serviceEnvironment(world, pod),
      ...containerEnvironment(pod, container),
    },
    files: () => ({ ...own.files(), ...networkFiles(world, netns, resolver, hosts) }),
    shell: alpine ? "sh" : "bash",
    incarnation: `${pod.metadata.uid}/${status.restartCount}`,
  };
}

const DEFAULT_PATH = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };

function podHostname(pod: Pod, world: World): string {
  const node = world.store.find("Node", "", pod.spec.nodeName ?? "");
  return pod.spec.hostNetwork && node
    ? node.metadata.name
    : (pod.spec.hostname ?? pod.metadata.name);
}

/** Images that people debug networks with: they bring dig, curl and their like. */
const TOOLBOXES =
  /^(?:netshoot|(?:jessie-)?dnsutils|dnstools|network-multitool|agnhost|busyboxplus|curl|python)(?:-|$)/;

/** What an image brings beside its program. */
export function imageUserland(image: string): Userland {
  const name = imageName(image);
  if (/^(?:coredns|kube-proxy|pause|whoami|http-echo)(?:-|$)/.test(name)) return "none";
  if (TOOLBOXES.test(name)) return "toolbox";
  return /^(?:nginx|httpd|debian|ubuntu|postgres|mysql|redis)(?:-|$)/.test(name)
    ? "debian"
    : "alpine";
}

function facts(given: {
  userland: Userland;
  user: string;
  hostname: string;
  home: string;
}): PlaceFacts {
  const { user, home, hostname } = given;
  return {
    ...given,
    shell: "bash",
    incarnation: "",
    env: {
      HOME: home,
      HOSTNAME: hostname,
      ...DEFAULT_PATH,
      SHELL: "/bin/bash",
      TERM: "xterm-256color",
      USER: user,
    },
    files: () => ({ "/etc/hostname": () => `${hostname}\n` }),
    folders: [...SYSTEM_FOLDERS, home],
  };
}
