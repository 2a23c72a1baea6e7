import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { fieldOf, isObject, type JsonObject } from "../../../api/json";
import { macOf } from "../../../dataplane/mac";
import { formatIpv4 } from "../../../net/ipv4";
import { chainOf } from "../host-ports";
import type { Outcome, Run } from "./executors";
import { withInterface } from "./results";
import { prevResult } from "./stdin";
import type { Story } from "./story";

/** Plugins that come after the one that made the interface. Source: containernetworking/plugins 1.1.1, meta. */

export function portmapAdd({ story, stdin }: Run): Outcome {
  const { hostPorts } = story.record;
  const chain = chainName(story, stdin);
  const { ip = 0 } = story.record;
  const did = hostPorts.map(
    ({ hostPort, containerPort, protocol }) =>
      `nat: ${hostPort}/${protocol} of the node leads by ${chain} to ${formatIpv4(ip)}:${containerPort}`,
  );
  return {
    ...prevResult(stdin),
    did: did.length > 0 ? did : ["nothing: the pod has no hostPorts"],
  };
}

export function portmapDelete({ story, stdin }: Run): Outcome {
  const gone = story.record.hostPorts.length > 0;
  return { did: gone ? [`nat: ${chainName(story, stdin)} is gone`] : [] };
}

function chainName({ record }: Story, stdin: JsonObject): string {
  const { pod, id, ip = 0, prefix, hostPorts } = record;
  const network = String(fieldOf(stdin, "name"));
  return chainOf({ pod, network, sandboxId: id, ip, prefix, ports: hostPorts });
}

export function bandwidthAdd({ story, stdin }: Run): Outcome {
  const { ingress, egress } = story.record.bandwidth;
  const { result } = prevResult(stdin);
  if (!result || (ingress === undefined && egress === undefined))
    return { ...(result && { result }), did: ["nothing: the pod has no limits"] };
  const device = ifbName(story, stdin);
  const { hostDevice } = story.record;
  return {
    result:
      egress === undefined ? result : withInterface(result, { name: device, mac: macOf(device) }),
    did: [
      ...(ingress === undefined
        ? []
        : [`${hostDevice} lets ${ingress} bits a second into the pod (tbf)`]),
      ...(egress === undefined ? [] : [`${device} lets ${egress} bits a second out of it (tbf)`]),
      "kubehop shapes no traffic",
    ],
  };
}

export function bandwidthDelete({ story, stdin }: Run): Outcome {
  const { egress } = story.record.bandwidth;
  return { did: egress === undefined ? [] : [`${ifbName(story, stdin)} is gone`] };
}

/** Source: bandwidth plugin, getIfbDeviceName. */
function ifbName({ record }: Story, stdin: JsonObject): string {
  const hash = bytesToHex(sha512(utf8ToBytes(String(fieldOf(stdin, "name")) + record.id)));
  return `bwp${hash}`.slice(0, 15);
}

/** What containerd fills in for the capabilities that a plugin declares, where the pod asks for something. */
export function runtimeConfigOf({ record }: Story, plugin: JsonObject): JsonObject | undefined {
  const capabilities = fieldOf(plugin, "capabilities");
  const can = (name: string) => isObject(capabilities) && capabilities[name] === true;
  const { hostPorts, bandwidth } = record;
  const limits = bandwidthOf(bandwidth);
  const config = {
    ...(can("bandwidth") && limits && { bandwidth: limits }),
    ...(can("portMappings") &&
      hostPorts.length > 0 && {
        portMappings: hostPorts.map(({ hostPort, containerPort, protocol, hostIP }) => ({
          hostPort,
          containerPort,
          protocol: protocol.toLowerCase(),
          hostIP,
        })),
      }),
  };
  return Object.keys(config).length > 0 ? config : undefined;
}

/** Source: containerd, internal/cri/server, toCNIBandWidth: bursts as great as can be. */
const BURST = 2_147_483_647;

function bandwidthOf({ ingress, egress }: Story["record"]["bandwidth"]): JsonObject | undefined {
  if (ingress === undefined && egress === undefined) return undefined;
  return {
    ...(ingress !== undefined && { ingressRate: bitsOf(ingress), ingressBurst: BURST }),
    ...(egress !== undefined && { egressRate: bitsOf(egress), egressBurst: BURST }),
  };
}

const SUFFIXES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** A quantity as Kubernetes writes it; 0 for none. */
function bitsOf(quantity: string): number {
  const [, digits = "", suffix = ""] = /^(\d{1,12})(k|M|G|Ki|Mi|Gi)?$/.exec(quantity) ?? [];
  return Number(digits) * (SUFFIXES[suffix] ?? 0);
}
