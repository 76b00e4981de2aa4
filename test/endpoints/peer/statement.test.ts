import assert from 'node:assert/strict';
import { assert as check, json, property } from 'fast-check';
import { newSession, openStatement, sealStatement } from '../../../src/endpoints/peer/statement.ts';
import type { PeerIdentity } from '../../../src/endpoints/peer/settings.ts';
import { selfSigned, type SelfSigned } from './self-signed.ts';
import { openIdentities } from './world.ts';

const me = 'ab'.repeat(32);

describe('a statement', () => {
  let peer: SelfSigned;
  let stranger: SelfSigned;
  const session = newSession();
  const isPeer = (fingerprint: string): boolean => fingerprint === peer.fingerprint;
  const seal = (who: PeerIdentity, to = me): string =>
    sealStatement(who, { to, session, number: 3 }, { kind: 'answer', sdp: 'v=0' });
  const problemOf = (text: string): string => {
    const opened = openStatement(text, me, isPeer);
    return 'problem' in opened ? opened.problem : 'none';
  };
  before(async () => {
    peer = await selfSigned('plant');
    stranger = await selfSigned('stranger');
  });

  it('tells who signed it, for what session, and what', () => {
    const opened = openStatement(seal(peer), me, isPeer);
    assert.ok(!('problem' in opened));
    assert.deepEqual(opened.from, { fingerprint: peer.fingerprint, name: 'plant' });
    assert.deepEqual([opened.session, opened.number, opened.signal], [session, 3, { kind: 'answer', sdp: 'v=0' }]);
  });

  it('is not heard from anybody else, or meant for anybody else', () => {
    assert.match(problemOf(seal(stranger)), /is not allowed here/);
    assert.match(problemOf(seal(peer, 'cd'.repeat(32))), /somebody else/);
  });

  it('is not heard with one letter changed, or with the certificate of another', () => {
    const outer = JSON.parse(seal(peer)) as { cert: string; body: string; signature: string };
    const forged = { ...outer, body: outer.body.replace('v=0', 'v=1') };
    assert.equal(problemOf(JSON.stringify(forged)), 'the signature is wrong');
    const { signature } = JSON.parse(seal(stranger)) as { signature: string };
    assert.equal(problemOf(JSON.stringify({ ...outer, signature })), 'the signature is wrong');
  });

  it('is heard, where there is a CA, from who has a certificate of it that is valid now', async () => {
    await using identities = await openIdentities();
    await using others = await openIdentities();
    const { authority } = identities;
    const bundle = others.authority.ca + authority.ca;
    const problem = async (who: Promise<PeerIdentity>, ca = bundle): Promise<string> => {
      const opened = openStatement(seal(await who), me, () => true, ca);
      return 'problem' in opened ? opened.problem : 'none';
    };
    const untrusted = 'the certificate is not a valid one of our CA';
    assert.equal(await problem(identities.peer('good')), 'none');
    assert.equal(await problem(identities.peer('good'), others.authority.ca), untrusted);
    assert.equal(await problem(authority.issuePeer({ commonName: 'late', names: [], days: -1 })), untrusted);
    assert.equal(await problem(selfSigned('alone')), untrusted);
  });

  it('is none when it is something else', () => {
    for (const text of ['', '{', '[]', '{"cert":1}', '{"cert":"","body":"","signature":""}', 'x'.repeat(100_000)]) {
      assert.notEqual(problemOf(text), 'none', text.slice(0, 20));
    }
    check(property(json(), (text) => void openStatement(text, me, isPeer)));
  });
});
