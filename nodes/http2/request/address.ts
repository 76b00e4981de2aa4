import { stringify } from 'node:querystring';
import { Fault } from '../../../src/fault.ts';

/** The address as it is asked for, and who it says we are. Throws MESSAGE_INVALID. */
export function addressOf(text: string): { url: URL; user: string; password: string } {
  if (text === '') throw invalid('no address: neither the node nor msg.url has one');
  if (text.includes('://') && !/^https?:\/\//i.test(text))
    throw invalid('the address must begin with https:// or http://');
  const whole = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  const [path = '', ...query] = whole.split('?');
  // A % that encodes nothing stands for itself.
  const tidy = query.length === 0 ? path : `${path}?${query.join('?').replaceAll(/%(?![0-9a-f]{2})/gi, '%25')}`;
  const url = URL.parse(tidy);
  if (url === null) throw invalid('the address is none');
  const { username, password } = url;
  // Most addresses say neither, and each of these has the address read again.
  if (username !== '') url.username = '';
  if (password !== '') url.password = '';
  return { url, user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** Puts an object into the query of an address, behind what is there. Throws MESSAGE_INVALID for anything else. */
export function addQuery(url: URL, payload: unknown): void {
  if (typeof payload !== 'object' || payload === null || Buffer.isBuffer(payload)) {
    throw invalid('the payload must be an object to make a query');
  }
  const added = stringify(payload as Record<string, string>);
  if (added !== '') url.search = url.search === '' ? added : `${url.search.slice(1)}&${added}`;
}

const invalid = (problem: string): Fault => new Fault('MESSAGE_INVALID', { problem });
