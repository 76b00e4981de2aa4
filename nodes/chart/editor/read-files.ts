import { fenced, isChart } from '../../../src/chart/charts-in-text.ts';

interface ReadFile {
  readonly name: string;
  readonly text: string;
  readonly isMarkdown: boolean;
}

/** The text of one file and its name without the ending, or of several as one Markdown text. Undefined for what is no text. */
export async function readFiles(files: readonly File[]): Promise<{ text: string; name?: string } | undefined> {
  const read = await Promise.all(files.map(readFile));
  const whole = read.filter((file) => file !== undefined);
  const [first] = whole;
  if (first === undefined || whole.length < files.length) return undefined;
  if (whole.length === 1) return { text: first.text, name: first.name };
  return { text: whole.map(asMarkdown).join('\n') };
}

async function readFile(file: File): Promise<ReadFile | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return { name: file.name.replace(/\.\w+$/, ''), text, isMarkdown: isMarkdown(file.name, text) };
  } catch {
    return undefined;
  }
}

/** The ending decides: notes in a chart may hold fences. Only a `.mmd` that begins with a fence is Markdown by another name. */
function isMarkdown(name: string, text: string): boolean {
  if (/\.(md|markdown)$/i.test(name)) return true;
  const fence = /\.(mmd|mermaid)$/i.test(name) ? /^\s*(`{3}|~{3})/ : /^\s*(`{3}|~{3})/m;
  return !isChart(text) && fence.test(text);
}

const asMarkdown = ({ name, text, isMarkdown: holdsFences }: ReadFile): string =>
  holdsFences ? `# ${name}\n\n${text}\n` : fenced(`# ${name}`, text);
