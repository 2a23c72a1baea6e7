import { useEffect, useRef, useState } from "react";
import { findNodeRuntime, useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import { type RuleLine, standingLines } from "./rule-lines";

/** Under load the counters change all the time; a table of a thousand rules is much to send. */
const LEAST_MS = 600;

/** A node's Service chains with their counters: asked for again when something has passed or was written there. */
export function useStandingRules(node: string): readonly RuleLine[] | undefined {
  const simulation = useSession((state) => state.simulation);
  const runtime = useMirror((state) => findNodeRuntime(state.records, node));
  const [lines, setLines] = useState<readonly RuleLine[]>();
  const askedAtMs = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    if (!simulation || !runtime) return;
    let wanted = true;
    const ask = async () => {
      askedAtMs.current = performance.now();
      try {
        const { rules } = await simulation.tables(runtime.node);
        if (wanted) setLines(standingLines(rules));
      } catch {
        // The node is gone at this moment, or the worker is being restarted: the next change asks again.
      }
    };
    const timer = setTimeout(ask, LEAST_MS - (performance.now() - askedAtMs.current));
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [simulation, runtime]);

  return lines;
}
