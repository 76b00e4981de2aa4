import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, request, type Dispatcher } from 'undici';
import { boundedBody } from '../../src/bounded-body.ts';
import { Fault } from '../../src/fault.ts';
import { admits } from './own-network.ts';

interface FetchLimits {
  /** Longest chart, in bytes. */
  readonly maxBytes: number;
  /** Time for everything, in ms. */
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

const MOST_REDIRECTS = 3;

/**
 * The text at an address the user typed, over http or https. That address may be in the user's own network; what it redirects
 * to may be there only if it was there itself, so that no page of somebody else's makes us ask machines behind the firewall.
 * The check is made on the address that is connected to. Rejects with CHART_FETCH_FAILED and PAYLOAD_TOO_LARGE.
 */
export async function fetchChart(typed: string, { maxBytes, withinMs, signal }: FetchLimits): Promise<string> {
  const tooLate = AbortSignal.timeout(withinMs);
  const until = signal === undefined ? tooLate : AbortSignal.any([tooLate, signal]);
  let url = addressOf(typed, typed);
  let guard: Guard = { mayBeOwn: true, wasOwn: false };
  try {
    for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
      const next = await ask(url, guard, maxBytes, until);
      if (typeof next === 'string') return next;
      url = addressOf(next.location, url.href);
      guard = { mayBeOwn: guard.wasOwn, wasOwn: false };
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    const problem = tooLate.aborted ? `no whole answer within ${withinMs} ms` : problemOf(error);
    throw new Fault('CHART_FETCH_FAILED', { url: withoutQuery(url), problem }, { cause: error });
  }
  throw new Fault('CHART_FETCH_FAILED', {
    url: withoutQuery(url),
    problem: `it redirects more than ${MOST_REDIRECTS} times`,
  });
}

interface Guard {
  readonly mayBeOwn: boolean;
  /** Set when a connection went to an address of our own network. */
  wasOwn: boolean;
}

async function ask(
  url: URL,
  guard: Guard,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | { location: string }> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) admit(guard, [{ address: host, family: isIP(host) }]);
  const agent = new Agent({ connect: { lookup: (name, options, done) => guardedLookup(guard, name, options, done) } });
  try {
    const answer = await request(url, {
      dispatcher: agent,
      signal,
      headers: { accept: 'text/plain, text/*;q=0.9, */*;q=0.1' },
    });
    return await read(answer, maxBytes);
  } finally {
    await agent.destroy();
  }
}

async function read(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<string | { location: string }> {
  const { location } = headers;
  if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') return { location };
  if (statusCode !== 200) throw new Error(`it answered with status ${statusCode}`);
  const bytes = await boundedBody(body, maxBytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('what is there is no text');
  }
}

type Done = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

function guardedLookup(guard: Guard, host: string, options: object, done: Done): void {
  systemLookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) {
      done(error, []);
      return;
    }
    try {
      admit(guard, addresses);
    } catch (refused) {
      done(refused as Error, []);
      return;
    }
    const [first] = addresses;
    if ('all' in options && options.all === true) done(null, addresses);
    else done(null, first?.address ?? '', first?.family);
  });
}

function admit(guard: Guard, addresses: readonly LookupAddress[]): void {
  const isOwn = addresses.some(({ address }) => !admits(address));
  if (isOwn && !guard.mayBeOwn) throw new Error('it redirects to an address of this machine or its network');
  guard.wasOwn = isOwn;
}

function addressOf(text: string, base: string): URL {
  const failed = (problem: string): Fault => new Fault('CHART_FETCH_FAILED', { url: withoutSecrets(text), problem });
  if (!URL.canParse(text, text === base ? undefined : base)) throw failed('it is no address');
  const url = text === base ? new URL(text) : new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw failed('only http and https are fetched');
  if (url.username !== '' || url.password !== '') throw failed('an address with a password is not fetched');
  return url;
}

/** What stands behind the question mark may be a secret. */
const withoutQuery = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/** The same of a text that may be no address: nor is a password told again. */
const withoutSecrets = (text: string): string =>
  text
    .slice(0, 200)
    .replace(/[?#].*$/s, '')
    .replace(/^([^/]*\/\/)?[^/]*@/, '$1');

const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
