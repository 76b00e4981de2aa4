import type { ChartDiagnostic, Span } from '../../../../src/chart/parse/span.ts';
import { monacoEditor } from './monaco-editor.ts';
import { plainEditor } from './plain-editor.ts';

/** Where the chart's text is written. Offsets are in UTF-16 units of {@link CodeEditor.text}. */
export interface CodeEditor {
  readonly text: string;
  /** Puts another text there by the smallest edit, so that cursor and the editor's own undo stay; it is not told to `onChange`. */
  replace(text: string): void;
  /** Underlines what is wrong. */
  mark(diagnostics: readonly ChartDiagnostic[]): void;
  /** Shows and selects a place. */
  reveal(span: Span, focus: boolean): void;
  readonly hasFocus: boolean;
  layout(): void;
}

export interface CodeEditorEvents {
  readonly onChange: () => void;
  /** What changed came whole, by a paste; `onChange` was called before. */
  readonly onPaste: () => void;
  /** The cursor was moved by the user. */
  readonly onCursor: (offset: number) => void;
  /** A quick fix of the diagnostic at this offset was chosen in the text. */
  readonly fixesAt: (from: number, to: number) => readonly CodeFix[];
}

/** A change that makes one diagnostic right. */
export interface CodeFix {
  readonly label: string;
  readonly diagnostic: ChartDiagnostic;
  readonly span: Span;
  readonly text: string;
}

/** Node-RED's own code editor where it is Monaco, otherwise a text area. */
export function openCodeEditor(place: HTMLElement, label: string, events: CodeEditorEvents): CodeEditor {
  return window.monaco === undefined
    ? plainEditor(place, label, events)
    : monacoEditor(window.monaco, place, label, events);
}
