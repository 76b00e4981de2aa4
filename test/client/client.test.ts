import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { createClient } from '../../src/client/client.ts';
import { givenId, type Identified } from '../../src/client/message-id.ts';
import { isFault } from '../../src/fault.ts';

function message(value: unknown, properties?: Record<string, string>): Identified {
  return { payload: Buffer.from(JSON.stringify(value)), ...(properties === undefined ? {} : { properties }) };
}

describe('client', () => {
  it('accepts the decoded value once, over whatever branch it comes', () => {
    const client = createClient();
    const properties = { device: 'a', sequence: '1' };
    assert.deepEqual(client.take(message({ t: 1 }, properties)), { kind: 'accepted', value: { t: 1 } });
    const again = client.take({ ...message({ t: 1 }, properties), contentType: 'application/senml+json' });
    assert.deepEqual(again, { kind: 'duplicate', id: '["a","1",null]' });
    assert.equal(client.take(message({ t: 1 }, { device: 'a', sequence: '2' })).kind, 'accepted');
    assert.equal(client.take(message({ t: 1 }, { ...properties, session: 'next' })).kind, 'accepted');
    assert.deepEqual(client.counts(), { accepted: 3, duplicates: 1, invalid: 0, bytes: 28 });
  });

  it('compares the content of messages without an id, by topic', () => {
    const client = createClient();
    const kinds = ['x', 'x', 'y'].map((topic) => client.take({ ...message(21), topic }).kind);
    assert.deepEqual(kinds, ['accepted', 'duplicate', 'accepted']);
  });

  it('takes messages without an id for new ones when told so', () => {
    const client = createClient({ withoutId: 'accept' });
    assert.deepEqual(
      [1, 2].map(() => client.take(message('on')).kind),
      ['accepted', 'accepted'],
    );
  });

  it('lets a sound copy through after a damaged one', () => {
    const client = createClient({ schema: { type: 'number' } });
    const properties = { device: 'a', sequence: '1' };
    assert.equal(client.take({ payload: Buffer.from('{'), properties }).kind, 'invalid');
    assert.equal(client.take(message('warm', properties)).kind, 'invalid');
    assert.equal(client.take(message(21, properties)).kind, 'accepted');
  });

  const wrong: readonly [string, Identified, RegExp][] = [
    ['what breaks the schema', message({ t: 99 }), /^\/t must be <= 60 \(is 99\)$/],
    ['what is not JSON', { payload: Buffer.from('{') }, /^not JSON/],
    ['a content type nobody knows', { ...message(1), contentType: 'text/csv' }, /^content type text\/csv is not known/],
    ['a payload too large', message('x'.repeat(200)), /^202 bytes exceed the limit of 100$/],
    ['a payload too deep', message([[[[]]]]), /^nested deeper/],
  ];
  for (const [what, bad, expected] of wrong) {
    it(`refuses ${what} and says why`, () => {
      const client = createClient({
        schema: { type: 'object', properties: { t: { type: 'number', maximum: 60 } } },
        maxPayloadBytes: 100,
        maxDepth: 3,
      });
      const taken = client.take(bad);
      assert.ok(taken.kind === 'invalid');
      assert.match(taken.problem, expected);
      assert.equal(client.counts().invalid, 1);
    });
  }

  it('is not made with a wrong schema', () => {
    assert.throws(
      () => createClient({ schema: { type: 'reading' } }),
      (error) => isFault(error) && error.code === 'SETTINGS_INVALID',
    );
  });

  it('forgets ids by count and by age', () => {
    let at = 0;
    const client = createClient({ dedupeWindow: { count: 2, ageMs: 100 }, now: () => at });
    const take = (sequence: string) => client.take(message(1, { device: 'a', sequence })).kind;
    assert.deepEqual(['1', '2', '3', '1'].map(take), ['accepted', 'accepted', 'accepted', 'accepted']);
    assert.equal(take('1'), 'duplicate');
    at = 100;
    assert.equal(take('1'), 'accepted');
  });

  it('accepts each message once, in whatever order and however often the copies come', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ device: fc.string(), sequence: fc.nat(5) })), (copies) => {
        const client = createClient();
        for (const { device, sequence } of copies)
          client.take(message(sequence, { device, sequence: String(sequence) }));
        const different = new Set(copies.map(({ device, sequence }) => JSON.stringify([device, sequence]))).size;
        const { accepted, duplicates } = client.counts();
        assert.deepEqual([accepted, duplicates], [different, copies.length - different]);
      }),
    );
  });

  it('keeps ids short and apart', () => {
    const texts = fc.string({ maxLength: 300 });
    fc.assert(
      fc.property(
        fc.tuple(texts, texts),
        fc.tuple(texts, texts),
        ([device, sequence], [otherDevice, otherSequence]) => {
          const id = givenId({ payload: Buffer.of(), properties: { device, sequence } }) ?? '';
          const other = givenId({ payload: Buffer.of(), properties: { device: otherDevice, sequence: otherSequence } });
          assert.ok(id.length > 0 && id.length <= 128);
          assert.equal(id === other, device === otherDevice && sequence === otherSequence);
        },
      ),
    );
  });
});
