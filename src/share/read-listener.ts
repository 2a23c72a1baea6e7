import type { Listener } from "../core/dataplane/netns";
import { isName, isRecord } from "./read-values";

const PROGRAMS = ["http", "echo"] as const;
const PROTOCOLS = ["tcp", "udp"] as const;

/** A socket that a program of the terminal opens; undefined for anything else. */
export function readListener(value: unknown): Listener | undefined {
  if (!isRecord(value)) return undefined;
  const { port, owner } = value;
  const protocol = PROTOCOLS.find((one) => one === value.protocol);
  const program = PROGRAMS.find((one) => one === value.program);
  const isPort = typeof port === "number" && Number.isInteger(port) && port > 0 && port <= 65_535;
  return protocol && program && isPort && isName(owner)
    ? { protocol, port, owner, program }
    : undefined;
}
