import type { ITheme } from "@xterm/xterm";

/** The page's colours as the terminal wears them. */
export function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const [red, green, yellow, blue] = [
    token("bad"),
    token("ok"),
    token("warn"),
    token("accent-text"),
  ];
  const [magenta, cyan] = [token("snat"), token("pod")];
  const [text, muted] = [token("text"), token("muted")];
  return {
    background: token("panel"),
    foreground: text,
    cursor: token("accent-text"),
    cursorAccent: token("panel"),
    selectionBackground: token("accent-soft"),
    selectionForeground: text,
    black: text,
    white: muted,
    brightBlack: muted,
    brightWhite: text,
    ...{ red, green, yellow, blue, magenta, cyan },
    brightRed: red,
    brightGreen: green,
    brightYellow: yellow,
    brightBlue: blue,
    brightMagenta: magenta,
    brightCyan: cyan,
  };
}

export function monoFont(): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--mono").trim();
}

const KIND_COLOURS: Readonly<Record<string, number>> = { laptop: 34, node: 33, host: 36, pod: 35 };

/** A prompt that says where it is: coloured by the kind of its place, and with the pod's name where its shell says none. */
export function placedPrompt(prompt: string, place: string): string {
  const [kind = "", , pod = ""] = place.split("/");
  const colour = KIND_COLOURS[kind] ?? 39;
  const says = kind === "pod" && !prompt.includes("@") ? `[${pod}] ` : "";
  return `\x1b[${colour}m${says}${prompt.trimEnd()}\x1b[0m `;
}
