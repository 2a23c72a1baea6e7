import { useEffect, useState } from "react";
import type { CompareMoment } from "../../stores/compare";
import { useEditHistory } from "../../stores/edit-history";
import { type MirrorRecords, useMirror } from "../../stores/mirror";
import { usePlayback } from "../../stores/playback";
import { useSession } from "../../stores/session";
import { clockText } from "../parts/describe";

/** A moment of the run that can be chosen by its name. */
export interface NamedMoment {
  readonly id: string;
  readonly label: string;
  readonly moment: CompareMoment;
}

/** Times go on while one reads: only moments that stand still show theirs. */
export function useNamedMoments(): readonly NamedMoment[] {
  const isPast = useMirror(({ nowUs, horizonUs }) => nowUs < horizonUs);
  const shownUs = useMirror(({ nowUs, horizonUs }) => (nowUs < horizonUs ? nowUs : 0));
  const horizonUs = useMirror((state) => (state.nowUs < state.horizonUs ? state.horizonUs : 0));
  const hasRequest = usePlayback(({ journey }) => journey?.possibility === undefined && journey);
  const done = useEditHistory((state) => state.done);
  const edits = done.flatMap((step) => (step.kind === "edit" ? [step] : []));
  return [
    {
      id: "shown",
      label: isPast ? `the moment shown, ${clockText(shownUs)}` : "now",
      moment: { kind: "shown" },
    },
    ...(isPast
      ? [
          {
            id: "latest",
            label: `the latest moment, ${clockText(horizonUs)}`,
            moment: { kind: "latest" } as const,
          },
        ]
      : []),
    ...(hasRequest
      ? [
          {
            id: "request",
            label: "just before the request",
            moment: { kind: "request" } as const,
          },
        ]
      : []),
    ...[...edits].reverse().map(
      ({ id, text, atUs }): NamedMoment => ({
        id: `edit ${id}`,
        label: `before: ${text}, ${clockText(atUs)}`,
        moment: { kind: "at", atUs: beforeUs(atUs) },
      }),
    ),
  ];
}

/** Just before something that happened then. */
export function beforeUs(atUs: number): number {
  return Math.max(0, atUs - 1);
}

/** The moment in virtual time, as far as it is known now. */
export function useMomentUs(moment: CompareMoment): number {
  const nowUs = useMirror((state) => (moment.kind === "shown" ? state.nowUs : 0));
  const horizonUs = useMirror((state) => (moment.kind === "latest" ? state.horizonUs : 0));
  const sentAtUs = usePlayback(({ journey }) => journey?.sentAtUs ?? 0);
  switch (moment.kind) {
    case "shown":
      return nowUs;
    case "latest":
      return horizonUs;
    case "request":
      return beforeUs(sentAtUs);
    case "at":
      return moment.atUs;
  }
}

const NOTHING: MirrorRecords = new Map();

/** The objects as they were then; those of the moment shown are here already. */
export function useRecordsAt(moment: CompareMoment): MirrorRecords {
  const shown = useMirror((state) => state.records);
  const atUs = useMomentUs(moment);
  const simulation = useSession((state) => state.simulation);
  const [then, setThen] = useState<{ readonly atUs: number; readonly records: MirrorRecords }>();
  const isShown = moment.kind === "shown";
  useEffect(() => {
    if (isShown || !simulation) return;
    let wanted = true;
    simulation.recordsAt(atUs).then(
      (list) => {
        if (wanted) setThen({ atUs, records: new Map(list.map((one) => [one.id, one])) });
      },
      // The worker is being restarted: another choice asks again.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [isShown, atUs, simulation]);
  if (isShown) return shown;
  return then?.atUs === atUs ? then.records : NOTHING;
}
