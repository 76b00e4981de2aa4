import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http2';

/** The entity tag of these bytes (RFC 9110, 8.8.3); weak, because a compressed form of them has the same. */
export function entityTag(body: Uint8Array | string): string {
  return `W/"${Buffer.byteLength(body).toString(16)}-${hash('sha1', body, 'base64')}"`;
}

/** What a request with conditions gets (RFC 9110, 13.2.2): 304, 412, or undefined for the answer itself. */
export function conditionStatus(
  method: string,
  headers: IncomingHttpHeaders,
  tag: string | undefined,
  lastModified: string | undefined,
): 304 | 412 | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  const match = headers['if-match'];
  if (match !== undefined && (tag === undefined || !holds(match, tag, true))) return 412;
  const none = headers['if-none-match'];
  if (none !== undefined) {
    if (tag === undefined || !holds(none, tag, false)) return undefined;
    return isRead ? 304 : 412;
  }
  const since = headers['if-modified-since'];
  if (!isRead || since === undefined || lastModified === undefined) return undefined;
  return Date.parse(lastModified) <= Date.parse(since) ? 304 : undefined;
}

/** Whether a list of tags holds this one; a strong comparison finds no weak tag (RFC 9110, 8.8.3.2). */
function holds(list: string, tag: string, isStrong: boolean): boolean {
  if (list.trim() === '*') return true;
  const tags: readonly string[] = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return isStrong ? !tag.startsWith('W/') && tags.includes(tag) : tags.some((known) => bare(known) === bare(tag));
}

const bare = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);
