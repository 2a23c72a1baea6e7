import { type ReactNode, useEffect, useState } from "react";
import { Group, Panel, Separator, usePanelRef } from "react-resizable-panels";
import { type PanelName, usePanels } from "../stores/panels";
import { Dock } from "../ui/dock/Dock";
import { LeftPanel } from "../ui/edit/LeftPanel";
import { HopList } from "../ui/inspector/HopList";
import { Inspector } from "../ui/inspector/Inspector";
import { useKeptLayout } from "./kept-layout";
import { Stage } from "./Stage";

/** Objects | canvas over dock | hops over inspector; every border can be moved, by keyboard too. */
export function DeskLayout() {
  const desk = useKeptLayout("desk");
  const middle = useKeptLayout("middle");
  const side = useKeptLayout("side");
  return (
    <Group className="desk" orientation="horizontal" {...desk}>
      <SidePanel name="objects" defaultSize="246px" minSize="170px">
        <LeftPanel />
      </SidePanel>
      <Separator className="separator" aria-label="Resize the list of objects" />
      <Panel id="middle" minSize="320px">
        <Group orientation="vertical" {...middle}>
          <Panel id="stage" minSize="160px">
            <Stage />
          </Panel>
          <Separator className="separator" aria-label="Resize the dock" />
          <SidePanel name="dock" defaultSize="240px" minSize="110px">
            <Dock />
          </SidePanel>
        </Group>
      </Panel>
      <Separator className="separator" aria-label="Resize the inspector" />
      <SidePanel name="inspector" defaultSize="372px" minSize="260px">
        <Group orientation="vertical" {...side}>
          <Panel id="hops" defaultSize="33%" minSize="80px">
            <div className="pane">
              <HopList />
            </div>
          </Panel>
          <Separator className="separator" aria-label="Resize the list of hops" />
          <Panel id="details" minSize="120px">
            <div className="pane">
              <Inspector />
            </div>
          </Panel>
        </Group>
      </SidePanel>
    </Group>
  );
}

interface SidePanelProps {
  readonly name: PanelName;
  readonly defaultSize: string;
  readonly minSize: string;
  readonly children: ReactNode;
}

/** A panel that can be put away; what it holds is then out of reach of Tab as well. */
function SidePanel({ name, defaultSize, minSize, children }: SidePanelProps) {
  const panel = usePanelRef();
  const open = usePanels((state) => state[name]);
  const [collapsed, setCollapsed] = useState(false);
  useEffect(() => {
    if (open) panel.current?.expand();
    else panel.current?.collapse();
  }, [open, panel]);

  return (
    <Panel
      id={name}
      panelRef={panel}
      collapsible
      defaultSize={defaultSize}
      minSize={minSize}
      groupResizeBehavior="preserve-pixel-size"
      onResize={({ inPixels }) => {
        const isCollapsed = inPixels < 2;
        if (isCollapsed === collapsed) return;
        setCollapsed(isCollapsed);
        usePanels.setState({ [name]: !isCollapsed });
      }}
    >
      <div className="pane" inert={collapsed}>
        {children}
      </div>
    </Panel>
  );
}
