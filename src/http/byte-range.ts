/** The part of a body a request asks for, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads `range: bytes=0-99` for a body of so many bytes (RFC 9110, 14.2). `none` is to be answered whole: no range, another
 * unit, or several ranges, which a server need not serve; `beyond` with 416.
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | 'none' | 'beyond' {
  const found = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '');
  if (found === null) return 'none';
  const [, from = '', to = ''] = found;
  if (from === '' && to === '') return 'none';
  if (from === '') {
    const suffix = Number(to);
    return suffix === 0 || sizeBytes === 0 ? 'beyond' : { first: Math.max(0, sizeBytes - suffix), last: sizeBytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (to !== '' && Number(to) < first) return 'none';
  return first >= sizeBytes ? 'beyond' : { first, last };
}
