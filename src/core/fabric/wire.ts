import type { Flight, Step, StepContext } from "../dataplane/flight";
import { VPC_ROUTER } from "../trace/place";
import { answersArp } from "./arp";
import { edgeIn } from "./edge-in";
import type { Fabric } from "./fabric";
import { internet } from "./internet";
import { routeInVpc, vpc } from "./vpc";
import { drop } from "./wire-step";

/** Takes a packet on from where a machine sent it: VPC router, gateways, internet. */
export function advanceWire(flight: Flight, fabric: Fabric, context: StepContext): Step {
  switch (flight.stage.at) {
    case "wire": {
      const from = fabric.attachments.get(flight.stage.from);
      if (!from) return drop(flight, VPC_ROUTER, "MachineDown", "the machine has no link");
      const { netns, zone } = from;
      const { dev, nextHop } = flight.stage;
      if (zone === "internet" || answersArp(fabric, nextHop))
        context.capture?.({ netns, dev, direction: "out", packet: flight.packet });
      return zone === "internet"
        ? internet(flight, fabric)
        : vpc(flight, fabric, from, nextHop, context);
    }
    case "vpc":
      return routeInVpc(flight, fabric, flight.packet, [], context);
    case "internet":
      return internet(flight, fabric);
    case "edge":
      return edgeIn(flight, fabric, context);
    default:
      throw new Error(`on a machine: ${flight.stage.at}`);
  }
}
