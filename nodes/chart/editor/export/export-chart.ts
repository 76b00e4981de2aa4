import type { ChartTab } from '../tab/chart-tab.ts';
import { word } from '../words.ts';
import { pictureAsPng, pictureFile } from './picture-file.ts';
import { saveFile } from './save-file.ts';
import { withFigures } from './with-figures.ts';

/** What a chart can be saved as. */
export const EXPORTS = ['mermaid', 'markdown', 'svg', 'png', 'figures'] as const;
export type ExportKind = (typeof EXPORTS)[number];

/** Gives the user the chart of the tab as a file. */
export async function exportChart(tab: ChartTab, kind: ExportKind): Promise<void> {
  const name = nameOfTab();
  const { text, parsed, live, view } = tab;
  const { reading } = live;
  const caption = reading && word('export.caption', { time: new Date(reading.at).toISOString() });
  switch (kind) {
    case 'mermaid':
      saveFile(name, 'mmd', asText(text, 'text/vnd.mermaid'));
      return;
    case 'markdown':
      saveFile(name, 'md', asText(`# ${name}\n\n${fenced(text)}`, 'text/markdown'));
      return;
    case 'figures':
      if (parsed === undefined || caption === undefined) tell(word('export.noFigures'));
      else
        saveFile(
          `${name} ${word('export.measured')}`,
          'mmd',
          asText(withFigures(parsed, live.wires(), caption), 'text/vnd.mermaid'),
        );
      return;
    case 'svg':
    case 'png': {
      const picture = view.picture?.element;
      if (picture === undefined) {
        tell(word('export.noPicture'));
        return;
      }
      const source = pictureFile(picture, getComputedStyle(view.element).backgroundColor, caption);
      saveFile(name, kind, kind === 'svg' ? asText(source, 'image/svg+xml') : await pictureAsPng(source));
      return;
    }
  }
}

/** A fence longer than any row of backticks in the text. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((row) => row.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}mermaid\n${text.endsWith('\n') ? text : `${text}\n`}${fence}\n`;
}

const asText = (text: string, type: string): Blob => new Blob([text], { type: `${type};charset=utf-8` });

const tell = (text: string): void => void RED.notify($('<span>').text(text), 'warning');

function nameOfTab(): string {
  const label = RED.nodes.workspace(RED.workspaces.active())?.['label'];
  return typeof label === 'string' && label !== '' ? label : 'chart';
}
