import { formatIpv4 } from "../core/net/ipv4";
import type { HopView } from "../worker/protocol";
import { useMirror } from "./mirror";
import { keyOfPlace, type Owners, ownersOf } from "./owners";
import { useSelection } from "./selection";

/** Whether a hop has to do with the selected object: it is there, it is in its headers, or one of its rules is there
 *  because of it. */
export function useTouches(): (hop: HopView) => boolean {
  const selected = useSelection((state) => state.selected);
  const records = useMirror((state) => state.records);
  if (selected === null) return () => false;
  const owners = ownersOf(records);
  return (hop) => touches(hop, selected, owners);
}

export function touches(
  hop: HopView,
  key: string,
  { addresses, nodePorts, nodes }: Owners,
): boolean {
  if (keyOfPlace(hop.place) === key) return true;
  const isNamed = (ip: number, port: number) => {
    const owner = addresses.get(formatIpv4(ip));
    if (owner === key) return true;
    return owner !== undefined && nodes.has(owner) && nodePorts.get(port) === key;
  };
  return (
    hop.causes.some(({ object }) => object === key) ||
    [hop.before, hop.after].some(
      ({ src, sport, dst, dport }) => isNamed(src, sport) || isNamed(dst, dport),
    )
  );
}
