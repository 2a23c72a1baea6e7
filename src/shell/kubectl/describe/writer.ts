import type { Labels } from "../../../core/api/types";

/** Lines of a description, indented by level; tabs are aligned afterwards. */
export class DescribeWriter {
  #text = "";

  /** One line. */
  line(level: number, text: string): void {
    this.#text += `${"  ".repeat(level)}${text}\n`;
  }

  /** As it is. */
  raw(text: string): void {
    this.#text += text;
  }

  get text(): string {
    return this.#text;
  }

  /** `Labels:   a=b`, one a line. */
  labels(title: string, labels: Labels | undefined, separator = "="): void {
    const pairs = Object.entries(labels ?? {}).map(([key, value]) => [key, value] as const);
    this.#list(
      title,
      pairs
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => `${key}${separator}${value}`),
    );
  }

  annotations(annotations: Labels | undefined): void {
    const skipped = "kubectl.kubernetes.io/last-applied-configuration";
    const shown = Object.entries(annotations ?? {}).filter(([key]) => key !== skipped);
    this.labels("Annotations", Object.fromEntries(shown), ": ");
  }

  #list(title: string, items: readonly string[]): void {
    if (items.length === 0) this.line(0, `${title}:\t<none>`);
    for (const [index, item] of items.entries())
      this.line(0, `${index === 0 ? `${title}:` : ""}\t${item}`);
  }
}
