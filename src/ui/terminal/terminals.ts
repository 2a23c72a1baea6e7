import { useSession } from "../../stores/session";
import { takeWishes, useTerminalWishes } from "../../stores/terminals";
import { addScreen, findScreen, removeScreen, showScreen, useScreens } from "./screens";
import { TerminalScreen } from "./terminal-screen";

const LAPTOP = "laptop";

const terminals = new Map<number, TerminalScreen>();

export function terminalOf(key: number): TerminalScreen | undefined {
  return terminals.get(key);
}

/** Opens a terminal at a place and shows it. */
export function openTerminal(place: string): TerminalScreen {
  const key = addScreen(place);
  const screen = new TerminalScreen(key, () => leave(key));
  terminals.set(key, screen);
  // Once it is on the screen it knows its width.
  requestAnimationFrame(() => void screen.open(place));
  return screen;
}

export function closeTerminal(key: number): void {
  terminals.get(key)?.dispose();
  terminals.delete(key);
  removeScreen(key);
  if (terminals.size === 0) openTerminal(LAPTOP);
}

/** The keyboard goes to the terminal's own tab: from there Tab goes on. */
function leave(key: number): void {
  document.querySelector<HTMLElement>(`[data-terminal="${key}"]`)?.focus();
}

/** Does what was asked for, and opens the first terminal. */
export function fulfilWishes(): void {
  for (const wish of takeWishes()) {
    if (wish.type === "open") openTerminal(wish.place);
    else if (wish.type === "run") terminalAt(wish.place).ask(wish.line);
    else closeTerminal(useScreens.getState().current);
  }
  if (terminals.size === 0) openTerminal(LAPTOP);
}

/** The one that is shown, where it is at that place and waits for a line; else another one. */
function terminalAt(place: string): TerminalScreen {
  const { current, screens } = useScreens.getState();
  const isFree = (key: number) => {
    const view = findScreen(key);
    // A pod's own says in which container it is.
    const isThere = view?.place === place || view?.place.startsWith(`${place}/`);
    return isThere && (view?.status === "ready" || view?.status === "opening");
  };
  const key = isFree(current) ? current : screens.find((one) => isFree(one.key))?.key;
  const found = key === undefined ? undefined : terminals.get(key);
  if (key === undefined || !found) return openTerminal(place);
  showScreen(key);
  return found;
}

/** Another run has other places: its terminals are new. */
useSession.subscribe((state, before) => {
  if (state.opened === before.opened || terminals.size === 0) return;
  for (const [key, screen] of terminals) {
    screen.end("another run is open");
    screen.dispose();
    removeScreen(key);
  }
  terminals.clear();
  openTerminal(LAPTOP);
});

export function watchWishes(): () => void {
  fulfilWishes();
  return useTerminalWishes.subscribe(({ wishes }) => {
    if (wishes.length > 0) fulfilWishes();
  });
}
