import type { Flight, Step, StepContext } from "./flight";
import { forward } from "./forward";
import { input } from "./input";
import { output } from "./output";
import { postrouting } from "./postrouting";
import { receive } from "./receive";
import type { At } from "./stage";

/** Advances a packet by one stage of the machine that it is on: place + packet + state → hops + what comes next. */
export function advance(flight: Flight, context: StepContext): Step {
  switch (flight.stage.at) {
    case "output":
      return output(flight as At<"output">, context);
    case "receive":
      return receive(flight as At<"receive">, context);
    case "input":
      return input(flight as At<"input">, context);
    case "forward":
      return forward(flight as At<"forward">, context);
    case "postrouting":
      return postrouting(flight as At<"postrouting">, context);
    case "wire":
    case "vpc":
    case "internet":
    case "edge":
      throw new Error("between machines: see fabric/wire");
  }
}
