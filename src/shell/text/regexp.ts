/** POSIX expressions as JavaScript's. */

/** Classes are the one thing that JavaScript does not know. */
export function extendedSource(pattern: string): string {
  // A bracket that comes first is one of those that are meant.
  return pattern
    .replace(/\[(\^?)\]/g, "[$1\\]")
    .replaceAll("[:digit:]", "0-9")
    .replaceAll("[:alpha:]", "A-Za-z")
    .replaceAll("[:alnum:]", "A-Za-z0-9")
    .replaceAll("[:space:]", "\\s")
    .replaceAll("[:upper:]", "A-Z")
    .replaceAll("[:lower:]", "a-z");
}

/** In basic expressions `+ ? | ( ) { }` mean themselves unless a backslash stands before them. */
export function basicSource(pattern: string): string {
  return extendedSource(pattern)
    .replace(/\\([+?|(){}])|([+?|(){}])|(\\.)/g, (_, special, plain, other) =>
      special !== undefined ? special : plain !== undefined ? `\\${plain}` : other,
    )
    .replace(/^\*/, "\\*");
}

/** Undefined where it is none. */
export function compileRegExp(source: string, flags = ""): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
