/** Rules for names and label values: each answers with what is wrong, in the API server's words.
 *  Source: apimachinery/pkg/util/validation/validation.go v0.32. */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${QUALIFIED})?`;

const DNS1123_LABEL = new RegExp(`^${LABEL}$`);
const DNS1035_LABEL = new RegExp(`^${LABEL_1035}$`);
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

export function checkDns1123Label(value: string): string[] {
  const problems = value.length > 63 ? [tooLong(63)] : [];
  if (!DNS1123_LABEL.test(value)) {
    problems.push(
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character " +
        examples(LABEL, "my-name", "123-abc"),
    );
  }
  return problems;
}

export function checkDns1035Label(value: string): string[] {
  const problems = value.length > 63 ? [tooLong(63)] : [];
  if (!DNS1035_LABEL.test(value)) {
    problems.push(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character " +
        examples(LABEL_1035, "my-name", "abc-123"),
    );
  }
  return problems;
}

export function checkDns1123Subdomain(value: string): string[] {
  const problems = value.length > 253 ? [tooLong(253)] : [];
  if (!value.split(".").every((part) => DNS1123_LABEL.test(part))) {
    problems.push(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
        examples(SUBDOMAIN, "example.com"),
    );
  }
  return problems;
}

/** Source: IsWildcardDNS1123Subdomain. */
export function checkWildcardDns1123Subdomain(value: string): string[] {
  const rest = value.startsWith("*.") ? value.slice(2) : "";
  const problems = value.length > 253 ? [tooLong(253)] : [];
  if (!rest.split(".").every((part) => DNS1123_LABEL.test(part))) {
    problems.push(
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character " +
        examples(`\\*\\.${SUBDOMAIN}`, "*.example.com"),
    );
  }
  return problems;
}

/** Label and annotation keys, appProtocol: `name` or `prefix/name`. */
export function checkQualifiedName(value: string): string[] {
  const parts = value.split("/");
  const problems: string[] = [];
  if (parts.length > 2) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        `${examples(QUALIFIED, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts[parts.length - 1] ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === "") problems.push("prefix part must be non-empty");
  else if (prefix !== undefined) {
    problems.push(...checkDns1123Subdomain(prefix).map((problem) => `prefix part ${problem}`));
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!QUALIFIED_NAME.test(name)) {
    problems.push(
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        examples(QUALIFIED, "MyName", "my.name", "123-abc"),
    );
  }
  return problems;
}

export function checkLabelValue(value: string): string[] {
  const problems = value.length > 63 ? [tooLong(63)] : [];
  if (value !== "" && !QUALIFIED_NAME.test(value)) {
    problems.push(
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        examples(LABEL_VALUE, "MyValue", "my_value", "12345"),
    );
  }
  return problems;
}

/** Container port names and named targetPorts. */
export function checkPortName(value: string): string[] {
  const problems = value.length > 15 ? [tooLong(15)] : [];
  if (!/^[-a-z0-9]+$/.test(value)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(value)) problems.push("must contain at least one letter (a-z)");
  if (value.includes("--")) problems.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-")) {
    problems.push("must not begin or end with a hyphen");
  }
  return problems;
}

export function checkPortNumber(value: number): string[] {
  return Number.isInteger(value) && value >= 1 && value <= 65_535
    ? []
    : ["must be between 1 and 65535, inclusive"];
}

function tooLong(max: number): string {
  return `must be no more than ${max} characters`;
}

/** Two spaces before "or": so it is in Kubernetes. */
function examples(regex: string, ...names: readonly string[]): string {
  const list = names.map((name) => `'${name}'`).join(",  or ");
  return `(e.g. ${list}${names.length > 0 ? ", " : ""}regex used for validation is '${regex}')`;
}
