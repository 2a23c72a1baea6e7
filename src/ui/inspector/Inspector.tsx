import { type InspectorTab, showInspector, useView } from "../../stores/view";
import { lazyPart } from "../parts/lazy-part";
import { type Tab, Tabs } from "../parts/Tabs";
import { PacketTab } from "./PacketTab";

const ObjectTab = lazyPart(() => import("./ObjectTab"));
const YamlTab = lazyPart(() => import("../editor/YamlTab"));

export const inspectorTabs: readonly Tab<InspectorTab>[] = [
  { id: "packet", label: "Packet", content: <PacketTab /> },
  { id: "object", label: "Object", content: <ObjectTab /> },
  { id: "yaml", label: "YAML", content: <YamlTab /> },
];

export function Inspector() {
  const current = useView((state) => state.inspectorTab);
  return <Tabs label="Inspector" tabs={inspectorTabs} current={current} onChange={showInspector} />;
}
