import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { useTuckedTabs } from "./fit-tabs";

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly content: ReactNode;
}

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly current: Id;
  readonly onChange: (id: Id) => void;
  /** Stands at the end of the tab row. */
  readonly end?: ReactNode;
  /** Tabs that find no room in the row are listed at its end; otherwise the row scrolls. */
  readonly fits?: boolean;
}

/** Tabs by the ARIA pattern: arrows move, Home and End go to the ends. Only the current one's content is mounted. */
export function Tabs<Id extends string>(props: TabsProps<Id>) {
  const { label, tabs, current, onChange, end, fits = false } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const position = tabs.findIndex((tab) => tab.id === current);
  const tucked = useTuckedTabs(list, position, tabs.length, fits);
  const content = tabs[position]?.content;

  function onKeyDown(event: KeyboardEvent) {
    const to = targetOf(event.key, position, tabs.length);
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    event.stopPropagation();
    onChange(tab.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to ?? 0]?.focus();
  }

  return (
    <div className={`tabs ${fits ? "fits" : ""}`}>
      <div className="tab-row">
        <div
          className="tab-list"
          role="tablist"
          aria-label={label}
          ref={list}
          onKeyDown={onKeyDown}
        >
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${id}-${tab.id}`}
              aria-selected={tab.id === current}
              aria-controls={`${id}-panel`}
              tabIndex={tab.id === current ? 0 : -1}
              onClick={() => onChange(tab.id)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {tucked.length > 0 && (
          <select
            className="more-tabs"
            aria-label={`More tabs of ${label}`}
            value=""
            onChange={(event) => onChange(event.target.value as Id)}
          >
            <option value="" hidden>
              More
            </option>
            {tucked.flatMap((one) => {
              const tab = tabs[one];
              return tab ? (
                <option key={tab.id} value={tab.id}>
                  {tab.label}
                </option>
              ) : (
                []
              );
            })}
          </select>
        )}
        {end}
      </div>
      <div
        className="tab-panel"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${current}`}
      >
        {content}
      </div>
    </div>
  );
}

function targetOf(key: string, position: number, count: number): number | undefined {
  if (key === "ArrowRight") return (position + 1) % count;
  if (key === "ArrowLeft") return (position + count - 1) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
