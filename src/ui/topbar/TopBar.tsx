import { type PanelName, usePanels } from "../../stores/panels";
import { useScenarioTitle, useSession } from "../../stores/session";
import { THEMES, useTheme } from "../../stores/theme";
import { ActionButton } from "../actions/ActionButton";
import { openExport, openHelp, openImport, openShare, showPalette } from "../actions/dialogs";
import { openGallery } from "../actions/scenarios";
import { panelActions, themeActions } from "../actions/view";
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
      <ActionButton
        action={openGallery}
        className="button scenario"
        label={`Scenarios; open is ${title}`}
        hint={`${title}. Click for other scenarios`}
      >
        <Icon name="gallery" />
        <span>{title}</span>
      </ActionButton>
      <Transport />
      <Clock />
      <p className="busy muted" aria-live="polite">
        {busy && `${busy} …`}
      </p>
      <div className="end">
        <HistoryButtons />
        <ActionButton action={showPalette} className="button icon" label="Commands">
          <Icon name="command" />
        </ActionButton>
        <ActionButton action={openImport} className="button icon" label="Import">
          <Icon name="import" />
        </ActionButton>
        <ActionButton
          action={openExport}
          className="button icon"
          label="Export"
          hint="Export the cluster, a picture or the packet’s story"
        >
          <Icon name="export" />
        </ActionButton>
        <ActionButton
          action={openShare}
          className="button"
          label="Share"
          hint="Copy a link to this very moment"
        >
          <Icon name="share" />
          <span className="word">Share</span>
        </ActionButton>
        <WorkspacesButton />
        <PanelToggle name="objects" icon="left" label="List of objects" />
        <PanelToggle name="dock" icon="bottom" label="Dock" />
        <PanelToggle name="inspector" icon="right" label="Inspector" />
        <PresentButton />
        <ThemeButton />
        <ActionButton action={openHelp} className="button icon" label="Help">
          <Icon name="help" />
        </ActionButton>
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
    <ActionButton
      action={panelActions[name]}
      className="button icon panel-toggle"
      label={label}
      pressed={open}
      hint={`${open ? "Hide" : "Show"}: ${label}`}
    >
      <Icon name={icon} />
    </ActionButton>
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
    <ActionButton
      action={themeActions[next]}
      className="button icon"
      label={`Theme: ${theme}`}
      hint={`Theme: ${theme}. Click for ${next}.`}
    >
      <Icon name={THEME_ICONS[theme]} />
    </ActionButton>
  );
}
