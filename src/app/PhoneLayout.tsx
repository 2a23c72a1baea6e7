import { Group, Panel, Separator } from "react-resizable-panels";
import { type SheetTab, useView } from "../stores/view";
import { dockTabs } from "../ui/dock/Dock";
import { AddPanel } from "../ui/edit/LeftPanel";
import { HopList } from "../ui/inspector/HopList";
import { inspectorTabs } from "../ui/inspector/Inspector";
import { PacketTab } from "../ui/inspector/PacketTab";
import { ObjectsPanel } from "../ui/objects/ObjectsPanel";
import { type Tab, Tabs } from "../ui/parts/Tabs";
import { TrySheet } from "../ui/scenario/TryCard";
import { useKeptLayout } from "./kept-layout";
import { Stage } from "./Stage";

const SHEET_TABS: readonly Tab<SheetTab>[] = [
  {
    id: "packet",
    label: "Packet",
    content: (
      <div className="packet-sheet">
        <HopList />
        <PacketTab />
      </div>
    ),
  },
  { id: "try", label: "Try", content: <TrySheet /> },
  { id: "objects", label: "Objects", content: <ObjectsPanel /> },
  { id: "add", label: "Add", content: <AddPanel /> },
  ...inspectorTabs.filter((tab) => tab.id !== "packet"),
  ...dockTabs,
];

/** The canvas over one sheet with everything else in tabs, or beside it where the screen is low; the border between
 *  them can be dragged. */
export function PhoneLayout({ sideways }: { readonly sideways: boolean }) {
  const current = useView((state) => state.sheetTab);
  const phone = useKeptLayout(sideways ? "phone-sideways" : "phone");
  return (
    <Group
      key={phone.id}
      className="phone"
      orientation={sideways ? "horizontal" : "vertical"}
      {...phone}
    >
      <Panel id="stage" minSize="150px">
        <Stage />
      </Panel>
      <Separator className="separator handle" aria-label="Resize the sheet" />
      <Panel id="sheet" defaultSize="50%" minSize="90px">
        <div className="pane">
          <Tabs
            label="Details"
            tabs={SHEET_TABS}
            current={current}
            onChange={(sheetTab) => useView.setState({ sheetTab })}
          />
        </div>
      </Panel>
    </Group>
  );
}
