import { type Frame, interfaceName } from "./frame";
import { pcapng } from "./pcapng";

/** What a capture holds: every TCP stream and exchange of datagrams once (`streams`), every interface's own copy of
 *  each packet (`any`, as `tcpdump -i any`), or what one interface saw, by its name. */
export type CaptureScope = string;

export const STREAMS: CaptureScope = "streams";
export const ANY: CaptureScope = "any";

/** The frames as a pcapng file. */
export function captureOf(frames: readonly Frame[], scope: CaptureScope): Uint8Array {
  if (scope === ANY) return pcapng(frames);
  if (scope === STREAMS) return pcapng(wholeStreams(frames));
  return pcapng(frames.filter((frame) => interfaceName(frame) === scope));
}

/** Names of the interfaces that saw anything, in the order in which they did. */
export function interfacesOf(frames: readonly Frame[]): readonly string[] {
  return [...new Set(frames.map(interfaceName))];
}

/** Each form that translation gives a connection's addresses is a stream of its own: taken at the interface that saw
 *  most of it, the first of them. Bridges saw nothing that their ports did not, and with bridge-nf-call-iptables only
 *  halves of some streams; a tunnel's datagrams carry streams that are there already. */
function wholeStreams(frames: readonly Frame[]): readonly Frame[] {
  const seen = new Map<string, Map<string, number>>();
  for (const frame of frames) {
    if (frame.bridge || frame.packet.vxlan) continue;
    const stream = streamOf(frame);
    const counts = seen.get(stream) ?? new Map<string, number>();
    const name = interfaceName(frame);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    seen.set(stream, counts);
  }
  const taken = new Map([...seen].map(([stream, counts]) => [stream, busiest(counts)]));
  return frames.filter((frame) => interfaceName(frame) === taken.get(streamOf(frame)));
}

/** The same for both directions, and for errors about them. */
function streamOf({ connection, packet }: Frame): string {
  const { protocol, src, sport, dst, dport } = packet.icmp?.quoted ?? packet;
  const ends = [`${src}:${sport}`, `${dst}:${dport}`].sort();
  return `${connection} ${protocol} ${ends.join(" ")}`;
}

function busiest(counts: ReadonlyMap<string, number>): string {
  let best = "";
  for (const [name, count] of counts) if (count > (counts.get(best) ?? 0)) best = name;
  return best;
}
