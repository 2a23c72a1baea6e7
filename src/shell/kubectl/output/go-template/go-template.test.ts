import { expect, test } from "vitest";
import { KubectlFailure } from "../../failure";
import { printGoTemplate } from "./print";

const SERVICE = {
  kind: "Service",
  metadata: { name: "kuard", labels: { app: "kuard", "a/b": "x" } },
  spec: { ports: [{ port: 80 }, { port: 443, name: "https" }], ratio: 0.5 },
};

test.each([
  [
    "{{.kind}} {{.metadata.name}} {{.nope}} {{.nope.deeper}}",
    "Service kuard <no value> <no value>",
  ],
  ["{{range .spec.ports}}{{.port}},{{end}}", "80,443,"],
  ["{{range $i, $p := .spec.ports}}{{$i}}:{{$p.name}} {{end}}", "0:<no value> 1:https "],
  ["{{range $k, $v := .metadata.labels}}{{$k}}={{$v}};{{end}}", "a/b=x;app=kuard;"],
  ["{{range .nope}}x{{else}}none{{end}}", "none"],
  ["{{range .spec.ports}}{{if .name}}{{break}}{{end}}{{.port}}{{end}}", "80"],
  ["{{if and .kind (eq (len .spec.ports) 2)}}two{{else if .nope}}b{{else}}c{{end}}", "two"],
  ['{{with index .metadata.labels "a/b"}}{{.}}{{end}} {{index .spec.ports 1 "port"}}', "x 443"],
  ["a  {{- .kind -}}  b {{/* c */}}", "aServiceb "],
  [
    "{{.kind | len}} {{.spec.ratio}} {{.spec.ports}}",
    "7 0.5 [map[port:80] map[name:https port:443]]",
  ],
  ['{{printf "%-6s|%04d|%q|%v|%d" .kind 42 "x" true "y"}}', 'Service|0042|"x"|true|%!d(string=y)'],
  ["{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}", "2"],
  ['{{define "T"}}<{{.}}>{{end}}{{template "T" .kind}}', "<Service>"],
  [
    '{{base64decode "w7Y="}} {{len "ö"}} {{exists . "spec" "ports" 1}} {{exists . "x"}}',
    "ö 2 true false",
  ],
])("%s", (template, text) => {
  expect(printGoTemplate(template, SERVICE, false)).toBe(text);
});

test.each([
  ["{{.kind", "unclosed action"],
  ["{{nope .kind}}", 'function "nope" not defined'],
  ["{{end}}", "unexpected {{end}}"],
  ["{{if .kind}}", "unexpected EOF"],
  ["{{$x}}", 'undefined variable "$x"'],
  ["{{.kind.deeper}}", "can't evaluate field deeper in type interface {}"],
  ['{{template "nope"}}', 'template "nope" not defined'],
  ['{{define "T"}}{{template "T"}}{{end}}{{template "T"}}', "exceeded maximum template depth"],
  ["{{index .spec.ports 7}}", "index out of range: 7"],
])("%s is refused", (template, words) => {
  expect(() => printGoTemplate(template, SERVICE, false)).toThrow(words);
});

test("a loop in a loop comes to an end", () => {
  const many = { list: Array.from({ length: 200 }, () => 0) };
  const loop = "{{range $.list}}".repeat(4) + "{{end}}".repeat(4);
  expect(() => printGoTemplate(loop, many, false)).toThrow(KubectlFailure);
});

test("a strict template minds what is missing", () => {
  expect(() => printGoTemplate("{{.nope}}", SERVICE, true)).toThrow(
    'map has no entry for key "nope"',
  );
});
