/** What a response sets, by name: `{ value, Path, Expires, … }`, with attributes as they were said, as the core node has it. */
export function cookiesOf(setCookies: readonly string[]): Record<string, Record<string, string>> {
  const cookies: Record<string, Record<string, string>> = {};
  for (const line of setCookies) {
    const [name, value, ...rest] = partsOf(line);
    if (name === '') continue;
    const attributes = rest.filter(([key]) => key !== '');
    define(cookies, name, Object.fromEntries([...attributes, ['value', decoded(value)]]));
  }
  return cookies;
}

type Pair = readonly [string, string];

function partsOf(line: string): [string, string, ...Pair[]] {
  const [[name, value] = ['', ''], ...rest] = line.split(';').map((text): Pair => {
    const at = text.indexOf('=');
    return at === -1 ? ['', ''] : [text.slice(0, at).trim(), unquoted(text.slice(at + 1).trim())];
  });
  return [name, value, ...rest];
}

/** A cookie may be called `__proto__`. */
function define(cookies: object, name: string, value: unknown): void {
  Object.defineProperty(cookies, name, { value, enumerable: true, configurable: true, writable: true });
}

const unquoted = (text: string): string => (/^".*"$/.test(text) ? text.slice(1, -1) : text);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
