import { memo, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Kind, KubeObject } from "../../core/api/types";
import { objectsOf, useMirror } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { askToDelete, editYaml } from "../../stores/view";
import { ActionButton } from "../actions/ActionButton";
import { addYaml } from "../actions/edits";
import { objectActionId, objectPageId } from "../actions/object-id";
import { openGallery } from "../actions/scenarios";
import { Icon } from "../parts/Icon";
import { moveInList, openMenu } from "./move-in-list";
import { addressOf, statusOf } from "./object-status";
import { StatusBadge } from "./StatusBadge";
import "./objects.css";

const LISTED: readonly Kind[] = [
  "Service",
  "Ingress",
  "Deployment",
  "Pod",
  "Node",
  "Host",
  "SecurityGroup",
  "EndpointSlice",
  "ReplicaSet",
  "DaemonSet",
  "Endpoints",
  "NetworkAttachmentDefinition",
  "Namespace",
];

const CLOSED_AT_FIRST: readonly Kind[] = [
  "EndpointSlice",
  "ReplicaSet",
  "DaemonSet",
  "Endpoints",
  "Namespace",
];

/** Every object of the cluster: what the canvas shows, for the keyboard and screen readers. */
export function ObjectsPanel() {
  const listed = useMirror(
    useShallow(({ records }) => LISTED.map((kind) => objectsOf(records, kind))),
  );
  const [filter, setFilter] = useState("");
  const [closed, setClosed] = useState<ReadonlySet<Kind>>(new Set(CLOSED_AT_FIRST));
  const groups = useMemo(
    () =>
      LISTED.map((kind, i) => ({
        kind,
        objects: (listed[i] ?? []).filter((one) => matches(one, filter)),
      })).filter(({ objects }) => objects.length > 0),
    [listed, filter],
  );

  const list = useRef<HTMLDivElement>(null);
  useRevealed(list, (kind) => setClosed((now) => new Set([...now].filter((one) => one !== kind))));
  const isOpen = (kind: Kind) => filter !== "" || !closed.has(kind);
  const [active, setActive] = useState("");
  const stops = groups.flatMap(({ kind, objects }) => [
    kind,
    ...(isOpen(kind) ? objects.map(keyOf) : []),
  ]);
  // One stop for Tab: where one was last, or the first.
  const stop = stops.includes(active) ? active : stops[0];

  function toggle(kind: Kind) {
    const next = new Set(closed);
    if (!next.delete(kind)) next.add(kind);
    setClosed(next);
  }

  return (
    <section className="objects" aria-label="Objects">
      <header className="panel-head">
        <h2>Objects</h2>
        <ActionButton action={addYaml} className="button small">
          <Icon name="plus" size={12} /> New
        </ActionButton>
      </header>
      <input
        className="field filter"
        type="search"
        placeholder="Filter by name, address, label"
        aria-label="Filter objects"
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys and the focus of the buttons in it */}
      <div
        className="scroll"
        ref={list}
        onKeyDown={moveInList}
        onFocus={({ target }) =>
          setActive(target.closest<HTMLElement>("[data-stop]")?.dataset.stop ?? "")
        }
      >
        {groups.map(({ kind, objects }) => {
          const open = isOpen(kind);
          return (
            <section key={kind}>
              <h3>
                <button
                  type="button"
                  className="group"
                  data-stop={kind}
                  tabIndex={stop === kind ? 0 : -1}
                  aria-expanded={open}
                  onClick={() => toggle(kind)}
                >
                  <Icon name="chevron" size={11} /> {kind}{" "}
                  <span className="muted">{objects.length}</span>
                </button>
              </h3>
              {open && (
                <table aria-label={kind}>
                  {lotsOf(objects).map(({ from, lot }) => (
                    <tbody key={from}>
                      {lot.map((object) => (
                        <ObjectRow
                          key={keyOf(object)}
                          object={object}
                          isStop={stop === keyOf(object)}
                        />
                      ))}
                    </tbody>
                  ))}
                </table>
              )}
            </section>
          );
        })}
        {groups.length === 0 && (
          <div className="empty">
            {filter ? "Nothing matches." : "The cluster has no objects yet."}
            {!filter && (
              <ActionButton action={openGallery} className="button small">
                Open a scenario …
              </ActionButton>
            )}
          </div>
        )}
      </div>
    </section>
  );
}

/** The browser leaves out of the drawing what is out of sight, a lot at a time. */
const LOT = 20;

function lotsOf<T>(all: readonly T[]): readonly { from: number; lot: readonly T[] }[] {
  const starts = Array.from({ length: Math.ceil(all.length / LOT) }, (_, i) => i * LOT);
  return starts.map((from) => ({ from, lot: all.slice(from, from + LOT) }));
}

/** What gets selected elsewhere is shown here: its kind is opened, its row comes into view. */
function useRevealed(
  list: RefObject<HTMLElement | null>,
  open: (kind: string | undefined) => void,
): void {
  const asked = useSelection((state) => state.asked);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something is selected
  useEffect(() => {
    const { selected } = useSelection.getState();
    if (selected === null || list.current?.contains(document.activeElement)) return;
    open(selected.split("/")[0]);
    // The row is there after this turn.
    requestAnimationFrame(() => {
      list.current?.querySelector("tr.selected")?.scrollIntoView({ block: "nearest" });
    });
  }, [asked]);
}

interface ObjectRowProps {
  readonly object: KubeObject;
  readonly isStop: boolean;
}

const ObjectRow = memo(function ObjectRow({ object, isStop }: ObjectRowProps) {
  const key = keyOf(object);
  const selected = useSelection((state) => state.selected === key);
  const related = useSelection((state) => state.related.has(key));
  const { name, namespace } = object.metadata;
  const shownNamespace = namespace === "default" ? "" : namespace;
  const detail = [addressOf(object), shownNamespace].filter(Boolean).join(" · ");
  return (
    <tr
      className={selected ? "selected" : related ? "related" : undefined}
      data-key={key}
      data-stop={key}
    >
      <th scope="row">
        <button
          type="button"
          className="row"
          tabIndex={isStop ? 0 : -1}
          aria-keyshortcuts="E Delete M"
          aria-pressed={selected}
          title={`${name}${detail && ` · ${detail}`}${related ? " · related to what is selected" : ""}`}
          onClick={() => useSelection.getState().select(selected ? null : key)}
        >
          {name}
          {detail && <small className="mono muted">{detail}</small>}
        </button>
      </th>
      <td>
        <StatusBadge status={statusOf(object)} />
        <span className="row-actions">
          <button
            type="button"
            className="button icon small"
            data-action={objectPageId(key)}
            tabIndex={-1}
            aria-label={`Actions for ${name}`}
            aria-haspopup="dialog"
            title="All that can be done to it (M)"
            onClick={({ currentTarget }) => openMenu(currentTarget, key)}
          >
            <Icon name="more" size={12} />
          </button>
          <button
            type="button"
            className="button icon small"
            data-edit
            data-action={objectActionId(key, "yaml")}
            tabIndex={-1}
            aria-label={`Edit ${name}`}
            title="Edit YAML (E)"
            onClick={() => editYaml(key)}
          >
            <Icon name="edit" size={12} />
          </button>
          <button
            type="button"
            className="button icon small danger"
            data-edit
            data-action={objectActionId(key, "delete")}
            tabIndex={-1}
            aria-label={`Delete ${name}`}
            title="Delete (Del)"
            onClick={() => askToDelete(key)}
          >
            <Icon name="trash" size={12} />
          </button>
        </span>
      </td>
    </tr>
  );
});

function matches(object: KubeObject, filter: string): boolean {
  const labels = Object.entries(object.metadata.labels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  const text = [object.metadata.namespace, object.metadata.name, addressOf(object), ...labels].join(
    " ",
  );
  return text.toLowerCase().includes(filter.trim().toLowerCase());
}
