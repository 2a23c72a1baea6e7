import { createRoot } from "react-dom/client";
import "../ui/theme.css";
import "../ui/base.css";
import "../ui/dock/dock.css";
import { ErrorBoundary } from "../ui/parts/ErrorBoundary";
import { loadPartsWhenIdle } from "../ui/parts/lazy-part";
import { App } from "./App";
import { page } from "./address";
import { startAnnouncing } from "./announce";
import { Crash } from "./Crash";
import { startKeys } from "./keys";
import { startSimulation } from "./start";
import { startTheme } from "./theme";

startTheme();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <ErrorBoundary fallback={(error) => <Crash error={error} />}>
    <App />
  </ErrorBoundary>,
);
startKeys();
startAnnouncing();
if (!page.embed) startSimulation().then(loadPartsWhenIdle);
