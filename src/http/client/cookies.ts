/** One cookie, and which requests it goes with (RFC 6265, 5.3). */
interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
}

/** More cookies of one request than this are an attack. */
const MAX_COOKIES = 300;

/** The cookies of one request and of the redirects it is led through. */
export class CookieJar {
  readonly #cookies: Cookie[] = [];

  /** A cookie that goes to this host only, and not in the clear when it was meant for TLS. */
  set(url: URL, name: string, value: string): void {
    const secure = url.protocol === 'https:';
    this.#put({ name, value, domain: url.hostname, hostOnly: true, path: '/', secure });
  }

  /** Cookies of a `Cookie` header, as {@link set}. */
  setHeader(url: URL, header: string): void {
    for (const pair of header.split(';')) {
      const [name, value] = pairOf(pair);
      if (name !== '') this.set(url, name, value);
    }
  }

  /** What a response sets. One for a domain its host does not belong to is left out. */
  take(url: URL, setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const found = findCookie(url, line);
      if (found !== undefined) this.#put(found.cookie, found.over);
    }
  }

  /** The `Cookie` header for a request; undefined when there is nothing to say. */
  headerFor(url: URL): string | undefined {
    if (this.#cookies.length === 0) return undefined;
    const fitting = this.#cookies
      .filter((cookie) => fits(cookie, url))
      .toSorted((a, b) => b.path.length - a.path.length);
    return fitting.length === 0 ? undefined : fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  #put(cookie: Cookie, over = false): void {
    const same = this.#cookies.findIndex(
      ({ name, domain, path }) => name === cookie.name && domain === cookie.domain && path === cookie.path,
    );
    if (same !== -1) this.#cookies.splice(same, 1);
    if (!over && this.#cookies.length < MAX_COOKIES) this.#cookies.push(cookie);
  }
}

function findCookie(url: URL, line: string): { cookie: Cookie; over: boolean } | undefined {
  const [first = '', ...rest] = line.split(';');
  const [name, value] = pairOf(first);
  if (name === '') return undefined;
  const attributes = new Map(
    rest.map((text) => {
      const [key, said] = pairOf(text.includes('=') ? text : `${text}=`);
      return [key.toLowerCase(), said] as const;
    }),
  );
  const said = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase();
  const domain = said === '' ? url.hostname : said;
  // Nothing is below an address, however much of it the domain looks like (RFC 6265, 5.1.3).
  const hasDomains = !/^[\d.]+$|^\[/.test(url.hostname) && domain.includes('.');
  if (domain !== url.hostname && !(hasDomains && isBelow(url.hostname, domain))) return undefined;
  const path = attributes.get('path') ?? '';
  const cookie = {
    name,
    value,
    domain,
    hostOnly: said === '',
    path: path.startsWith('/') ? path : folderOf(url.pathname),
    secure: attributes.has('secure'),
  };
  return { cookie, over: isOver(attributes) };
}

/** A cookie that is over already takes away the one there was (RFC 6265, 3.1). */
function isOver(attributes: ReadonlyMap<string, string>): boolean {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return Date.parse(attributes.get('expires') ?? '') < Date.now();
}

function fits({ domain, hostOnly, path, secure }: Cookie, url: URL): boolean {
  if (secure && url.protocol !== 'https:') return false;
  if (hostOnly ? url.hostname !== domain : !isBelow(url.hostname, domain)) return false;
  return url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}

const isBelow = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  return at === -1 ? ['', ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
