import type { World } from "../../core/cluster/world";
import type { Netns, NetnsId } from "../../core/dataplane/netns";
import { type Packet, packetBytes } from "../../core/net/packet";
import type { Place } from "../place";
import type { Process } from "../process";

/** The network namespace that a place's programs see; undefined on the laptop. A pod of its node's network sees the node's. */
export function netnsIdOf(place: Place, world: World): NetnsId | undefined {
  switch (place.kind) {
    case "laptop":
      return undefined;
    case "node":
      return place.netns ?? `node/${place.name}`;
    case "host":
      return `host/${place.name}`;
    case "pod": {
      const pod = world.store.find("Pod", place.namespace, place.name);
      return pod?.spec.hostNetwork && pod.spec.nodeName
        ? `node/${pod.spec.nodeName}`
        : `pod/${place.namespace}/${place.name}`;
    }
  }
}

/** The node whose own network it is: rules and settings are modelled there only. */
export function nodeOf({ place }: Pick<Process, "place">): string | undefined {
  return place.kind === "node" && place.netns === undefined ? place.name : undefined;
}

export function findNetns({
  place,
  cluster,
}: Pick<Process, "place" | "cluster">): Netns | undefined {
  const id = netnsIdOf(place, cluster.world);
  return id === undefined ? undefined : cluster.world.plane.find(id);
}

/** The image's tools are busybox's. */
export function isBusybox(process: Process): boolean {
  return process.system.userlandOf(process.place) === "alpine";
}

/** What an interface has carried, as far as the run remembers its requests. */
export function trafficOf(world: World, netns: NetnsId, dev: string) {
  const total = { in: { packets: 0, bytes: 0 }, out: { packets: 0, bytes: 0 } };
  for (const { frames } of world.journeys())
    for (const frame of frames) {
      if (frame.netns !== netns || frame.dev !== dev) continue;
      total[frame.direction].packets++;
      total[frame.direction].bytes += frameBytes(frame.packet);
    }
  return total;
}

const ETHERNET_BYTES = 14;

function frameBytes(packet: Packet): number {
  return packetBytes(packet) + ETHERNET_BYTES;
}
