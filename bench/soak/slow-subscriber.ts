import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { generate } from 'mqtt-packet';

/** 50 KB/s, a twentieth of what comes. */
const READ_BYTES = 5_000;
const READ_EVERY_MS = 100;

/** A subscriber that reads a little now and then and acknowledges nothing: too slow to keep up, too alive to be dropped. */
export class SlowSubscriber implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#timer = setInterval(() => socket.read(Math.min(READ_BYTES, socket.readableLength)), READ_EVERY_MS);
  }

  static async open(port: number, topic: string, qos: 0 | 1): Promise<SlowSubscriber> {
    const socket = connect({ port, host: '127.0.0.1' });
    await once(socket, 'connect');
    socket.write(
      generate({ cmd: 'connect', clientId: 'slow', protocolId: 'MQTT', protocolVersion: 4, keepalive: 0, clean: true }),
    );
    socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] }));
    await delay(READ_EVERY_MS);
    return new SlowSubscriber(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#socket.destroy();
    // The broker may have ended it before.
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }
}
