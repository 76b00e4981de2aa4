import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { byteRange } from '../../src/http/byte-range.ts';
import { clearedCookie, cookieText, parseCookies } from '../../src/http/cookies.ts';
import { chooseCoding } from '../../src/http/encodings.ts';
import { FormError, parseForm } from '../../src/http/form-fields.ts';
import { RateLimit } from '../../src/http/rate-limit.ts';

describe('forms and queries', () => {
  const cases: [text: string, fields: unknown][] = [
    ['', {}],
    ['a', { a: '' }],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[b][c]=1&a[b][d]=2', { a: { b: { c: '1', d: '2' } } }],
    ['a[0]=x&a[1]=y', { a: { 0: 'x', 1: 'y' } }],
    ['a=b=c', { a: 'b=c' }],
    ['a=%zz+b', { a: '%zz b' }],
    ['&&a=1&', { a: '1' }],
    ['__proto__[x]=1&a[constructor]=2&b=3', { b: '3' }],
  ];
  for (const [text, fields] of cases) it(`read ${text}`, () => assert.deepEqual(parseForm(text), fields));

  it('are refused when they are too many or too deep', () => {
    assert.throws(() => parseForm('a&'.repeat(1_001)), FormError);
    assert.throws(() => parseForm(`a${'[b]'.repeat(5)}=1`), FormError);
  });

  it('of any text are read or refused, and change nothing else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        parseForm(text);
        assert.equal(Reflect.get({}, 'x'), undefined);
      }),
    );
  });
});

describe('cookies', () => {
  it('come back as they were set', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text.isWellFormed()),
        (value) => {
          const [pair = ''] = cookieText('name', value).split('; ');
          assert.equal(parseCookies(pair)['name'], value);
        },
      ),
    );
  });

  it('are read by their first value, and what is none is left out', () => {
    assert.deepEqual(parseCookies('a=1; a=2; b="q"; nothing; =x; c=%zz'), { a: '1', b: 'q', c: '%zz' });
    assert.deepEqual(parseCookies(undefined), {});
  });

  it('cannot bring a header of their own', () => {
    assert.throws(() => cookieText('a\r\nb', 'x'), TypeError);
    assert.throws(() => cookieText('a', 'x', { encode: String, path: '/\r\nset-cookie: b=1' }), TypeError);
    assert.throws(() => cookieText('a', 'x; b=1', { encode: String }), TypeError);
    assert.equal(clearedCookie('a', { path: '/x' }), 'a=; Path=/x; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
  });
});

describe('what a request wishes for', () => {
  it('is read whatever it says', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(10_000), (text, size) => {
        const range = byteRange(text, size);
        assert.ok(typeof range === 'string' || (range.first <= range.last && range.last < size));
        chooseCoding(text);
      }),
    );
  });

  it('is given so many times a second to each source', () => {
    let now = 0;
    const rate = new RateLimit(2, () => now);
    const taken = (source: string): boolean[] => [1, 2, 3].map(() => rate.take(source));
    assert.deepEqual(
      [taken('a'), taken('b')],
      [
        [true, true, false],
        [true, true, false],
      ],
    );
    now = 500;
    assert.deepEqual(taken('a'), [true, false, false]);
    now = 60_000;
    assert.deepEqual(taken('a'), [true, true, false]);
  });
});
