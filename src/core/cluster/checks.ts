import type { Check, CheckAnswer, CheckPurpose } from "../controllers/check";
import { formatEndpoint } from "../net/packet";
import { seededDecider } from "../sim/decider";
import { CheckMemo } from "./check-memo";
import { connectErrorOf, isConnected } from "./connect-error";
import type { Destination, Journey, JourneyOptions } from "./connection";
import { sendDirectly } from "./direct";
import { Network } from "./network";
import type { NetworkMoment } from "./network-environment";
import { EPHEMERAL_PORTS } from "./sending";

/** A check that was made, with all that its packets met. */
export interface MadeCheck {
  /** Counts up over the run. */
  readonly id: number;
  readonly journey: Journey;
  readonly purpose: CheckPurpose;
  readonly answer: CheckAnswer;
}

/** In the conntrack entries that they make. */
export const CHECK_ORIGIN = "check";

/** Enough to see what goes on; a large cluster makes more of them in a second. */
const MAX_KEPT = 60;

/** Probes and health checks that nobody follows. Their packets are run straight to the end, and leave behind what packets
 *  leave: conntrack entries, counters. The latest are kept.
 *  Simplified: nothing else happens while one is under way. */
export class Checks {
  readonly #memo: CheckMemo;
  #made: readonly MadeCheck[];
  #last: number;

  constructor(from?: Checks) {
    this.#memo = from ? from.#memo : new CheckMemo();
    this.#made = from ? from.#made : [];
    this.#last = from ? from.#last : 0;
  }

  fork(): Checks {
    return new Checks(this);
  }

  /** The latest last. */
  get made(): readonly MadeCheck[] {
    return this.#made;
  }

  make(check: Check, moment: NetworkMoment, seed: number): CheckAnswer {
    const id = ++this.#last;
    const decider = (turn: string) => seededDecider(seed, `check/${id}/${turn}`);
    const { from: lowest, to: highest } = EPHEMERAL_PORTS;
    const repeated = this.#memo.repeat(check, moment, () =>
      decider("connection/1/port").anyPort(lowest, highest),
    );
    const { purpose } = check;
    if (repeated) {
      const { journey, answer } = repeated;
      this.#keep({
        id,
        purpose,
        answer,
        get journey() {
          return journey();
        },
      });
      return answer;
    }
    const before = this.#memo.before(check, moment.plane);
    const { journey, endedAtUs } = sendDirectly(
      new Network(),
      { ...moment, origin: CHECK_ORIGIN },
      {
        client: check.from,
        to: destinationOf(check),
        names: namesOf(check),
        options: optionsOf(check),
      },
      decider,
    );
    const answer = answerOf(journey, endedAtUs);
    this.#memo.remember(check, journey, answer, before, moment.plane);
    this.#keep({ id, journey, purpose, answer });
    return answer;
  }

  #keep(made: MadeCheck): void {
    this.#made =
      this.#made.length < MAX_KEPT ? [...this.#made, made] : [...this.#made.slice(1), made];
  }
}

export function destinationOf({ ip, port }: Check): Destination {
  return { ip, port, protocol: "tcp" };
}

/** Who asks whom, as requests have it. */
export function namesOf({ from, ip, port }: Check): { readonly from: string; readonly to: string } {
  return { from, to: formatEndpoint(ip, port) };
}

export function optionsOf({ purpose, http }: Check): JourneyOptions {
  return { check: purpose, ...(http ? { http } : { hangUp: true }) };
}

/** What came of a check's packets; all of them have arrived, or are lost. */
export function answerOf(journey: Journey, endedAtUs: number): CheckAnswer {
  const { outcome, sentAtUs } = journey;
  const tookUs = endedAtUs - sentAtUs;
  const kind = outcome?.verdict.kind;
  if (kind === "delivered")
    return { kind: "answered", tookUs, ...(outcome?.http && { http: outcome.http }) };
  if (kind === "refused") return { kind: "failed", error: connectErrorOf(journey), tookUs };
  return { kind: "silent", connected: isConnected(journey), tookUs };
}
