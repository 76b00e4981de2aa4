/** One extension of `Sec-WebSocket-Extensions`: its name and parameters in order, `true` for one without a value. */
export interface Extension {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: string | true])[];
}

const TOKEN = String.raw`[!#$%&'*+\-.^_\x60|~0-9A-Za-z]+`;
const PARAMETER = new RegExp(String.raw`\s*;\s*(${TOKEN})(?:\s*=\s*(?:(${TOKEN})|"(${TOKEN})"))?\s*`, 'y');
const NAME = new RegExp(String.raw`\s*(${TOKEN})\s*`, 'y');

/** Reads the header (RFC 6455, 9.1); undefined when it is not one. */
export function parseExtensions(header: string): Extension[] | undefined {
  const extensions: Extension[] = [];
  let at = 0;
  do {
    NAME.lastIndex = at;
    const name = NAME.exec(header)?.[1];
    if (name === undefined) return undefined;
    at = NAME.lastIndex;
    const parameters: [string, string | true][] = [];
    for (PARAMETER.lastIndex = at; ; at = PARAMETER.lastIndex) {
      const match = PARAMETER.exec(header);
      if (match === null) break;
      parameters.push([match[1]!, match[2] ?? match[3] ?? true]);
    }
    extensions.push({ name, parameters });
    if (at < header.length && header[at] !== ',') return undefined;
    at += 1;
  } while (at <= header.length);
  return extensions;
}
