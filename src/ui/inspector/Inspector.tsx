import { type InspectorTab, showInspector, useView } from "../../stores/view";
import { YamlTab } from "../editor/YamlTab";
import { type Tab, Tabs } from "../parts/Tabs";
import { ObjectTab } from "./ObjectTab";
import { PacketTab } from "./PacketTab";

export const inspectorTabs: readonly Tab<InspectorTab>[] = [
  { id: "packet", label: "Packet", content: <PacketTab /> },
  { id: "object", label: "Object", content: <ObjectTab /> },
  { id: "yaml", label: "YAML", content: <YamlTab /> },
];

export function Inspector() {
  const current = useView((state) => state.inspectorTab);
  return <Tabs label="Inspector" tabs={inspectorTabs} current={current} onChange={showInspector} />;
}
