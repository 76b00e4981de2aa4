/** The part of Monaco that we use; Node-RED 5 brings it as `window.monaco`. */
export interface Monaco {
  readonly languages: {
    register(language: { id: string }): void;
    setMonarchTokensProvider(id: string, tokens: object): void;
    setLanguageConfiguration(id: string, configuration: object): void;
    registerCodeActionProvider(id: string, provider: object): void;
  };
  readonly editor: {
    setModelLanguage(model: MonacoModel, id: string): void;
    setModelMarkers(model: MonacoModel, owner: string, markers: readonly object[]): void;
  };
}

export interface MonacoPosition {
  readonly lineNumber: number;
  readonly column: number;
}

export interface MonacoRange {
  readonly startLineNumber: number;
  readonly startColumn: number;
  readonly endLineNumber: number;
  readonly endColumn: number;
}

export interface MonacoModel {
  dispose: () => void;
  readonly uri: object;
  getOffsetAt(position: MonacoPosition): number;
  getPositionAt(offset: number): MonacoPosition;
  /** 0 is LF, 1 is CRLF. */
  setEOL(sequence: 0 | 1): void;
  getEOL(): string;
}

export interface MonacoEditor {
  getValue(): string;
  getModel(): MonacoModel;
  executeEdits(source: string, edits: readonly { range: MonacoRange; text: string }[]): boolean;
  pushUndoStop(): void;
  setSelection(range: MonacoRange): void;
  revealRangeInCenterIfOutsideViewport(range: MonacoRange): void;
  hasTextFocus(): boolean;
  focus(): void;
  layout(): void;
  updateOptions(options: object): void;
  onDidChangeModelContent(act: () => void): void;
  /** Called after the change of the content. */
  onDidPaste(act: () => void): void;
  /** `reason` 3 is an explicit move. */
  onDidChangeCursorPosition(act: (event: { position: MonacoPosition; reason: number }) => void): void;
}

declare global {
  interface Window {
    readonly monaco?: Monaco;
  }
}
