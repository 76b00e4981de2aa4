import type { ParsedChart } from '../../../../src/chart/parse/parse-chart.ts';
import type { CodeFix } from './code-editor.ts';

/** The changes that make diagnostics right, where the parser knows one. */
export function fixesOf({ diagnostics }: ParsedChart): CodeFix[] {
  return diagnostics.flatMap((diagnostic): CodeFix[] => {
    const { fix } = diagnostic;
    return fix === undefined ? [] : [{ label: fix.title, diagnostic, span: fix.span, text: fix.text }];
  });
}
