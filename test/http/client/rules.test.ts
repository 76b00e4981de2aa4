import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { CookieJar } from '../../../src/http/client/cookies.ts';
import { Digest } from '../../../src/http/client/digest.ts';
import { retryAfterMs } from '../../../src/http/client/retry.ts';

describe('a cookie jar', () => {
  /** Set at one address, asked for at another (RFC 6265, 5.1 to 5.4). */
  for (const [line, from, to, expected] of [
    ['a=1', 'http://far.example/x/y', 'http://far.example/x/z', 'a=1'],
    ['a=1', 'http://far.example/x/y', 'http://far.example/z', undefined],
    ['a=1; Path=/', 'http://far.example/x/y', 'https://far.example:8443/z', 'a=1'],
    ['a=1; Path=/x', 'http://far.example/', 'http://far.example/xy', undefined],
    ['a=1; Path=/x', 'http://far.example/', 'http://far.example/x/y', 'a=1'],
    ['a=1; Path=/', 'http://far.example/', 'http://sub.far.example/', undefined],
    ['a=1; Path=/; Domain=far.example', 'http://sub.far.example/', 'http://other.far.example/', 'a=1'],
    ['a=1; Path=/; Domain=.far.example', 'http://far.example/', 'http://sub.far.example/', 'a=1'],
    ['a=1; Domain=other.example', 'http://far.example/', 'http://other.example/', undefined],
    ['a=1; Domain=example', 'http://far.example/', 'http://other.example/', undefined],
    ['a=1; Path=/; Domain=0.0.1', 'http://127.0.0.1/', 'http://10.0.0.1/', undefined],
    ['a=1; Path=/; Domain=127.0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1/', 'a=1'],
    ['a=1; Path=/; Secure', 'https://far.example/', 'http://far.example/', undefined],
    ['a=1; Path=/; Secure', 'https://far.example/', 'https://far.example/', 'a=1'],
    ['a=1; Path=/; Max-Age=0', 'http://far.example/', 'http://far.example/', undefined],
    ['a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'http://far.example/', 'http://far.example/', undefined],
    ['no cookie', 'http://far.example/', 'http://far.example/', undefined],
    ['=1', 'http://far.example/', 'http://far.example/', undefined],
  ] as [string, string, string, string | undefined][]) {
    it(`gives ${expected ?? 'nothing'} of "${line}" from ${from} to ${to}`, () => {
      const jar = new CookieJar();
      jar.take(new URL(from), [line]);
      assert.equal(jar.headerFor(new URL(to)), expected);
    });
  }

  it('gives what was set for TLS to nobody in the clear', () => {
    for (const [from, to, expected] of [
      ['https://far.example/', 'http://far.example/', undefined],
      ['https://far.example/', 'https://far.example/x', 'a=1'],
      ['http://far.example/', 'https://far.example/', 'a=1'],
    ] as const) {
      const jar = new CookieJar();
      jar.set(new URL(from), 'a', '1');
      assert.equal(jar.headerFor(new URL(to)), expected, `${from} ${to}`);
    }
  });

  it('replaces a cookie of one name, takes an old one away, and says longer paths first', () => {
    const jar = new CookieJar();
    const url = new URL('http://far.example/x/y');
    jar.take(url, ['a=1; Path=/', 'b=2; Path=/', 'a=3; Path=/', 'c=4; Path=/x', 'b=; Path=/; Max-Age=0']);
    assert.equal(jar.headerFor(url), 'c=4; a=3');
  });

  it('does not grow without end', () => {
    const jar = new CookieJar();
    const url = new URL('http://far.example/');
    jar.take(
      url,
      Array.from({ length: 10_000 }, (_, index) => `c${index}=1`),
    );
    assert.equal(jar.headerFor(url)?.split(';').length, 300);
  });
});

describe('digest authentication', () => {
  const said = (header: string): Record<string, string> =>
    Object.fromEntries(Array.from(header.matchAll(/(\w+)="?([^",]+)/g), ([, name, value]) => [name!, value!]));

  for (const [algorithm, hash] of [
    ['MD5', 'md5'],
    ['MD5-sess', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-256-sess', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
  ] as const) {
    it(`proves ${algorithm} (RFC 7616, 3.4)`, () => {
      const digest = new Digest({ user: 'Mufasa', password: 'Circle of Life' });
      assert.equal(digest.authorize('GET', '/'), undefined);
      assert.ok(
        digest.challenged(
          `Digest realm="r@x", qop="auth, auth-int", algorithm=${algorithm}, nonce="n\\"q", opaque="o"`,
        ),
      );
      const { response, cnonce, nc, uri, opaque } = said(digest.authorize('GET', '/dir/index.html?a=b')!);
      const h = (text: string): string => createHash(hash).update(text).digest('hex');
      const key = h('Mufasa:r@x:Circle of Life');
      const ha1 = algorithm.endsWith('-sess') ? h(`${key}:n"q:${cnonce}`) : key;
      assert.equal(response, h([ha1, 'n"q', '00000001', cnonce, 'auth', h('GET:/dir/index.html?a=b')].join(':')));
      assert.deepEqual([nc, uri, opaque], ['00000001', '/dir/index.html?a=b', 'o']);
      assert.equal(said(digest.authorize('GET', '/')!)['nc'], '00000002');
    });
  }

  it('proves by the rules of RFC 2069 where no quality is asked for', () => {
    const digest = new Digest({ user: 'u', password: 'p' });
    assert.ok(digest.challenged('Digest realm="r", nonce="n"'));
    const h = (text: string): string => createHash('md5').update(text).digest('hex');
    const { response, qop } = said(digest.authorize('GET', '/')!);
    assert.deepEqual([response, qop], [h(`${h('u:r:p')}:n:${h('GET:/')}`), undefined]);
  });

  it('takes the best of what is offered, and nothing it cannot prove', () => {
    const digest = new Digest({ user: 'u', password: 'p' });
    assert.ok(
      digest.challenged('Digest realm="r", nonce="n", algorithm=MD5, Digest realm="r", nonce="m", algorithm=SHA-256'),
    );
    assert.equal(said(digest.authorize('GET', '/')!)['algorithm'], 'SHA-256');
    for (const header of [
      '',
      'Basic realm="r"',
      'Digest realm="r"',
      'Digest realm="r", nonce="n", algorithm=X',
      'Digest realm="r", nonce="n", qop="auth-int"',
    ]) {
      assert.equal(new Digest({ user: 'u', password: 'p' }).challenged(header), false);
    }
  });
});

describe('Retry-After', () => {
  const now = Date.parse('Wed, 21 Oct 2015 07:28:00 GMT');
  for (const [text, expected] of [
    ['120', 120_000],
    ['0', 0],
    ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
    ['soon', 0],
    [undefined, 0],
  ] as const) {
    it(`of ${text ?? 'nothing'} is ${expected} ms`, () =>
      assert.equal(retryAfterMs(text === undefined ? {} : { 'retry-after': text }, now), expected));
  }
});
