import { useEffect } from "react";
import { type MirrorRecords, nodeRuntimesOf, objectsOf, useMirror } from "../../stores/mirror";
import { predict, showGhosts, usePaths } from "../../stores/paths";
import { useSession } from "../../stores/session";
import { ActionButton } from "../actions/ActionButton";
import { predictWays, watchMarked, waysAs } from "../actions/what-if";
import { clockText, percentText } from "../parts/describe";
import { Icon } from "../parts/Icon";
import { ScrollBox } from "../parts/ScrollBox";
import { DecisionTree } from "./DecisionTree";
import { WayList } from "./WayList";
import "./paths.css";

/** Typing does not ask at every letter. */
const DEBOUNCE_MS = 300;

/** Predict, then send: every way from the send bar's source to its destination, with its exact chance. */
export default function PathsTab() {
  const { from, to, opened } = useSession();
  const prediction = usePaths((state) => state.prediction);
  const asking = usePaths((state) => state.asking);
  const form = usePaths((state) => state.form);
  const state = useMirror((mirror) => networkState(mirror.records));

  useEffect(() => {
    showGhosts(true);
    return () => showGhosts(false);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when any of them is another one
  useEffect(() => {
    const timer = setTimeout(predict, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [from, to, opened, state]);

  return (
    <>
      <div className="dock-bar">
        <fieldset className="segmented">
          <legend className="visually-hidden">Show as</legend>
          {(["tree", "list"] as const).map((one) => (
            <ActionButton
              key={one}
              action={waysAs[one]}
              className="button small"
              pressed={form === one}
            >
              {one === "tree" ? "Tree" : "List"}
            </ActionButton>
          ))}
        </fieldset>
        <p className="muted" role="status">
          {prediction?.ok
            ? `${summary(prediction.count, prediction.ways)} at ${clockText(prediction.atUs)}. Nothing is sent.`
            : asking
              ? "Looking for ways …"
              : ""}
        </p>
        <button
          type="button"
          className="button small"
          data-action={predictWays.id}
          onClick={() => predict()}
          disabled={asking}
        >
          Look again
        </button>
        <ActionButton action={watchMarked} className="button small">
          <Icon name="play" size={11} /> Watch
        </ActionButton>
      </div>
      {prediction && !prediction.ok && (
        <p className="empty" role="alert">
          No way can be told: {prediction.error}.
          {prediction.why && (
            <>
              {" "}
              <strong>{prediction.why.title}.</strong> {prediction.why.cause}
            </>
          )}
        </p>
      )}
      {prediction?.ok && (
        <ScrollBox label="Ways the request could go">
          {form === "tree" ? (
            <DecisionTree prediction={prediction} key={prediction.id} />
          ) : (
            <WayList prediction={prediction} />
          )}
        </ScrollBox>
      )}
    </>
  );
}

function summary(count: number, ways: readonly { readonly probability: number }[]): string {
  if (count === 1) return "One way only";
  if (count === ways.length) return `${count} ways`;
  const listed = ways.reduce((sum, { probability }) => sum + probability, 0);
  return `${count} ways, of which the ${ways.length} likeliest are listed (together ${percentText(listed)})`;
}

/** Changes when a way may have changed: rules, targets, pods, Services. Counters and events do not matter. */
function networkState(records: MirrorRecords): string {
  const rules = nodeRuntimesOf(records).map(
    ({ node, up, proxySyncedAtUs }) => `${node} ${up} ${proxySyncedAtUs}`,
  );
  const kinds = ["Pod", "Service", "EndpointSlice", "Host"] as const;
  const versions = kinds.map((kind) =>
    objectsOf(records, kind).reduce(
      (sum, { metadata }) => sum + Number(metadata.resourceVersion ?? 0),
      objectsOf(records, kind).length,
    ),
  );
  const balancers = [...records.values()].flatMap((record) =>
    record.type === "loadBalancer"
      ? record.value.targets.map(({ node, healthy }) => `${node} ${healthy}`)
      : [],
  );
  return [...rules, ...versions, ...balancers].join("\n");
}
