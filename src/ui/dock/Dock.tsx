import { type DockTab, showDock, useView } from "../../stores/view";
import { HistoryTab } from "../history/HistoryTab";
import { type Tab, Tabs } from "../parts/Tabs";
import { ConntrackTab } from "./ConntrackTab";
import { DnsTab } from "./DnsTab";
import { EndpointsTab } from "./EndpointsTab";
import { EventsTab } from "./EventsTab";
import { HopsTable } from "./HopsTable";
import { IptablesTab } from "./IptablesTab";
import { CompareTab, PathsTab, TrafficTab } from "./lazy-tabs";
import { RoutesTab } from "./RoutesTab";
import { Timeline } from "./Timeline";

export const dockTabs: readonly Tab<DockTab>[] = [
  { id: "timeline", label: "Timeline", content: <Timeline /> },
  { id: "hops", label: "Hops", content: <HopsTable /> },
  { id: "paths", label: "Paths", content: <PathsTab /> },
  { id: "traffic", label: "Traffic", content: <TrafficTab /> },
  { id: "compare", label: "Compare", content: <CompareTab /> },
  { id: "iptables", label: "iptables", content: <IptablesTab /> },
  { id: "conntrack", label: "Conntrack", content: <ConntrackTab /> },
  { id: "routes", label: "Routes", content: <RoutesTab /> },
  { id: "endpoints", label: "Endpoints", content: <EndpointsTab /> },
  { id: "dns", label: "DNS", content: <DnsTab /> },
  { id: "events", label: "Events", content: <EventsTab /> },
  { id: "history", label: "History", content: <HistoryTab /> },
];

export function Dock() {
  const current = useView((state) => state.dockTab);
  return <Tabs label="Dock" tabs={dockTabs} current={current} onChange={showDock} />;
}
