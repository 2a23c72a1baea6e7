import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import { useEffect, useRef } from "react";
import type { DocumentError } from "../../worker/protocol";

export interface EditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly errors: readonly DocumentError[];
  /** Moves the cursor there whenever it is another object. */
  readonly goTo: { readonly line: number; readonly column: number } | null;
  /** Take the keyboard, and say so. */
  readonly wantsFocus?: boolean;
  readonly onFocused?: () => void;
}

/** CodeMirror for YAML. Heavy: load it through LazyEditor. */
export default function YamlEditor(props: EditorProps) {
  const { label, value, onChange, errors, goTo, wantsFocus = false, onFocused } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const first = useRef({ value, label });

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      doc: first.current.value,
      parent: host.current,
      extensions: [
        basicSetup,
        yaml(),
        // Colours come from editor.css, so that they follow the theme.
        syntaxHighlighting(classHighlighter),
        lintGutter(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": first.current.label,
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed.current(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor, errors)));
  }, [errors]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const anchor = offsetOf(editor, goTo.line, goTo.column);
    editor.dispatch({
      selection: { anchor },
      effects: EditorView.scrollIntoView(anchor, { y: "center" }),
    });
    editor.focus();
  }, [goTo]);

  useEffect(() => {
    if (!wantsFocus) return;
    view.current?.focus();
    onFocused?.();
  }, [wantsFocus, onFocused]);

  return <div className="yaml-editor" ref={host} />;
}

function diagnosticsOf(editor: EditorView, errors: readonly DocumentError[]): Diagnostic[] {
  return errors
    .filter((error) => error.line !== undefined)
    .map(({ line = 1, column = 1, message }): Diagnostic => {
      const from = offsetOf(editor, line, column);
      const end = editor.state.doc.lineAt(from).to;
      return { from, to: Math.max(from, end), severity: "error", message };
    })
    .sort((a, b) => a.from - b.from);
}

/** Line and column may lie past the end: a text that ends too early has its mistake there. */
function offsetOf(editor: EditorView, line: number, column: number): number {
  const { doc } = editor.state;
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(at.from + Math.max(0, column - 1), at.to);
}
