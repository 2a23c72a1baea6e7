import { createRoot } from "react-dom/client";
import "../ui/theme.css";
import "../ui/base.css";
import "../ui/dock/dock.css";
import { App } from "./App";
import { startAnnouncing } from "./announce";
import { ErrorBoundary } from "./ErrorBoundary";
import { startKeys } from "./keys";
import { startSimulation } from "./start";
import { startTheme } from "./theme";

startTheme();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <ErrorBoundary>
    <App />
  </ErrorBoundary>,
);
startKeys();
startAnnouncing();
startSimulation();
