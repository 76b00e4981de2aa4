// Makes the shared flows from their charts: `node tools/build/flows.ts`. A test demands that they agree.
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { flowOfChart } from '../../nodes/chart/flow-of-chart.ts';
import { root } from './find-nodes.ts';

/** The text a shared flow's JSON must have: its chart's flow, described by the Markdown beside it. */
export async function sharedFlow(file: string): Promise<string> {
  const name = basename(file, '.mmd');
  const { flow } = await flowOfChart(await readFile(join(root, file), 'utf8'), { name: titleOf(name), id: name });
  const description = await readFile(join(root, file.replace(/\.mmd$/, '.md')), 'utf8');
  // The editor shows the label of the tab above its description.
  const info = description.replace(/^# .*\n+/, '').trim();
  const described = flow.map((node) => (node.type === 'tab' ? { ...node, info } : node));
  return `${JSON.stringify(described, null, 2)}\n`;
}

/** Charts that are shared flows, as paths from the root. */
export const sharedCharts = (): string[] => globSync('flows/*.mmd', { cwd: root }).toSorted();

function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

if (import.meta.main) {
  for (const file of sharedCharts())
    await writeFile(join(root, file.replace(/\.mmd$/, '.json')), await sharedFlow(file));
}
