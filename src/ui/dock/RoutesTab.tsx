import { NodeBar, useShownNode } from "./NodeBar";
import { useNodeTables } from "./use-node-tables";

/** A node's routes and addresses, as `ip` prints them. */
export function RoutesTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  return (
    <>
      <NodeBar />
      <div className="scroll-box routes">
        <Lines command="ip route" lines={tables?.routes} />
        <Lines command="ip addr" lines={tables?.addresses} />
      </div>
    </>
  );
}

function Lines({ command, lines }: { command: string; lines: readonly string[] | undefined }) {
  return (
    <section>
      <h3 className="mono">{command}</h3>
      <pre>{lines ? lines.join("\n") : "…"}</pre>
    </section>
  );
}
