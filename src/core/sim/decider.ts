import { type RandomStream, randomStream } from "./random";

/** Who answers when a packet's way depends on chance. The simulation draws; the path explorer tries every answer. */
export interface Decider {
  /** True with probability threshold ÷ 2³¹. */
  chance(threshold31: number): boolean;
  /** One of `count` equally likely ways, 0-based. */
  choose(count: number): number;
  /** Is it this packet's turn, of one in `count`? Whoever follows the packets one by one knows; whoever asks for every way
   *  takes the counter to stand anywhere. */
  turn(count: number, isDue: boolean): boolean;
  /** A number whose value decides nothing about the way: a source port. Both ends included. */
  anyPort(from: number, to: number): number;
}

/** Draws from the stream of that name, made when it is first needed: the same name gives the same answers,
 *  so that a run can be continued from any snapshot. */
export function seededDecider(seed: number, name: string): Decider {
  let stream: RandomStream | undefined;
  const draw = () => {
    stream ??= randomStream(seed, name);
    return stream;
  };
  return {
    chance: (threshold31) => draw().bits31() < threshold31,
    choose: (count) => (count === 1 ? 0 : draw().int(0, count - 1)),
    turn: (_, isDue) => isDue,
    anyPort: (from, to) => draw().int(from, to),
  };
}
