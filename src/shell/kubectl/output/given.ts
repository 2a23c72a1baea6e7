import { resolvePath } from "../../files";
import { failure } from "../failure";
import type { Kubectl } from "../verb";

/** The form that `-o` and `--template` name, templates in files read: `jsonpath={.kind}`; "" where none is asked for. */
export function outputOf(kubectl: Kubectl): string {
  const { flags } = kubectl;
  const given = flags.text("output") ?? (flags.has("template") ? "go-template" : "");
  const equals = given.indexOf("=");
  const name = equals < 0 ? given : given.slice(0, equals);
  const template = equals < 0 ? flags.text("template") : given.slice(equals + 1);
  const form = FORMS[name];
  if (!form) return given;
  if (!template) return form.name;
  return `${form.name}=${form.file ? form.read(textOf(kubectl, template, form.what)) : template}`;
}

interface Form {
  readonly name: string;
  readonly file: boolean;
  readonly what: string;
  read(text: string): string;
}

const same = (text: string) => text;

const FORMS: Readonly<Record<string, Form>> = {
  "go-template": { name: "go-template", file: false, what: "", read: same },
  template: { name: "go-template", file: false, what: "", read: same },
  "go-template-file": { name: "go-template", file: true, what: "--template", read: same },
  templatefile: { name: "go-template", file: true, what: "--template", read: same },
  jsonpath: { name: "jsonpath", file: false, what: "", read: same },
  "jsonpath-file": { name: "jsonpath", file: true, what: "--template", read: same },
  "custom-columns-file": { name: "custom-columns", file: true, what: "template", read: columnsIn },
};

function textOf({ process }: Kubectl, path: string, what: string): string {
  const read = process.files.read(resolvePath(process.cwd, path));
  if (read.ok) return read.value;
  throw failure(`error reading ${what} ${path}, open ${path}: ${read.error.toLowerCase()}`);
}

/** A line of headers, and one of paths below. */
function columnsIn(text: string): string {
  const [headers = [], paths = []] = text.split("\n").map((line) => line.trim().split(/\s+/));
  if (headers.length !== paths.length)
    throw failure(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  return headers.map((header, index) => `${header}:${paths[index]}`).join(",");
}
