import { useEffect, useState } from "react";
import { useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import type { Simulation } from "../../worker/protocol";

/** At most this often. */
const REFRESH_MS = 250;

/** An answer of the worker for the moment that is shown: asked for again when time moves, one question at a time.
 *  `key` names the question; undefined until its first answer is there. */
export function useAsked<T>(
  key: string,
  ask: (simulation: Simulation) => Promise<T>,
): T | undefined {
  const simulation = useSession((state) => state.simulation);
  const [answer, setAnswer] = useState<{ readonly key: string; readonly value: T }>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the question
  useEffect(() => {
    if (!simulation || key === "") return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    let askedAtUs = -1;
    const look = async () => {
      const { nowUs } = useMirror.getState();
      if (askedAtUs !== nowUs && !document.hidden) {
        askedAtUs = nowUs;
        try {
          const value = await ask(simulation);
          if (!stopped) setAnswer({ key, value });
        } catch {
          // What was asked about may be gone at this moment, or the worker is being restarted: ask again.
          askedAtUs = -1;
        }
      }
      if (!stopped) timer = setTimeout(look, REFRESH_MS);
    };
    look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [simulation, key]);

  return answer?.key === key ? answer.value : undefined;
}
