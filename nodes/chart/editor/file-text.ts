const CHART_FILE = /\.(mmd|mermaid|md|markdown)$/i;

/** What the file dialog offers and the dialog's drop zone takes. */
export const FILE_TYPES = '.mmd,.mermaid,.md,.markdown,.txt';

/** True for files that are charts by their name; any other file dropped on the canvas is Node-RED's own matter. */
export const isChartFile = (file: File): boolean => CHART_FILE.test(file.name);

/** `plant.mmd` without its ending, for the tab. */
export const nameOfFile = (file: File): string => file.name.replace(/\.\w+$/, '');

/** The text of a file; undefined when it is not text. */
export async function textOfFile(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}
