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

/** What the address asks for belongs to this work from now on: after a reload the work goes on, not the link anew. */
export function setBookmark(id: string | null): void {
  write(() => sessionStorage, KEY, id);
  write(() => localStorage, KEY, id);
  write(() => sessionStorage, LINK_KEY, askedByAddress());
}

/** A moment in the fragment, or the name of a scenario; "": neither. */
export function askedByAddress(): string {
  const { hash, search } = location;
  return hash.length > 1 ? hash : (new URLSearchParams(search).get("scenario") ?? "");
}

/** What the address asks for was opened here before. */
export function isAddressKnown(): boolean {
  const asked = askedByAddress();
  return asked === "" || read(() => sessionStorage, LINK_KEY) === asked;
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
