import assert from 'node:assert/strict';
import { chooseDeflate, deflateOffer, readDeflateAnswer } from '../../../src/wire/websocket/index.ts';

describe('the agreement on permessage-deflate', () => {
  const taken: Record<string, string> = {
    'permessage-deflate': 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    [deflateOffer]: 'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    'permessage-deflate; server_max_window_bits=10':
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10',
    'permessage-deflate; client_max_window_bits="12"':
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
    'other, permessage-deflate; server_max_window_bits=8, permessage-deflate':
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
  };
  for (const [offer, answer] of Object.entries(taken)) {
    it(`a server answers ${offer}`, () => assert.equal(chooseDeflate(offer)?.answer, answer));
  }

  for (const offer of [
    'other',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; server_max_window_bits=010',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; unknown',
    'permessage-deflate; client_no_context_takeover; client_no_context_takeover',
    'permessage-deflate;;',
    '"',
  ]) {
    it(`a server declines ${offer}`, () => assert.equal(chooseDeflate(offer), undefined));
  }

  it('a client reads what the server will do, and what it must do itself', () => {
    assert.deepEqual(readDeflateAnswer('permessage-deflate; client_max_window_bits=9; server_max_window_bits=11'), {
      farKeepsContext: true,
      farWindowBits: 11,
      ownWindowBits: 9,
    });
    assert.deepEqual(readDeflateAnswer('permessage-deflate; server_no_context_takeover'), {
      farKeepsContext: false,
      farWindowBits: 15,
      ownWindowBits: 15,
    });
  });

  for (const answer of [
    'permessage-bzip2',
    'permessage-deflate, permessage-deflate',
    'permessage-deflate; client_max_window_bits',
    'permessage-deflate; client_max_window_bits=8',
    'permessage-deflate; what',
  ]) {
    it(`a client refuses ${answer}`, () => assert.equal(typeof readDeflateAnswer(answer), 'string'));
  }
});
