import type { IPublishPacket, MqttClient } from 'mqtt';

/** Memory a message takes beside its payload, roughly. */
const BYTES_PER_MESSAGE = 512;
/** Tells mqtt.js not to acknowledge by itself and to go on parsing. It is reported nowhere. */
const later = new Error('acknowledged later');

interface Arrived {
  readonly packet: IPublishPacket;
  taken: boolean;
}

/**
 * Acknowledges a message when `take` has resolved, in the order of arrival (MQTT 5, 4.6), while mqtt.js goes on parsing:
 * pings and acknowledgements of our own messages are not held up. The only file that touches private members of mqtt.js.
 *
 * A broker that respects our Receive Maximum never has more under way. One that does not is stopped at
 * `maxUntakenBytes`: nothing more is read from the socket then, and the far side's silence is our own doing.
 */
export function deferAcknowledgements(
  client: MqttClient,
  take: (packet: IPublishPacket) => Promise<void>,
  maxUntakenBytes: number,
): void {
  const arrived = new Set<Arrived>();
  let untakenBytes = 0;
  let goOn: ((error?: Error) => void) | undefined;

  const settle = (): void => {
    for (const entry of arrived) {
      if (!entry.taken) break;
      arrived.delete(entry);
      untakenBytes -= sizeOf(entry.packet);
      acknowledge(client, entry.packet);
    }
    if (goOn === undefined || untakenBytes > maxUntakenBytes) return;
    const resume = goOn;
    goOn = undefined;
    resume(later);
  };

  client.handleMessage = (packet, done) => {
    const entry = { packet, taken: false };
    arrived.add(entry);
    untakenBytes += sizeOf(packet);
    if (untakenBytes > maxUntakenBytes) goOn = done;
    else done(later);
    take(packet).then(
      () => {
        entry.taken = true;
        settle();
      },
      () => undefined, // not taken: the broker sends it again to the next connection of this session
    );
  };

  const timedOut = client.onKeepaliveTimeout.bind(client);
  client.onKeepaliveTimeout = () => {
    if (goOn === undefined) timedOut();
    else client.reschedulePing(true);
  };
}

function acknowledge(client: MqttClient, { qos, messageId }: IPublishPacket): void {
  if (!client.connected || messageId === undefined) return;
  if (qos === 1) client['_sendPacket']({ cmd: 'puback', messageId });
  if (qos === 2) {
    client.incomingStore.del({ messageId }, () => undefined);
    client['_releaseIncomingQoS2Publish'](messageId);
    client['_sendPacket']({ cmd: 'pubcomp', messageId });
  }
}

function sizeOf({ payload }: IPublishPacket): number {
  return payload.length + BYTES_PER_MESSAGE;
}
