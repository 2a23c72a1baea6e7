import "@xterm/xterm/css/xterm.css";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useAutoFollow } from "../../stores/auto-follow";
import { ActionButton } from "../actions/ActionButton";
import { closeTerminal as closeThis, followCommands } from "../actions/terminal";
import { Icon } from "../parts/Icon";
import { EditPane } from "./EditPane";
import { PlacePicker } from "./PlacePicker";
import { placeName, type ScreenView, showScreen, useScreens } from "./screens";
import { TerminalNote } from "./TerminalNote";
import { TouchKeys } from "./TouchKeys";
import { openTerminal, terminalOf, watchWishes } from "./terminals";
import "./terminal.css";

/** Terminals on the laptop, on nodes and hosts and in containers, one at a time. */
export default function TerminalTab() {
  const screens = useScreens((state) => state.screens);
  const current = useScreens((state) => state.current);
  useEffect(watchWishes, []);
  const shown = screens.find(({ key }) => key === current);
  return (
    <div className="terminal-tab">
      <div className="terminal-bar">
        <ScreenTabs screens={screens} current={current} />
        <FollowSwitch />
        <PlacePicker onPick={(place) => openTerminal(place).focus()} />
      </div>
      {shown?.edit && <EditPane key={shown.edit.title} edit={shown.edit} />}
      {shown && <Screen key={shown.key} screen={shown} />}
      {shown && <TouchKeys onPress={(data) => terminalOf(shown.key)?.press(data)} />}
      {shown && <TerminalNote screen={shown} />}
    </div>
  );
}

function FollowSwitch() {
  const on = useAutoFollow((state) => state.on);
  return (
    <ActionButton
      action={followCommands}
      className="button small follow-switch"
      label="Follow what commands send"
      hint="The first packet of a line is followed on the canvas as it is sent; the command waits for it"
      pressed={on}
    >
      Follow: {on ? "on" : "off"}
    </ActionButton>
  );
}

interface ScreenTabsProps {
  readonly screens: readonly ScreenView[];
  readonly current: number;
}

function ScreenTabs({ screens, current }: ScreenTabsProps) {
  function onKeyDown(event: KeyboardEvent) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = screens.findIndex(({ key }) => key === current);
    const next = screens[(at + by + screens.length) % screens.length];
    if (event.key === "Enter") {
      event.preventDefault();
      terminalOf(current)?.focus();
    }
    if (by === 0 || !next) return;
    event.preventDefault();
    event.stopPropagation();
    showScreen(next.key);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-terminal="${next.key}"]`)?.focus(),
    );
  }
  return (
    <div className="terminal-tabs">
      <div role="tablist" aria-label="Terminals" onKeyDown={onKeyDown}>
        {screens.map(({ key, place, status }) => (
          <button
            key={key}
            type="button"
            role="tab"
            data-terminal={key}
            data-kind={place.split("/")[0]}
            aria-selected={key === current}
            tabIndex={key === current ? 0 : -1}
            title={place}
            onClick={() => {
              showScreen(key);
              requestAnimationFrame(() => terminalOf(key)?.focus());
            }}
          >
            <span className="kind">{place.split("/")[0]}</span>
            {place.includes("/") && ` ${placeName(place)}`}
            {status === "closed" && " (ended)"}
          </button>
        ))}
      </div>
      <ActionButton action={closeThis} className="button icon small" label="Close this terminal">
        <Icon name="close" size={11} />
      </ActionButton>
    </div>
  );
}

function Screen({ screen }: { readonly screen: ScreenView }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const terminal = terminalOf(screen.key);
    if (!host.current || !terminal) return;
    const unmount = terminal.mount(host.current);
    // Who comes along the tabs by keyboard stays there; Tab leads in.
    if (!document.activeElement?.matches("[role=tab]:focus-visible")) terminal.focus();
    return unmount;
  }, [screen.key]);
  return (
    <section
      className="terminal-screen"
      aria-label={`Terminal on ${screen.place}`}
      hidden={screen.edit !== null}
      ref={host}
    />
  );
}
