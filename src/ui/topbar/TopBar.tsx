import { openPalette } from "../../stores/palette";
import { type PanelName, togglePanel, usePanels } from "../../stores/panels";
import { useScenarioTitle, useSession } from "../../stores/session";
import { chooseTheme, THEMES, useTheme } from "../../stores/theme";
import { openDialog } from "../../stores/view";
import { HistoryButtons } from "../history/HistoryButtons";
import { Icon, type IconName } from "../parts/Icon";
import { PresentButton } from "../present/PresentButton";
import { WorkspacesButton } from "../workspaces/WorkspacesButton";
import { Clock } from "./Clock";
import { Transport } from "./Transport";
import "./topbar.css";

export function TopBar() {
  const title = useScenarioTitle();
  const busy = useSession((state) => state.busy);
  return (
    <header className="topbar">
      <h1 className="logo">
        kube<span>hop</span>
      </h1>
      <p className="scenario" title={title}>
        {title}
      </p>
      <Transport />
      <Clock />
      <p className="busy muted" aria-live="polite">
        {busy && `${busy} …`}
      </p>
      <div className="end">
        <HistoryButtons />
        <button
          type="button"
          className="button icon"
          aria-label="Commands"
          aria-keyshortcuts="Control+K Meta+K"
          title="All commands (Ctrl+K)"
          onClick={openPalette}
        >
          <Icon name="command" />
        </button>
        <button
          type="button"
          className="button icon"
          aria-label="Import"
          title="Import manifests, a scenario or a saved moment"
          onClick={() => openDialog("import")}
        >
          <Icon name="import" />
        </button>
        <button
          type="button"
          className="button icon"
          aria-label="Export"
          title="Export the cluster, a picture or the packet’s story"
          onClick={() => openDialog("export")}
        >
          <Icon name="export" />
        </button>
        <button
          type="button"
          className="button"
          aria-label="Share"
          title="Copy a link to this very moment"
          onClick={() => openDialog("share")}
        >
          <Icon name="share" />
          <span className="word">Share</span>
        </button>
        <WorkspacesButton />
        <PanelToggle name="objects" icon="left" label="List of objects" />
        <PanelToggle name="dock" icon="bottom" label="Dock" />
        <PanelToggle name="inspector" icon="right" label="Inspector" />
        <PresentButton />
        <ThemeButton />
        <button
          type="button"
          className="button icon"
          aria-label="Help"
          title="Help (?)"
          onClick={() => openDialog("help")}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
}

interface PanelToggleProps {
  readonly name: PanelName;
  readonly icon: IconName;
  readonly label: string;
}

function PanelToggle({ name, icon, label }: PanelToggleProps) {
  const open = usePanels((state) => state[name]);
  return (
    <button
      type="button"
      className="button icon panel-toggle"
      aria-label={label}
      aria-pressed={open}
      title={`${open ? "Hide" : "Show"}: ${label}`}
      onClick={() => togglePanel(name)}
    >
      <Icon name={icon} />
    </button>
  );
}

const THEME_ICONS = {
  light: "sun",
  dark: "moon",
  projector: "projector",
  system: "system",
} as const;

function ThemeButton() {
  const theme = useTheme((state) => state.theme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  return (
    <button
      type="button"
      className="button icon"
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}. Click for ${next}.`}
      onClick={() => chooseTheme(next)}
    >
      <Icon name={THEME_ICONS[theme]} />
    </button>
  );
}
