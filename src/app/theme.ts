import { isTheme, setTheme, useTheme } from "../stores/theme";

const STORAGE_KEY = "kubehop.theme";

/** The page wears the chosen theme, and the next visit remembers it. `?theme=dark` goes before what was remembered. */
export function startTheme(): void {
  const asked = new URLSearchParams(location.search).get("theme");
  const chosen = isTheme(asked) ? asked : remembered();
  if (isTheme(chosen)) setTheme(chosen);
  wear(useTheme.getState().theme);
  useTheme.subscribe(({ theme }) => {
    wear(theme);
    remember(theme);
  });
}

function wear(theme: string): void {
  document.documentElement.dataset.theme = theme;
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
