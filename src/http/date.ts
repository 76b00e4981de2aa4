let text = '';

/** Now, for a date header (RFC 9110, 6.6.1): right to the second, and made once in it. */
export function dateNow(): string {
  if (text === '') {
    const now = new Date();
    text = now.toUTCString();
    setTimeout(() => (text = ''), 1_000 - now.getMilliseconds()).unref();
  }
  return text;
}
