// Makes docs/errors.md from the catalogue of faults: `node tools/build/errors-page.ts`. A test demands that they agree.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartCodes } from '../../src/chart/profile/chart-codes.ts';
import { faults } from '../../src/fault.ts';
import { root } from './find-nodes.ts';

export const ERRORS_FILE = 'docs/errors.md';

/** What is said before there is anything to import the catalogue with. */
const SET_UP = {
  BUILD_FAILED: ['the build did not succeed', 'read its message above'],
  COMMAND_UNKNOWN: ['there is no such command', 'use one of those it names'],
  INSTALL_FAILED: ['`npm install` did not succeed', 'read its message above, then run the command again'],
  NODE_TOO_OLD: ['no Node 24 came with the dependencies on this system', 'install Node 24 (https://nodejs.org)'],
  TEST_NEEDS: ['a program that the tests drive is missing', 'run the command it prints'],
} as const;

/** The page: every fault Chartwire can raise, what it says and what to do. Details stand in italics. */
export function errorsPage(): string {
  const rows = Object.entries(faults).map(([code, { what, next }]) => row(code, what(names as never), next));
  const setUp = Object.entries(SET_UP).map(([code, [what, next]]) => row(code, what, next));
  const charts = Object.entries(chartCodes).map(([code, { severity, what, next }]) =>
    row(code, `${severity}: ${what}`, next),
  );
  return [
    '<!-- Made from src/fault.ts by: node tools/build/errors-page.ts -->',
    '',
    '# Errors',
    '',
    'Every error is told as `CODE: what; what to do`: to Catch nodes (`error.code`) and in the log, on standard error by the',
    'commands, and at the front door as JSON `{code, message, next}`. Under a node stands its beginning, without addresses. Codes',
    'stay; texts may change. Errors of the operating system keep their own codes (`EACCES`, `ENOSPC`).',
    '',
    ...table(rows),
    '',
    '## In a chart',
    '',
    'With an error a chart makes no flow; a warning leaves it running. `chartwire chart check` tells both, with the place.',
    '',
    ...table(charts),
    '',
    '## While setting up',
    '',
    '`npm start`, `npm test` and their like, before Chartwire itself runs:',
    '',
    ...table(setUp),
    '',
  ].join('\n');
}

/** Stands for the details of any fault: each is its own name. */
const names: unknown = new Proxy({}, { get: (_target, name) => `_${String(name)}_` });

const row = (code: string, what: string, next: string): string => `| \`${code}\` | ${cell(what)} | ${cell(next)} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (rows: readonly string[]): string[] => [
  '| Code | What it says | What to do |',
  '| --- | --- | --- |',
  ...rows,
];

if (import.meta.main) await writeFile(join(root, ERRORS_FILE), errorsPage());
