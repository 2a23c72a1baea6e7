import { useState } from "react";
import { useAccess } from "../../stores/access";
import { ObjectsPanel } from "../objects/ObjectsPanel";
import { lazyPart } from "../parts/lazy-part";
import { type Tab, Tabs } from "../parts/Tabs";
import { TryCard } from "../scenario/TryCard";

export const AddPanel = lazyPart(() => import("./AddPanel"));

type LeftTab = "objects" | "add";

const TABS: readonly Tab<LeftTab>[] = [
  { id: "objects", label: "Objects", content: <ObjectsPanel /> },
  { id: "add", label: "Add", content: <AddPanel /> },
];

export function LeftPanel() {
  const [tab, setTab] = useState<LeftTab>("objects");
  const locked = useAccess((state) => state.locked);
  return (
    <div className="left-panel">
      <TryCard />
      {locked ? (
        <ObjectsPanel />
      ) : (
        <Tabs label="Cluster" tabs={TABS} current={tab} onChange={setTab} />
      )}
    </div>
  );
}
