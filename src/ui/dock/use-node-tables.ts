import { useEffect, useState } from "react";
import { useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import type { NodeTables } from "../../worker/protocol";

/** At most this often. */
const REFRESH_MS = 250;

/** A node's tables as they are at the moment shown: asked for again when time moves, one question at a time. */
export function useNodeTables(node: string): NodeTables | undefined {
  const simulation = useSession((state) => state.simulation);
  const [tables, setTables] = useState<NodeTables>();

  useEffect(() => {
    if (!simulation || node === "") return;
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    let askedAtUs = -1;
    const look = async () => {
      const { nowUs } = useMirror.getState();
      if (askedAtUs !== nowUs && !document.hidden) {
        askedAtUs = nowUs;
        try {
          const answer = await simulation.tables(node);
          if (!stopped) setTables(answer);
        } catch {
          // The node may be gone at this moment, or the worker is being restarted: ask again.
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
  }, [simulation, node]);

  return tables?.node === node ? tables : undefined;
}
