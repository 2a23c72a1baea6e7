import type { NetnsId } from "../dataplane/netns";
import type { Decider } from "../sim/decider";
import { EventQueue } from "../sim/event-queue";
import type { Journey, JourneyOptions } from "./connection";
import type { Network } from "./network";
import type { NetworkEnvironment, NetworkEvent, NetworkMoment } from "./network-environment";
import type { Target } from "./targets";

export interface DirectRequest {
  readonly client: NetnsId;
  readonly to: Target;
  readonly names: { readonly from: string; readonly to: string };
  readonly options: JourneyOptions;
  readonly naive?: boolean;
}

/** Sends one request and runs only its packets, to the end; nothing else in the world moves. Writes to the plane that
 *  it is given: hand in a fork to leave no trace. */
export function sendDirectly(
  network: Network,
  moment: NetworkMoment,
  request: DirectRequest,
  decider: (name: string) => Decider,
): { journey: Journey; endedAtUs: number } {
  const queue = new EventQueue<NetworkEvent>();
  let nowUs = moment.nowUs;
  const environment: NetworkEnvironment = {
    ...moment,
    get nowUs() {
      return nowUs;
    },
    schedule: (delayUs, event) => queue.schedule(nowUs + delayUs, event),
    decider,
    ...(request.naive && { naive: true }),
  };
  const id = network.send(request.client, request.to, request.names, request.options, environment);
  for (let due = queue.pop(); due; due = queue.pop()) {
    nowUs = due.atUs;
    network.handle(due.event, environment);
  }
  return { journey: network.journey(id), endedAtUs: nowUs };
}
