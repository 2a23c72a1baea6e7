import type { ProgramKind } from "../dataplane/netns";
import { type HttpRequest, type HttpResponse, reasonOf } from "../net/http-message";
import { imageName } from "./images";

/** What a web server answers; undefined: it speaks something else. `image`: the container's; "" outside of pods. */
export function answerHttp(
  program: ProgramKind,
  image: string,
  { path }: Pick<HttpRequest, "path">,
): HttpResponse | undefined {
  if (program !== "http" && program !== "healthz") return undefined;
  const status = program === "healthz" ? 200 : statusOf(image, path.split("?")[0] ?? "/");
  return { status, reason: reasonOf(status) };
}

/** Pages that a program has; others answer whatever they are asked. */
const KNOWN_PAGES: readonly { readonly name: RegExp; readonly pages: ReadonlySet<string> }[] = [
  { name: /^kuard/, pages: new Set(["/", "/ready", "/healthy"]) },
  { name: /^nginx/, pages: new Set(["/", "/index.html"]) },
];

/** Simplified: no more pages than these, no redirects, every method is a GET. */
function statusOf(image: string, path: string): number {
  const name = imageName(image);
  const known = KNOWN_PAGES.find((one) => one.name.test(name));
  return known && !known.pages.has(path) ? 404 : 200;
}
