import { hash32 } from "../sim/random";

/** A locally administered unicast address, always the same for the same name. */
export function macOf(name: string): string {
  const low = hash32(name);
  const high = hash32(`${name}/mac`);
  const bytes = [
    0x02 | (high & 0xf0),
    (high >>> 8) & 255,
    low >>> 24,
    (low >>> 16) & 255,
    (low >>> 8) & 255,
    low & 255,
  ];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}
