import { beforeEach, describe, expect, it } from "vitest";
import type { PacketRole } from "../core/trace/hop";
import type { HopView, JourneyView } from "../worker/protocol";
import {
  backToNow,
  changeSpeed,
  connectPlayback,
  first,
  followJourney,
  HOP_MS,
  holdTime,
  jump,
  last,
  pause,
  play,
  replaceJourney,
  resetPlayback,
  setFollow,
  setSpeed,
  step,
  tick,
  togglePlaying,
  usePlayback,
} from "./playback";
import { createSeeker, type TimeControl } from "./seeker";

/** A simulation whose answers are given by hand. */
function fakeTime() {
  const calls: string[] = [];
  const pending: (() => void)[] = [];
  const ask = (text: string) => {
    calls.push(text);
    return new Promise<void>((resolve) => pending.push(resolve));
  };
  const control: TimeControl = {
    seek: (atUs) => ask(`seek ${atUs}`),
    advance: (us) => ask(`advance ${us}`),
  };
  const answer = async () => {
    pending.shift()?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { calls, control, answer };
}

const unexpected = (error: unknown) => {
  throw error;
};

const packet = {
  protocol: "tcp",
  src: 1,
  dst: 2,
  sport: 3,
  dport: 4,
  ttl: 64,
  mark: 0,
  seq: 0,
  ack: 0,
  payloadBytes: 0,
} as const;

function journeyOf(...roles: PacketRole[]): JourneyView {
  const hops = roles.map(
    (role, index): HopView => ({
      index,
      atUs: 1_000 + index * 10,
      connection: 1,
      role,
      direction: role === "SYN-ACK" || role === "response" ? "reply" : "original",
      node: "node-1",
      place: "node/node-1/eth0",
      kind: "receive",
      text: `hop ${index}`,
      before: packet,
      after: packet,
      rules: [],
      rulesTested: 0,
      rulesMatched: 0,
      why: "",
      causes: [],
    }),
  );
  const verdict = { kind: "delivered", explanation: "", place: "pod/default/a" } as const;
  return {
    id: 1,
    from: "host/user",
    to: "a:80",
    sentAtUs: 1_000,
    verdict,
    server: null,
    serverSeesSrcIp: null,
    frames: [],
    hops,
  };
}

const shown = () => usePlayback.getState().index;
const indexes = (hops: readonly HopView[]) => hops.map((hop) => hop.index);

describe("playback", () => {
  let time: ReturnType<typeof fakeTime>;
  beforeEach(() => {
    time = fakeTime();
    connectPlayback(time.control, unexpected);
    resetPlayback();
    pause();
    setSpeed(1);
    setFollow("first");
    usePlayback.setState({ reducedMotion: false });
  });

  it("shows a hop for 0.7 s at speed 1, and asks for each hop's moment", async () => {
    followJourney(journeyOf("SYN", "SYN", "SYN-ACK"));
    expect(shown()).toBe(0);
    tick(HOP_MS - 1);
    expect(shown()).toBe(0);
    expect(usePlayback.getState().progress).toBeCloseTo((HOP_MS - 1) / HOP_MS);
    await time.answer();
    tick(1);
    expect(shown()).toBe(1);
    expect(time.calls).toEqual(["seek 1000", "seek 1010"]);
  });

  it("moves four times as fast at speed 4, and not at all when paused", () => {
    followJourney(journeyOf("SYN", "SYN", "SYN-ACK"));
    setSpeed(4);
    tick(HOP_MS / 4);
    expect(shown()).toBe(1);
    togglePlaying();
    tick(10 * HOP_MS);
    expect(shown()).toBe(1);
  });

  it("steps, jumps to both ends and stops there", () => {
    followJourney(journeyOf("SYN", "SYN", "SYN", "SYN-ACK"));
    step(1);
    expect(usePlayback.getState()).toMatchObject({ index: 1, playing: false, stepped: true });
    last();
    step(1);
    expect(shown()).toBe(3);
    first();
    step(-1);
    expect(shown()).toBe(0);
    jump(2);
    expect(shown()).toBe(2);
  });

  it("does nothing on a step before anything is sent", () => {
    step(1);
    last();
    expect(shown()).toBe(-1);
    expect(time.calls).toEqual([]);
  });

  it("starts the chosen packet from its first hop", () => {
    followJourney(journeyOf("SYN", "SYN-ACK", "request", "request", "response"));
    setFollow("request");
    expect(usePlayback.getState()).toMatchObject({ follow: "request", index: 0 });
    expect(indexes(usePlayback.getState().hops)).toEqual([2, 3]);
  });

  it("lets a second be a second once the last hop is shown", async () => {
    followJourney(journeyOf("SYN", "SYN-ACK"));
    await time.answer();
    tick(HOP_MS);
    await time.answer();
    tick(60);
    tick(60);
    tick(500);
    expect(time.calls).toEqual(["seek 1000", "seek 1010", "advance 120000"]);
    await time.answer();
    setSpeed(2);
    tick(100);
    expect(time.calls.at(-1)).toBe("advance 1200000");
  });

  it("lets time pass when nothing is followed, only while playing", () => {
    tick(200);
    expect(time.calls).toEqual([]);
    play();
    tick(200);
    expect(time.calls).toEqual(["advance 200000"]);
  });

  it("lets no time pass while a command is on its way", async () => {
    play();
    const release = holdTime();
    tick(200);
    expect(time.calls).toEqual([]);
    release();
    tick(100);
    expect(time.calls).toEqual(["advance 100000"]);
  });

  it("goes back to now: the last hop, and the latest moment", () => {
    followJourney(journeyOf("SYN", "SYN-ACK", "SYN-ACK"));
    jump(0);
    backToNow(9_000);
    expect(usePlayback.getState()).toMatchObject({
      index: usePlayback.getState().hops.length - 1,
      playing: false,
    });
  });

  it("keeps its place in a journey that was computed again, as far as it goes", () => {
    followJourney(journeyOf("SYN", "SYN", "SYN", "SYN-ACK"));
    last();
    replaceJourney(journeyOf("SYN", "RST"));
    expect(shown()).toBe(1);
    replaceJourney(null);
    expect(usePlayback.getState()).toMatchObject({ index: -1, hops: [] });
  });

  it("steps without movement in between under reduced motion", () => {
    usePlayback.setState({ reducedMotion: true });
    followJourney(journeyOf("SYN", "SYN-ACK"));
    tick(HOP_MS / 2);
    expect(usePlayback.getState().progress).toBe(0);
    tick(HOP_MS / 2);
    expect(shown()).toBe(1);
  });

  it("changes speed within its range", () => {
    setSpeed(8);
    changeSpeed(1);
    expect(usePlayback.getState().speed).toBe(8);
    changeSpeed(-1);
    expect(usePlayback.getState().speed).toBe(4);
  });
});

describe("seeking", () => {
  it("has one call under way, and of those wanted meanwhile the last wins", async () => {
    const { calls, control, answer } = fakeTime();
    const seeker = createSeeker(control, unexpected);
    for (const atUs of [1, 2, 3, 4]) seeker.seek(atUs);
    expect(calls).toEqual(["seek 1"]);
    await answer();
    expect(calls).toEqual(["seek 1", "seek 4"]);
    expect(seeker.advance(100)).toBe(false);
    await answer();
    expect(seeker.advance(100)).toBe(true);
    expect(calls).toEqual(["seek 1", "seek 4", "advance 100"]);
  });

  it("reports a call that failed, and goes on", async () => {
    const seeks: number[] = [];
    const errors: unknown[] = [];
    const seeker = createSeeker(
      {
        seek: async (atUs) => {
          seeks.push(atUs);
          if (atUs === 1) throw new Error("the worker died");
        },
        advance: async () => undefined,
      },
      (error) => errors.push(error),
    );
    seeker.seek(1);
    seeker.seek(2);
    await seeker.idle();
    expect(seeks).toEqual([1, 2]);
    expect(errors).toEqual([new Error("the worker died")]);
  });
});
