import { useDefaultLayout } from "react-resizable-panels";

const STORAGE_KEY = "kubehop.layout.";

/** Sizes as somebody left them, for the next visit. A panel that is put away keeps the size it had. */
export function useKeptLayout(id: string) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id,
    storage,
    onlySaveAfterUserInteractions: true,
  });
  return { id, defaultLayout, onLayoutChanged };
}

/** Storage may be forbidden or full: the next visit then starts with the usual sizes. */
const storage = {
  getItem(name: string): string | null {
    try {
      const text = localStorage.getItem(STORAGE_KEY + name);
      return text !== null && isLayout(text) ? text : null;
    } catch {
      return null;
    }
  },
  setItem(name: string, text: string): void {
    if (!isLayout(text)) return;
    try {
      localStorage.setItem(STORAGE_KEY + name, text);
    } catch {
      // Nothing is lost but a size.
    }
  },
};

/** Percentages by panel, none of them put away. */
function isLayout(text: string): boolean {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return false;
  const sizes: readonly unknown[] = Object.values(value);
  return sizes.every((size) => typeof size === "number" && size > 0 && size < 100);
}
