import type { TcpFlags } from "../../net/packet";
import type { TcpState } from "./conntrack";

/** What a segment does to a connection: moves it on, is let pass without a trace, or is INVALID. */
export type TcpStep = TcpState | "ignored" | "invalid";

/** Which of the flags conntrack goes by. */
type Segment = "syn" | "synack" | "fin" | "ack" | "rst";

const STATES: readonly TcpState[] = [
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "SYN_SENT2",
];

const SS = "SYN_SENT";
const SR = "SYN_RECV";
const ES = "ESTABLISHED";
const FW = "FIN_WAIT";
const CW = "CLOSE_WAIT";
const LA = "LAST_ACK";
const TW = "TIME_WAIT";
const CL = "CLOSE";
const S2 = "SYN_SENT2";
const IG = "ignored";
const IV = "invalid";

/** Next state by the present one, in the order of STATES. Source: kernel nf_conntrack_proto_tcp.c, tcp_conntracks. */
const STEPS: Record<"original" | "reply", Record<Segment, readonly TcpStep[]>> = {
  original: {
    syn: [SS, IG, IG, IG, IG, IG, SS, SS, S2],
    synack: [IV, SR, IV, IV, IV, IV, IV, IV, SR],
    fin: [IV, FW, FW, LA, LA, LA, TW, CL, IV],
    ack: [IV, ES, ES, CW, CW, TW, TW, CL, IV],
    rst: [CL, CL, CL, CL, CL, CL, CL, CL, CL],
  },
  reply: {
    syn: [S2, IV, IV, IV, IV, IV, SS, IV, S2],
    synack: [SR, IG, IG, IG, IG, IG, IG, IG, SR],
    fin: [IV, FW, FW, LA, LA, LA, TW, CL, IV],
    ack: [IG, SR, ES, CW, CW, TW, TW, CL, IG],
    rst: [CL, CL, CL, CL, CL, CL, CL, CL, CL],
  },
};

const SEGMENTS: Record<TcpFlags, Segment> = {
  S: "syn",
  "S.": "synack",
  ".": "ack",
  "P.": "ack",
  "F.": "fin",
  R: "rst",
  "R.": "rst",
};

export function nextTcpState(
  state: TcpState,
  flags: TcpFlags,
  direction: "original" | "reply",
): TcpStep {
  return STEPS[direction][SEGMENTS[flags]][STATES.indexOf(state)] ?? IV;
}

/** State of a connection whose first packet this is; undefined: none starts so. A bare ACK is picked up
 *  (nf_conntrack_tcp_loose=1). Source: kernel nf_conntrack_proto_tcp.c, tcp_new. */
export function firstTcpState(flags: TcpFlags): TcpState | undefined {
  switch (SEGMENTS[flags]) {
    case "syn":
      return SS;
    case "ack":
      return ES;
    default:
      return undefined;
  }
}
