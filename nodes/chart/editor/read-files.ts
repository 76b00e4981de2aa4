/** The text of one file and its name without the ending, or of several as one Markdown text. Undefined for what is no text. */
export async function readFiles(files: readonly File[]): Promise<{ text: string; name?: string } | undefined> {
  const read = await Promise.all(files.map(async (file) => ({ name: nameOf(file), text: await textOf(file) })));
  const texts = read.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]));
  const [first] = texts;
  if (first === undefined || texts.length < files.length) return undefined;
  return texts.length === 1 ? first : { text: texts.map(asMarkdown).join('\n') };
}

const nameOf = (file: File): string => file.name.replace(/\.\w+$/, '');

async function textOf(file: File): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

const asMarkdown = ({ name, text }: { name: string; text: string }): string =>
  /^\s*(`{3,}|~{3,})/m.test(text)
    ? `# ${name}\n\n${text}\n`
    : `# ${name}\n\n\`\`\`mermaid\n${text.trimEnd()}\n\`\`\`\n`;
