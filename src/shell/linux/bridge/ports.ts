import type { World } from "../../../core/cluster/world";
import { findInterface, type Netns, type NetworkInterface } from "../../../core/dataplane/netns";
import { SECOND } from "../../../core/sim/time";

/** How long a bridge remembers behind which port an address is. Source: kernel br_device.c, ageing_time. */
const AGEING_US = 300 * SECOND;

export function bridgesOf({ interfaces }: Netns): readonly NetworkInterface[] {
  return interfaces.filter(({ kind }) => kind === "bridge");
}

/** In the order in which the kernel numbered them. */
export function portsOf({ interfaces }: Netns, bridge: string): readonly NetworkInterface[] {
  return interfaces.filter(({ master }) => master === bridge).sort((a, b) => a.index - b.index);
}

export interface LearntAddress {
  readonly mac: string;
  readonly port: NetworkInterface;
  readonly heardAtUs: number;
}

/** Whom a bridge has heard, as far as the run remembers its requests. */
export function learntBy(world: World, netns: Netns, bridge: string): readonly LearntAddress[] {
  const ports = new Map(portsOf(netns, bridge).map((port) => [port.name, port]));
  const heard = new Map<string, LearntAddress>();
  for (const { frames } of world.journeys())
    for (const { netns: id, dev, direction, atUs } of frames) {
      const port = ports.get(dev);
      if (id !== netns.id || direction !== "in" || !port?.peer) continue;
      const far = world.plane.find(port.peer.netns);
      const mac = far && findInterface(far, port.peer.name)?.mac;
      if (mac !== undefined && world.nowUs - atUs < AGEING_US)
        heard.set(dev, { mac, port, heardAtUs: Math.max(atUs, heard.get(dev)?.heardAtUs ?? 0) });
    }
  return [...heard.values()].sort((a, b) => a.port.index - b.port.index);
}
