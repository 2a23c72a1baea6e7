import type { Packet } from "../net/packet";

/** A packet at a network interface, as a capture there sees it: before the hooks where it comes in, after them where
 *  it goes out. */
export interface Frame {
  /** Virtual microseconds. */
  readonly atUs: number;
  /** The interface's network namespace: `node/NAME`, `pod/NAMESPACE/NAME`, `host/NAME`, `elb/NAMESPACE/NAME`. */
  readonly netns: string;
  readonly dev: string;
  /** The interface is a bridge: what it sees passes one of its ports or the machine's own stack, too. */
  readonly bridge?: true;
  readonly direction: "in" | "out";
  /** Number of the connection in this run. */
  readonly connection: number;
  readonly packet: Packet;
}

/** A frame without what its flight says of it. */
export type FrameDraft = Omit<Frame, "atUs" | "connection">;

/** `node-1 eth0`, `default/web-1 eth0`. */
export function interfaceName({ netns, dev }: Pick<Frame, "netns" | "dev">): string {
  const owner = netns.startsWith("elb/") ? netns : netns.slice(netns.indexOf("/") + 1);
  return `${owner} ${dev}`;
}
