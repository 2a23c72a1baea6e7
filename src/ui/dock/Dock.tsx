import { type DockTab, showDock, useView } from "../../stores/view";
import { lazyPart } from "../parts/lazy-part";
import { type Tab, Tabs } from "../parts/Tabs";
import { NoTimeline } from "./NoTimeline";

const Timeline = lazyPart(() => import("./Timeline"), { waiting: <NoTimeline /> });
const TerminalTab = lazyPart(() => import("../terminal/TerminalTab"));
const HopsTable = lazyPart(() => import("./HopsTable"));
const PathsTab = lazyPart(() => import("../paths/PathsTab"));
const TrafficTab = lazyPart(() => import("../traffic/TrafficTab"));
const CompareTab = lazyPart(() => import("../compare/CompareTab"));
const IptablesTab = lazyPart(() => import("./IptablesTab"));
const ConntrackTab = lazyPart(() => import("./ConntrackTab"));
const RoutesTab = lazyPart(() => import("./RoutesTab"));
const EndpointsTab = lazyPart(() => import("./EndpointsTab"));
const DnsTab = lazyPart(() => import("./DnsTab"));
const EventsTab = lazyPart(() => import("./EventsTab"));
const HistoryTab = lazyPart(() => import("../history/HistoryTab"));

export const dockTabs: readonly Tab<DockTab>[] = [
  { id: "timeline", label: "Timeline", content: <Timeline /> },
  { id: "terminal", label: "Terminal", content: <TerminalTab /> },
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
  return <Tabs label="Dock" tabs={dockTabs} current={current} onChange={showDock} fits />;
}
