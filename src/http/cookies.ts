/** What a cookie is set with (RFC 6265, 4.1); names as in Express. */
export interface CookieOptions {
  readonly domain?: string;
  readonly path?: string;
  /** In ms, as Express has it. */
  readonly maxAge?: number;
  readonly expires?: Date | string | number;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: boolean | 'lax' | 'strict' | 'none';
  readonly partitioned?: boolean;
  readonly priority?: 'low' | 'medium' | 'high';
  readonly encode?: (value: string) => string;
}

/** RFC 6265, 4.1.1: a name is a token; what follows may hold neither semicolons nor control characters. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const ATTRIBUTE = /^[\u0020-\u003a\u003c-\u007e]*$/;
const VALUE = /^[\u0021\u0023-\u002b\u002d-\u003a\u003c-\u005b\u005d-\u007e]*$/;

/** The cookies of a request, percent-decoded; the first of a name counts. */
export function parseCookies(header: string | undefined): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (equals < 0) continue;
    const name = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (name === '' || name === '__proto__' || Object.hasOwn(cookies, name)) continue;
    cookies[name] = decode(value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value);
  }
  return cookies;
}

/** The value of a set-cookie header. Throws TypeError for what cannot stand there. */
export function cookieText(name: string, value: unknown, options: CookieOptions = {}): string {
  const plain = typeof value === 'object' && value !== null ? `j:${JSON.stringify(value)}` : String(value);
  const text = (options.encode ?? encodeURIComponent)(plain);
  if (!NAME.test(name) || !VALUE.test(text)) throw new TypeError(`the cookie ${name} holds what a cookie cannot hold`);
  const { domain, maxAge, sameSite } = options;
  const path = options.path ?? '/';
  for (const attribute of [domain ?? '', path])
    if (!ATTRIBUTE.test(attribute)) throw new TypeError(`the cookie ${name} has a domain or path that cannot be`);
  const expires = options.expires ?? (maxAge === undefined ? undefined : Date.now() + maxAge);
  const parts = [`${name}=${text}`];
  if (maxAge !== undefined) parts.push(`Max-Age=${Math.floor(maxAge / 1000)}`);
  if (domain !== undefined) parts.push(`Domain=${domain}`);
  parts.push(`Path=${path}`);
  if (expires !== undefined) parts.push(`Expires=${new Date(expires).toUTCString()}`);
  if (options.httpOnly === true) parts.push('HttpOnly');
  if (options.secure === true) parts.push('Secure');
  if (options.partitioned === true) parts.push('Partitioned');
  if (options.priority !== undefined) parts.push(`Priority=${capital(options.priority)}`);
  if (sameSite !== undefined && sameSite !== false)
    parts.push(`SameSite=${sameSite === true ? 'Strict' : capital(sameSite)}`);
  return parts.join('; ');
}

/** The set-cookie header that makes a browser forget it. */
export function clearedCookie(name: string, { maxAge: _age, ...options }: CookieOptions = {}): string {
  return cookieText(name, '', { ...options, expires: 0 });
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

function decode(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
