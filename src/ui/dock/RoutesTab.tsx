import { ScrollBox } from "../parts/ScrollBox";
import { NodeBar, useShownNode } from "./NodeBar";
import { useAddressMark } from "./use-marks";
import { useNodeTables } from "./use-node-tables";

/** A node's routes and addresses, as `ip` prints them. */
export default function RoutesTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  return (
    <>
      <NodeBar />
      <ScrollBox label={`Routes of ${node}`} className="routes">
        <Lines command="ip route" lines={tables?.routes} />
        <Lines command="ip addr" lines={tables?.addresses} />
      </ScrollBox>
    </>
  );
}

function Lines({ command, lines }: { command: string; lines: readonly string[] | undefined }) {
  const markOf = useAddressMark();
  return (
    <section>
      <h2 className="mono">{command}</h2>
      <pre>
        {lines?.map((line) => (
          <span key={line} className={markOf(line)}>
            {line}
            {"\n"}
          </span>
        )) ?? "…"}
      </pre>
    </section>
  );
}
