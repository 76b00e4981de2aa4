import { table } from './table.ts';

interface StatusAnswer {
  readonly version: string;
  readonly uptimeInS: number;
  readonly listeners: Readonly<Record<string, string | null>>;
  readonly peerFingerprint: string;
  readonly nodes: readonly {
    type: string;
    name: string;
    messagesIn: number;
    messagesOut: number;
    errors: number;
    state: string;
  }[];
}

/** The status for people. The answer comes from our own process, so its form is known. */
export function statusTable(answer: unknown): string {
  const { version, uptimeInS, listeners, peerFingerprint, nodes } = answer as StatusAnswer;
  const head = `Chartwire ${version}, up ${uptimeInS} s`;
  const places = Object.entries(listeners).map(([name, url]) => `  ${name}: ${url ?? 'off'}`);
  const rows = nodes.map(({ type, name, messagesIn, messagesOut, errors, state }) => [
    name === '' ? type : name,
    String(messagesIn),
    String(messagesOut),
    String(errors),
    state,
  ]);
  return [
    head,
    ...places,
    `  fingerprint for peers: ${peerFingerprint}`,
    '',
    ...table(['node', 'in', 'out', 'errors', 'state'], rows),
  ].join('\n');
}
