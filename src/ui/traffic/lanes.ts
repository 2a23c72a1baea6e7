import { type Episode, nameOf } from "./episode";
import { type Failure, failureOf } from "./outcomes";

/** A stretch of a lane, in shares of its width. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** `serves`, `closed`: nobody listens; `gone`: the address is nobody's; `old`: rules from before. */
  readonly state: "serves" | "closed" | "gone" | "old";
}

export interface Lane {
  readonly name: string;
  readonly stretches: readonly Stretch[];
}

export interface FailedAt {
  readonly id: number;
  readonly at: number;
  readonly failure: Failure;
}

export interface Lanes {
  readonly pods: readonly Lane[];
  readonly nodes: readonly Lane[];
  readonly failed: readonly FailedAt[];
  readonly widthUs: number;
}

/** More pods than these are a list, not a picture. */
const MAX_PODS = 4;
/** What came after the last mark is shown for a while. */
const MARGIN = 0.06;

/** An episode as lanes over time: which pods still served, and which node's rules still led to them. */
export function lanesOf(episode: Episode): Lanes {
  const { startUs, endUs, marks, behind, failed } = episode;
  const widthUs = Math.max(1_000, (endUs - startUs) * (1 + MARGIN));
  const share = (atUs: number) => (atUs - startUs) / widthUs;
  const objectsOf = (...kinds: string[]) => [
    ...new Set(marks.filter(({ kind }) => kinds.includes(kind)).map(({ object }) => object)),
  ];
  const atOf = (kind: string, object: string) => {
    const mark = marks.filter((one) => one.kind === kind && one.object === object).at(-1);
    return mark && share(mark.atUs);
  };
  const pods = objectsOf("deleted", "exited").slice(0, MAX_PODS);
  return {
    widthUs,
    pods: pods.map((object) => ({
      name: nameOf(object),
      stretches: podStretches(
        atOf("exited", object),
        atOf("unplugged", object),
        atOf("ready", object),
      ),
    })),
    nodes: [...new Set([...objectsOf("rulesChanged").map(nameOf), ...behind])].map((name) => {
      const to = behind.includes(name) ? 1 : (atOf("rulesChanged", `Node/${name}`) ?? 1);
      return { name, stretches: [{ from: 0, to, state: "old" }] };
    }),
    failed: failed.flatMap((request, id) => {
      const failure = failureOf(request);
      return failure ? [{ id, at: share(request.atUs), failure }] : [];
    }),
  };
}

function podStretches(exited = 1, unplugged = 1, ready = 1): readonly Stretch[] {
  const closedUntil = Math.min(unplugged, ready > exited ? ready : 1);
  const stretches: Stretch[] = [
    { from: 0, to: exited, state: "serves" },
    { from: exited, to: closedUntil, state: "closed" },
  ];
  if (unplugged < 1) stretches.push({ from: unplugged, to: 1, state: "gone" });
  else if (closedUntil < 1) stretches.push({ from: closedUntil, to: 1, state: "serves" });
  return stretches.filter(({ from, to }) => to > from);
}
