/** Which workspace a tab, or the next visit, goes on with. Storage may be forbidden: then nothing is remembered. */
const KEY = "kubehop.workspace";
const LINK_KEY = "kubehop.link";

/** Of this tab: survives a reload, not the closing of the tab. */
export function ownBookmark(): string | null {
  return read(() => sessionStorage, KEY);
}

/** Of whichever tab worked last. */
export function lastBookmark(): string | null {
  return read(() => localStorage, KEY);
}

export function setBookmark(id: string | null): void {
  write(() => sessionStorage, KEY, id);
  write(() => localStorage, KEY, id);
}

/** The link that this tab's work began with: after a reload the work goes on, not the link anew. */
export function beganWithLink(link: string): boolean {
  return read(() => sessionStorage, LINK_KEY) === link;
}

/** What this tab did before it followed the link is another visit's to go on with. */
export function beginWithLink(link: string): void {
  write(() => sessionStorage, LINK_KEY, link);
  write(() => sessionStorage, KEY, null);
}

function read(area: () => Storage, key: string): string | null {
  try {
    return area().getItem(key);
  } catch {
    return null;
  }
}

function write(area: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) area().removeItem(key);
    else area().setItem(key, value);
  } catch {
    // Forbidden or full: IndexedDB says so in words.
  }
}
