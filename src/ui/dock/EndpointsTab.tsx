import type { EndpointSlice, SliceEndpoint } from "../../core/api/types";
import { objectsOf, useMirror } from "../../stores/mirror";
import { keyFor, keyOf } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { Addresses } from "../parts/Addresses";
import { RowsBox } from "../parts/RowsBox";
import { useKeyMark } from "./use-marks";

const SERVICE_LABEL = "kubernetes.io/service-name";

/** Who answers for each Service, as its EndpointSlices say. */
export default function EndpointsTab() {
  const records = useMirror((state) => state.records);
  const slices = objectsOf(records, "EndpointSlice");
  const markOf = useKeyMark();
  if (slices.length === 0)
    return <p className="empty">There are no EndpointSlices at this moment.</p>;
  return (
    <RowsBox label="Endpoints of each Service">
      <table className="data" aria-label="Endpoints">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">EndpointSlice</th>
            <th scope="col">Ports</th>
            <th scope="col">Address</th>
            <th scope="col">Pod</th>
            <th scope="col">Node</th>
            <th scope="col">Ready</th>
            <th scope="col">Serving</th>
            <th scope="col">Terminating</th>
          </tr>
        </thead>
        <tbody>{slices.map((slice) => sliceRows(slice, markOf))}</tbody>
      </table>
    </RowsBox>
  );
}

function sliceRows(slice: EndpointSlice, markOf: ReturnType<typeof useKeyMark>) {
  const { namespace, name, labels } = slice.metadata;
  const service = labels?.[SERVICE_LABEL];
  const endpoints: readonly (SliceEndpoint | undefined)[] =
    slice.endpoints.length > 0 ? slice.endpoints : [undefined];
  return endpoints.map((endpoint, position) => (
    <tr
      key={`${keyOf(slice)} ${endpoint?.addresses[0] ?? ""}`}
      data-key={endpoint?.targetRef ? targetKey(endpoint.targetRef, namespace) : keyOf(slice)}
      className={markOf(
        keyOf(slice),
        service && keyFor("Service", namespace, service),
        endpoint?.targetRef && targetKey(endpoint.targetRef, namespace),
        endpoint?.nodeName && keyFor("Node", "", endpoint.nodeName),
      )}
    >
      <td>
        {position === 0 && service && (
          <KeyLink
            objectKey={keyFor("Service", namespace, service)}
            text={`${namespace}/${service}`}
          />
        )}
      </td>
      <td>
        {position === 0 && (
          <KeyLink objectKey={keyOf(slice)} text={name} pick={endpoint?.targetRef === undefined} />
        )}
      </td>
      <td className="mono">
        {position === 0 &&
          slice.ports.map((one) => `${one.port}/${one.protocol ?? "TCP"}`).join(", ")}
      </td>
      {endpoint ? (
        <EndpointCells endpoint={endpoint} namespace={namespace} />
      ) : (
        <td colSpan={6} className="muted">
          no endpoints
        </td>
      )}
    </tr>
  ));
}

function targetKey(ref: NonNullable<SliceEndpoint["targetRef"]>, namespace: string): string {
  return keyFor(ref.kind, ref.namespace ?? namespace, ref.name);
}

function EndpointCells({ endpoint, namespace }: { endpoint: SliceEndpoint; namespace: string }) {
  const { addresses, targetRef, nodeName, conditions } = endpoint;
  return (
    <>
      <td className="mono">
        <Addresses text={addresses.join(", ")} />
      </td>
      <td>
        {targetRef && (
          <KeyLink objectKey={targetKey(targetRef, namespace)} text={targetRef.name} pick />
        )}
      </td>
      <td>{nodeName && <KeyLink objectKey={keyFor("Node", "", nodeName)} text={nodeName} />}</td>
      <td>
        <YesNo value={conditions?.ready !== false} good />
      </td>
      <td>
        <YesNo value={conditions?.serving ?? conditions?.ready !== false} good />
      </td>
      <td>
        <YesNo value={conditions?.terminating === true} good={false} />
      </td>
    </>
  );
}

function YesNo({ value, good }: { value: boolean; good: boolean }) {
  const tone = value === good ? "plain" : "warn";
  return <span className={`badge ${value && good ? "ok" : tone}`}>{value ? "✓ yes" : "no"}</span>;
}

interface KeyLinkProps {
  readonly objectKey: string;
  readonly text: string;
  /** The row is about this object more than about the others. */
  readonly pick?: boolean;
}

function KeyLink({ objectKey, text, pick = false }: KeyLinkProps) {
  return (
    <button
      type="button"
      className="link"
      data-pick={pick ? "" : undefined}
      onClick={() => useSelection.getState().select(objectKey)}
    >
      {text}
    </button>
  );
}
