import { ipv4 } from "../net/ipv4";
import type { NetworkInterface } from "./netns";

/** Every machine and every pod has it. */
export const LOOPBACK: NetworkInterface = {
  name: "lo",
  index: 1,
  kind: "loopback",
  mac: "00:00:00:00:00:00",
  mtu: 65_536,
  addresses: [{ ip: ipv4("127.0.0.1"), prefix: 8 }],
};
