import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mqttEndpoint, type Qos } from '../../../src/endpoints/mqtt/index.ts';
import { next, nextTexts, textMessage, textOf } from '../../contract/world.ts';
import { openBrokerPort, openIdentities, type BrokerPort, type Identities } from './world.ts';

describe('MQTT between links', () => {
  let identities: Identities;
  let port: BrokerPort;
  const settings = (): { url: string; tls: { ca: string; cert: string; key: string } } => ({
    url: port.url,
    tls: { ca: identities.authority.ca, ...identities.client },
  });

  before(async () => {
    identities = await openIdentities();
  });
  after(async () => await identities.close());
  beforeEach(async () => {
    port = await openBrokerPort(identities);
  });
  afterEach(async () => await port.close());

  for (const qos of [0, 1, 2] satisfies Qos[]) {
    it(`carries QoS ${qos} there and back, each message once and in order`, async () => {
      await using sender = mqttEndpoint.connect({ ...settings(), qos });
      await using receiver = mqttEndpoint.connect({ ...settings(), subscribe: [{ filter: 'q/+', qos }] });
      await receiver.ready();
      const reader = receiver.receive();
      const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
      const received = nextTexts(reader, texts.length);
      await Promise.all(texts.map((text) => sender.send(textMessage('q/1', text))));
      assert.deepEqual(await received, texts);
    });
  }

  it('names who runs the broker as the sender, and the sender at the listener', async () => {
    const listener = await mqttEndpoint.listen({ broker: port.broker, filter: 'who' });
    await using link = mqttEndpoint.connect({ ...settings(), subscribe: [{ filter: 'who' }] });
    await link.ready();
    const [atListener, atLink] = [listener.receive(), link.receive()];
    await link.send(textMessage('who', 'me'));
    assert.equal((await next(atListener)).from, 'contract');
    assert.equal(`CN=${(await next(atLink)).from}`, new X509Certificate(identities.server.cert).subject);
    await listener.close();
  });

  it('leaves out its own messages with noLocal', async () => {
    await using link = mqttEndpoint.connect({ ...settings(), subscribe: [{ filter: 'n', noLocal: true }] });
    await using other = mqttEndpoint.connect(settings());
    await link.ready();
    const reader = link.receive();
    await link.send(textMessage('n', 'own'));
    await other.send(textMessage('n', 'other'));
    assert.equal(textOf(await next(reader)), 'other');
  });

  it('a retained message reaches a link that comes later', async () => {
    await using link = mqttEndpoint.connect({ ...settings(), retain: true });
    await link.send(textMessage('kept', 'last'));
    const late = mqttEndpoint.connect({ ...settings(), subscribe: [{ filter: 'kept' }] });
    assert.equal(textOf(await next(late.receive())), 'last');
    await late.close();
  });

  it('a session that is kept gets what came while it was away', async () => {
    const kept = { ...settings(), clientId: 'kept', sessionExpirySeconds: 60, subscribe: [{ filter: 'away' }] };
    const first = mqttEndpoint.connect(kept);
    await first.ready();
    await first.close();
    await using sender = mqttEndpoint.connect(settings());
    await sender.send(textMessage('away', 'missed'));
    await using again = mqttEndpoint.connect(kept);
    assert.equal(textOf(await next(again.receive())), 'missed');
  });
});
