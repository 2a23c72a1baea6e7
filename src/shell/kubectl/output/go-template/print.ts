import { failure, KubectlFailure } from "../../failure";
import { formatJson, sorted } from "../yaml";
import { executeTemplate } from "./execute";
import { formatValue } from "./format";
import { TemplateError } from "./nodes";
import { parseTemplate } from "./parse";

/** An object through a Go template. What goes wrong is told at length, as kubectl does.
 *  Source: cli-runtime/pkg/printers, template.go. */
export function printGoTemplate(source: string, object: unknown, strict: boolean): string {
  const template = parsed(source);
  const data = sorted(object);
  const { text, error } = executeTemplate(template, data, { strict });
  if (error === undefined) return text;
  const debug = [
    `Error executing template: ${error}. Printing more information for debugging the template:`,
    "\ttemplate was:",
    `\t\t${source}`,
    "\traw data was:",
    `\t\t${formatJson(object, 0)}`,
    "\tobject given to template engine was:",
    `\t\t${formatValue(data)}`,
    "\n",
  ];
  throw new KubectlFailure(
    `error: error executing template ${JSON.stringify(source)}: ${error}`,
    1,
    text + debug.join("\n"),
  );
}

function parsed(source: string) {
  try {
    return parseTemplate(source);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw failure(`error parsing template ${source}, ${error.message}`);
  }
}
