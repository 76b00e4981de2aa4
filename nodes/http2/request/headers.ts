import { hash } from 'node:crypto';
import type { HeaderValues } from '../../../src/http/client/index.ts';
import { isRecord } from '../../../src/is-record.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { textOf } from '../text-of.ts';

/** Headers of a request: found whatever their case is, sent in the case they were said in. */
export class Headers {
  readonly #values = new Map<string, { readonly name: string; readonly value: string | readonly string[] }>();

  get(name: string): string | readonly string[] | undefined {
    return this.#values.get(name.toLowerCase())?.value;
  }

  /** An empty value takes the header away. */
  set(name: string, value: unknown): void {
    if (name === '') return;
    const text = Array.isArray(value) ? value.map(textOf) : textOf(value);
    if (text.length === 0) this.#values.delete(name.toLowerCase());
    else this.#values.set(name.toLowerCase(), { name, value: text });
  }

  /** Takes a header away and gives what it said. */
  take(name: string): string {
    const value = this.get(name);
    this.#values.delete(name.toLowerCase());
    return typeof value === 'string' ? value : (value ?? []).join('; ');
  }

  toRecord(): HeaderValues {
    return Object.fromEntries(Array.from(this.#values.values(), ({ name, value }) => [name, value]));
  }
}

/** The core nodes mark headers of a response with this one, to know them again at the next request. */
const MARK = 'x-node-red-request-node';

/** Headers a message wants to be sent. Those a request node has left there are no such wish. */
export function wishedHeaders({ headers }: FlowMessage): readonly (readonly [string, unknown])[] {
  if (!isRecord(headers)) return [];
  const { [MARK]: mark, ...wished } = headers;
  // How a core node makes its mark is its own business: what it has marked is taken for unchanged.
  const isLeftOver = mark !== undefined && (mark === digestOf(wished) || !textOf(mark).startsWith(OWN));
  return isLeftOver ? [] : Object.entries(wished);
}

/** Headers of a response, marked. */
export const marked = (headers: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...headers,
  [MARK]: digestOf(headers),
});

const OWN = 'cw-';

function digestOf(headers: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(headers).toSorted();
  const text = JSON.stringify(names.map((name) => [name, headers[name]]));
  // Responses of one server within a second mostly say the same.
  if (text !== last.text) last = { text, digest: OWN + hash('sha1', text, 'base64url') };
  return last.digest;
}

let last = { text: '', digest: '' };
