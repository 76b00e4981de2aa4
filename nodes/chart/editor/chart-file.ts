const CHART_FILE = /\.(mmd|mermaid|md|markdown)$/i;

/** What the file dialog offers and the dialog's drop zone takes. */
export const FILE_TYPES = '.mmd,.mermaid,.md,.markdown,.txt';

/** True for files that are charts by their name; any other file dropped on the canvas is Node-RED's own matter. */
export const isChartFile = (file: File): boolean => CHART_FILE.test(file.name);
