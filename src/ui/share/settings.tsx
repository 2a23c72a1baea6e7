import { PANELS, type SharedMoment } from "../../share/shared-moment";
import type { BuiltIn } from "../../stores/built-in";

export const LINK_THEMES = ["light", "dark", "projector"] as const;

/** What the sender decides for those who open the link. */
export interface LinkSettings {
  readonly paused: boolean;
  readonly hidesPanels: boolean;
  readonly locked: boolean;
  /** "" as the reader likes it. */
  readonly theme: "" | (typeof LINK_THEMES)[number];
}

export const USUAL_SETTINGS: LinkSettings = {
  paused: true,
  hidesPanels: false,
  locked: false,
  theme: "",
};

export interface Shared {
  readonly moment: SharedMoment;
  /** Absent: the link carries its scenario. */
  readonly builtIn?: BuiltIn;
  readonly theme: string;
  readonly copied?: boolean;
}

/** The moment with the sender's decisions. That it was copied holds for the usual ones. */
export function withSettings(taken: Omit<Shared, "theme">, settings: LinkSettings): Shared {
  const { paused, hidesPanels, locked, theme } = settings;
  const { hide = [] } = taken.moment.options ?? {};
  const options = {
    ...(!paused && { paused }),
    ...(locked && { locked }),
    ...((hidesPanels || hide.length > 0) && { hide: hidesPanels ? PANELS : hide }),
  };
  return { ...taken, moment: { ...taken.moment, options }, theme };
}

interface LinkOptionsProps {
  readonly settings: LinkSettings;
  readonly onChange: (settings: LinkSettings) => void;
}

const CHECKS = [
  { key: "paused", label: "Start paused" },
  { key: "hidesPanels", label: "Hide the panels" },
  { key: "locked", label: "Lock editing" },
] as const;

export function LinkOptions({ settings, onChange }: LinkOptionsProps) {
  return (
    <fieldset className="link-options">
      <legend>For those who open it</legend>
      {CHECKS.map(({ key, label }) => (
        <label key={key}>
          <input
            type="checkbox"
            checked={settings[key]}
            onChange={(event) => onChange({ ...settings, [key]: event.target.checked })}
          />{" "}
          {label}
        </label>
      ))}
      <label>
        Theme{" "}
        <select
          className="field"
          value={settings.theme}
          onChange={(event) =>
            onChange({ ...settings, theme: event.target.value as LinkSettings["theme"] })
          }
        >
          <option value="">as they like it</option>
          {LINK_THEMES.map((theme) => (
            <option key={theme} value={theme}>
              {theme}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
