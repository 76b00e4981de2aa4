import type { Listener, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { fillLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import type { MqttListenSettings } from './settings.ts';

/**
 * Reads from the in-process broker without a socket, and publishes as the broker itself. A message it sends to a topic of
 * its own filter comes back to it, as with any MQTT client.
 */
export async function listenAtBroker(settings: MqttListenSettings): Promise<Listener> {
  const { broker, filter, url = 'mqtt://embedded', qos = 1, retain = false } = settings;
  const readers = new Readers();
  const window = new SendWindow(url, fillLimits(settings));
  const unsubscribe = await broker.subscribe(filter, (message) => readers.push(message));
  window.open();
  let ended: Promise<void> | undefined;

  const close = (): Promise<void> => {
    if (ended === undefined) {
      window.close();
      readers.close();
      ended = unsubscribe();
    }
    return ended;
  };
  return {
    url,
    get connections() {
      return broker.clients.size;
    },
    receive: (options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> => readers.receive(options),
    send: (message: Message, options?: SendOptions): Promise<void> =>
      window.send(message, () => broker.publish({ ...message, qos, retain }), options),
    close,
    [Symbol.asyncDispose]: close,
  };
}
