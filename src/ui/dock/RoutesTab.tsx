import { useMirror } from "../../stores/mirror";
import { ownersOf } from "../../stores/owners";
import { useSelection } from "../../stores/selection";
import { keyText } from "../parts/describe";
import { RowsBox } from "../parts/RowsBox";
import { NodeBar, useShownNode } from "./NodeBar";
import { addressNames, routeNames } from "./route-names";
import { useKeyMark } from "./use-marks";
import { useNodeTables } from "./use-node-tables";
import { VpcRoutes } from "./VpcRoutes";

/** A node's routes and addresses, as `ip` prints them. A line leads to the next hop, the pods and the device it names. */
export default function RoutesTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  const records = useMirror((state) => state.records);
  const owners = ownersOf(records);
  return (
    <>
      <NodeBar />
      <RowsBox label={`Routes of ${node}`} className="routes">
        <Lines
          command="ip route"
          node={node}
          lines={tables?.routes}
          namesOf={(line) => routeNames(line, node, owners)}
        />
        <VpcRoutes />
        <Lines
          command="ip addr"
          node={node}
          lines={tables?.addresses}
          namesOf={(line) => addressNames(line, node)}
        />
      </RowsBox>
    </>
  );
}

interface LinesProps {
  readonly command: string;
  readonly node: string;
  readonly lines: readonly string[] | undefined;
  readonly namesOf: (line: string) => readonly string[];
}

function Lines({ command, node, lines, namesOf }: LinesProps) {
  const markOf = useKeyMark();
  return (
    <section>
      <h2 className="mono">{command}</h2>
      {!lines && <p className="muted">…</p>}
      <ul className="lines mono" aria-label={command}>
        {lines?.map((line, position) => {
          const keys = namesOf(line);
          // All of them tell of the node whose table this is.
          const mark = markOf(...keys.filter((key) => key !== `Node/${node}`));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same line may come twice
            <li key={position} data-row className={mark}>
              {keys.length === 0 ? (
                line
              ) : (
                <button
                  type="button"
                  data-pick
                  title={`Select ${keys.map(placeWords).join(", ")}`}
                  onClick={() => useSelection.getState().selectTogether(keys)}
                >
                  {line}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** `eth0 of node-1` for a part of a node, `Pod default/web` for an object. */
function placeWords(key: string): string {
  const [place, node, part] = key.split("/");
  return place === "node" ? `${part} of ${node}` : keyText(key);
}
