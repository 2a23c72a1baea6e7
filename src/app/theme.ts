import { isTheme, setTheme, useShownTheme, useTheme } from "../stores/theme";

const STORAGE_KEY = "kubehop.theme";

/** The page wears the chosen theme, and the next visit remembers it. `?theme=dark` goes before what was remembered. */
export function startTheme(): void {
  const asked = new URLSearchParams(location.search).get("theme");
  const chosen = isTheme(asked) ? asked : remembered();
  if (isTheme(chosen)) setTheme(chosen);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const forced = matchMedia("(forced-colors: active)");
  const wear = () => {
    const { theme } = useTheme.getState();
    const shown = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    document.documentElement.dataset.theme = shown;
    useShownTheme.setState({ shown, forced: forced.matches });
  };
  wear();
  dark.addEventListener("change", wear);
  forced.addEventListener("change", wear);
  useTheme.subscribe(({ theme }) => {
    wear();
    remember(theme);
  });
}

/** Storage may be forbidden, as in some embedded pages. */
function remembered(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // The next visit starts with the default.
  }
}
