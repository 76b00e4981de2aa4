import type { ChartDiagnostic } from '../../../../src/chart/parse/span.ts';
import { editBetween } from './edit-between.ts';
import type { CodeEditor, CodeEditorEvents } from './code-editor.ts';
import { LANGUAGE, teachMermaid } from './mermaid-language.ts';
import type { Monaco, MonacoEditor, MonacoModel, MonacoRange } from './monaco-api.ts';

const OWNER = 'chartwire';
/** Monaco's own figures for markers and for a cursor moved by the user. */
const SEVERITY = { error: 8, warning: 4 } as const;
const MOVED_BY_USER = 3;

/** Node-RED's code editor with our language, its markers and quick fixes. */
export function monacoEditor(
  monaco: Monaco,
  place: HTMLElement,
  label: string,
  { onChange, onPaste, onCursor, fixesAt }: CodeEditorEvents,
): CodeEditor {
  teachMermaid(monaco);
  const editor = RED.editor.createEditor({ element: place, mode: 'ace/mode/text', value: '' }) as MonacoEditor;
  const model = editor.getModel();
  // Whenever a form is closed Node-RED disposes of every text that there is; this one lasts as long as the page.
  model.dispose = () => {};
  monaco.editor.setModelLanguage(model, LANGUAGE);
  editor.updateOptions({
    ariaLabel: label,
    minimap: { enabled: false },
    lineNumbersMinChars: 3,
    lineDecorationsWidth: 4,
    folding: false,
    wordBasedSuggestions: 'off',
    quickSuggestions: false,
    scrollBeyondLastLine: false,
    unicodeHighlight: { ambiguousCharacters: false },
    // A sidebar is left by Tab, as everything else on the page is.
    tabFocusMode: true,
  });
  monaco.languages.registerCodeActionProvider(LANGUAGE, actionsOf(model, fixesAt));
  let replacing = false;
  editor.onDidChangeModelContent(() => {
    if (!replacing) onChange();
  });
  editor.onDidPaste(onPaste);
  editor.onDidChangeCursorPosition(({ position, reason }) => {
    if (reason === MOVED_BY_USER) onCursor(model.getOffsetAt(position));
  });
  return {
    get text() {
      return editor.getValue();
    },
    replace(text) {
      const edit = editBetween(editor.getValue(), text);
      if (edit === undefined) return;
      replacing = true;
      editor.pushUndoStop();
      editor.executeEdits(OWNER, [{ range: rangeOf(model, edit.start, edit.end), text: edit.text }]);
      editor.pushUndoStop();
      replacing = false;
    },
    mark(diagnostics) {
      monaco.editor.setModelMarkers(
        model,
        OWNER,
        diagnostics.map((diagnostic) => markerOf(model, diagnostic)),
      );
    },
    reveal({ start, end }, focus) {
      const range = rangeOf(model, start, end);
      editor.setSelection(range);
      editor.revealRangeInCenterIfOutsideViewport(range);
      if (focus) editor.focus();
    },
    get hasFocus() {
      return editor.hasTextFocus();
    },
    layout: () => editor.layout(),
  };
}

function rangeOf(model: MonacoModel, start: number, end: number): MonacoRange {
  const [from, to] = [model.getPositionAt(start), model.getPositionAt(end)];
  return {
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
}

function markerOf(model: MonacoModel, { span, message, expected, severity }: ChartDiagnostic): object {
  // An empty place cannot be underlined.
  const range = rangeOf(model, span.start, Math.max(span.end, span.start + 1));
  return { ...range, message: `${message}\n(${expected})`, severity: SEVERITY[severity], source: OWNER };
}

function actionsOf(model: MonacoModel, fixesAt: CodeEditorEvents['fixesAt']): object {
  return {
    provideCodeActions(asked: MonacoModel, range: MonacoRange) {
      if (asked !== model) return { actions: [], dispose() {} };
      const from = model.getOffsetAt({ lineNumber: range.startLineNumber, column: range.startColumn });
      const to = model.getOffsetAt({ lineNumber: range.endLineNumber, column: range.endColumn });
      const actions = fixesAt(from, to).map(({ label, span, text }) => ({
        title: label,
        kind: 'quickfix',
        isPreferred: true,
        edit: {
          edits: [
            {
              resource: model.uri,
              versionId: undefined,
              textEdit: { range: rangeOf(model, span.start, span.end), text },
            },
          ],
        },
      }));
      return { actions, dispose() {} };
    },
  };
}
