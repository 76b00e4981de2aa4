import assert from 'node:assert/strict';
import { array, assert as holds, nat, property } from 'fast-check';
import { EventParser, type ServerEvent } from '../../../src/http/client/event-parser.ts';

const read = (text: string): ServerEvent[] => [...new EventParser(10_000).parse(text)];
const event = (data: string, type = 'message', lastEventId = ''): ServerEvent => ({ type, data, lastEventId });

/** What HTML, 9.2.6 makes of a stream. */
const STREAMS: [string, string, ServerEvent[]][] = [
  ['data of several lines', 'data: a\ndata:b\ndata:  c\n\n', [event('a\nb\n c')]],
  ['all line ends', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', [event('a'), event('b'), event('c')]],
  ['a byte order mark', '\uFEFFdata: a\n\n', [event('a')]],
  ['comments and unknown fields', ': x\nfoo: bar\ndata: a\n\n', [event('a')]],
  ['a field without a colon', 'data\n\ndata\ndata\n\n', [event(''), event('\n')]],
  ['a type for one event only', 'event: t\ndata: a\n\ndata: b\n\n', [event('a', 't'), event('b')]],
  [
    'an id that stays',
    'id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n',
    [event('a', 'message', '1'), event('b', 'message', '1'), event('c')],
  ],
  ['an id with a NUL, which is none', 'id: a\0b\ndata: c\n\n', [event('c')]],
  ['an event without data, which is none', 'event: t\nid: 1\n\ndata: a\n\n', [event('a', 'message', '1')]],
  ['an event that is not ended', 'data: a\n\ndata: b\n', [event('a')]],
];

describe('a stream of events', () => {
  for (const [what, text, expected] of STREAMS) {
    it(`has ${what}`, () => assert.deepEqual(read(text), expected));

    it(`has ${what}, wherever it is cut`, () => {
      holds(
        property(array(nat(text.length)), (cuts) => {
          const parser = new EventParser(10_000);
          const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
          const events = places.slice(1).flatMap((end, index) => [...parser.parse(text.slice(places[index], end))]);
          assert.deepEqual(events, expected);
        }),
      );
    });
  }

  it('says how long to wait and where to go on', () => {
    const parser = new EventParser(100, 'before');
    assert.deepEqual([parser.lastEventId, parser.retryMs], ['before', undefined]);
    for (const _event of parser.parse('retry: 250\nretry: soon\nid: 7\n'));
    assert.deepEqual([parser.lastEventId, parser.retryMs], ['before', 250]);
    for (const _event of parser.parse('\n'));
    assert.equal(parser.lastEventId, '7');
  });

  it('takes a long line in very many parts', () => {
    const parser = new EventParser(10_000_000);
    const data = '0123456789'.repeat(200_000);
    for (let at = 0; at < data.length; at += 10)
      assert.deepEqual([...parser.parse(at === 0 ? `data: ${data.slice(0, 10)}` : data.slice(at, at + 10))], []);
    assert.deepEqual([...parser.parse('\n\n')], [event(data)]);
  });

  it('takes no event, and no line, longer than its limit', () => {
    for (const text of ['data: 0123456789', 'data: 012\ndata: 345\n', ': a comment as long']) {
      assert.throws(() => [...new EventParser(12).parse(text)], RangeError);
    }
  });
});
