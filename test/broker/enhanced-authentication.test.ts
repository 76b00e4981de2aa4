import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IConnackPacket } from 'mqtt-packet';
import type { AuthMethod } from '../../src/broker/auth-method.ts';
import { scramVerifier } from '../../src/broker/scram.ts';
import { openUsers } from '../../src/broker/users-file.ts';
import { brokerWorld, type BrokerWorld } from './broker-world.ts';
import { RawClient } from './raw-client.ts';
import { ScramClient } from './scram-client.ts';

const METHOD = 'SCRAM-SHA-256';
const PASSWORD = 'a long secret 12';
const CONTINUE = 0x18;
const AGAIN = 0x19;

function auth(reasonCode: number, data: string, authenticationMethod = METHOD): object {
  return { cmd: 'auth', reasonCode, properties: { authenticationMethod, authenticationData: Buffer.from(data) } };
}

function connectWith(clientId: string, data: string): object {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 5,
    clean: true,
    keepalive: 0,
    clientId,
    properties: { authenticationMethod: METHOD, authenticationData: Buffer.from(data) },
  };
}

/** Goes through a login; resolves with the CONNACK. */
async function logIn(client: RawClient, clientId: string, scram: ScramClient): Promise<IConnackPacket> {
  client.send(connectWith(clientId, scram.first));
  const challenge = await client.next('auth');
  assert.equal(challenge.reasonCode, CONTINUE);
  assert.equal(challenge.properties?.authenticationMethod, METHOD);
  client.send(auth(CONTINUE, scram.answer(String(challenge.properties?.authenticationData))));
  return client.next('connack');
}

describe('Enhanced authentication [MQTT 5, 4.12]', () => {
  let folder: string;
  let world: BrokerWorld;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-scram-'));
    const file = join(folder, 'users.json');
    const scram = await scramVerifier(PASSWORD, 4096);
    const other = await scramVerifier('another secret 12', 4096);
    writeFileSync(
      file,
      JSON.stringify([
        { name: 'meter', scram, subscribe: ['plant/#'] },
        { name: 'b,=c', scram: other },
      ]),
    );
    world = await brokerWorld({ ...(await openUsers(file)), limits: { connectTimeoutMs: 1_000 } });
  });
  after(async () => {
    await world[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  it('is computed as the example of RFC 7677 is', () => {
    const client = new ScramClient('user', 'pencil');
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const answer = client.answer(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    assert.equal(answer, `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`);
    assert.ok(client.trusts('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='));
  });

  it('lets a user of the file in, under its rights, and shows that the broker knows the password', async () => {
    await using client = new RawClient(world.port, 5);
    const scram = new ScramClient('meter', PASSWORD);
    const { reasonCode, properties } = await logIn(client, 'm', scram);
    assert.equal(reasonCode, 0);
    assert.equal(properties?.authenticationMethod, METHOD);
    assert.ok(scram.trusts(String(properties?.authenticationData)));
    assert.equal(world.broker.clients.get('m')?.identity, 'user:meter');
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: 'else', qos: 0, nl: false, rap: false, rh: 0 }],
    });
    assert.deepEqual((await client.next('suback')).granted, [0x87]);
  });

  it('knows names with a comma and an equals sign', async () => {
    await using client = new RawClient(world.port, 5);
    assert.equal((await logIn(client, 'n', new ScramClient('b=2C=3Dc', 'another secret 12'))).reasonCode, 0);
  });

  for (const [what, scram] of [
    ['a wrong password', new ScramClient('meter', 'wrong')],
    ['a user who does not exist, the same way', new ScramClient('nobody', PASSWORD)],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await using client = new RawClient(world.port, 5);
      assert.equal((await logIn(client, 'w', scram)).reasonCode, 0x86);
      await client.end();
    });
  }

  for (const [what, first] of [
    ['no message', ''],
    ['channel binding, which it cannot have', 'p=tls-unique,,n=meter,r=abc'],
    ['a login for somebody else', 'n,a=admin,n=meter,r=abc'],
    ['a name of forbidden characters', 'n,,n=me=ter,r=abc'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await using client = new RawClient(world.port, 5);
      client.send(connectWith('w', first));
      assert.equal((await client.next('connack')).reasonCode, 0x86);
    });
  }

  it('refuses a method it does not know', async () => {
    await using client = new RawClient(world.port, 5);
    const { reasonCode, properties } = await client.connect({ properties: { authenticationMethod: 'GS2-KRB5' } });
    assert.equal(reasonCode, 0x8c);
    assert.notEqual(properties?.reasonString, undefined);
    await using small = new RawClient(world.port, 5);
    const asked = { authenticationMethod: 'GS2-KRB5', maximumPacketSize: 30 };
    const { length, properties: none } = await small.connect({ properties: asked });
    assert.deepEqual([Number(length) + 2 <= 30, none], [true, undefined], 'no more than it takes [3.2.2-19]');
  });

  it('takes no other packet before it is over, and waits for it no longer than for CONNECT', async () => {
    const gone: string[] = [];
    const stop = world.broker.onClient((event, _client, reason) => event === 'refused' && gone.push(String(reason)));
    await using early = new RawClient(world.port, 5);
    early.send(connectWith('e', new ScramClient('meter', PASSWORD).first));
    await early.next('auth');
    early.send({ cmd: 'publish', topic: 'plant/1', payload: 'x', qos: 0, retain: false, dup: false });
    await early.end();
    assert.deepEqual(gone, ['a packet came before the answer to CONNECT']);
    await using silent = new RawClient(world.port, 5);
    silent.send(connectWith('s', new ScramClient('meter', PASSWORD).first));
    await silent.next('auth');
    await silent.end();
    stop();
  });

  it('can be done again on the way, as the same user', async () => {
    await using client = new RawClient(world.port, 5);
    await logIn(client, 'again', new ScramClient('meter', PASSWORD));
    for (let count = 0; count < 2; count += 1) {
      const scram = new ScramClient('meter', PASSWORD);
      client.send(auth(AGAIN, scram.first));
      const challenge = await client.next('auth');
      client.send(auth(CONTINUE, scram.answer(String(challenge.properties?.authenticationData))));
      const { reasonCode, properties } = await client.next('auth');
      assert.equal(reasonCode ?? 0, 0);
      assert.ok(scram.trusts(String(properties?.authenticationData)));
    }
    await client.settled();
    const other = new ScramClient('b=2C=3Dc', 'another secret 12');
    client.send(auth(AGAIN, other.first));
    const challenge = await client.next('auth');
    client.send(auth(CONTINUE, other.answer(String(challenge.properties?.authenticationData))));
    assert.equal((await client.next('disconnect')).reasonCode, 0x87);
  });

  for (const [what, packet] of [
    ['in the middle of nothing', auth(CONTINUE, 'x')],
    ['by another method', auth(AGAIN, 'x', 'PLAIN')],
  ] as const) {
    it(`is a protocol error ${what} [4.12.1-1]`, async () => {
      await using client = new RawClient(world.port, 5);
      await logIn(client, 'odd', new ScramClient('meter', PASSWORD));
      client.send(packet);
      assert.equal((await client.next('disconnect')).reasonCode, 0x82);
    });
  }

  it('is a protocol error of a client that did not begin with it', async () => {
    await using plain = await brokerWorld({ authorize: () => true });
    await using client = new RawClient(plain.port, 5);
    await client.connect();
    client.send(auth(AGAIN, 'x'));
    assert.equal((await client.next('disconnect')).reasonCode, 0x82);
  });

  it('can be any method, and one that fails refuses its client and is told', async () => {
    const token: AuthMethod = {
      name: 'TOKEN',
      start: (clientId) => ({
        async next(data) {
          if (String(data) === 'broken') throw new Error('no key server');
          return String(data) === `token of ${clientId}`
            ? { is: 'done', login: { identity: clientId } }
            : { is: 'refused' };
        },
      }),
    };
    const errors: string[] = [];
    await using own = await brokerWorld({ authMethods: [token], onError: ({ message }) => errors.push(message) });
    const answers = ['token of c', 'wrong', 'broken'].map(async (said) => {
      await using client = new RawClient(own.port, 5);
      const properties = { authenticationMethod: 'TOKEN', authenticationData: Buffer.from(said) };
      return (await client.connect({ clientId: 'c', properties })).reasonCode;
    });
    assert.deepEqual(await Promise.all(answers), [0, 0x86, 0x86]);
    assert.deepEqual(errors, ['no key server']);
  });
});
