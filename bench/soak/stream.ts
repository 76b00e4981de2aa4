import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';

const MESSAGE_BYTES = 1_000;
const EACH_MS = 10;
/** 1 MB/s. */
const AT_ONCE = 10;

export interface StreamFigures {
  readonly sent: number;
  readonly received: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** A publisher of 1 MB/s and one subscriber that keeps up. */
export class Stream implements AsyncDisposable {
  readonly topic = 'soak/stream';
  readonly #publisher: MqttClient;
  readonly #subscriber: MqttClient;
  readonly #qos: 0 | 1;
  #sent = 0;
  #received = 0;
  #waitsUs: number[] = [];

  private constructor(publisher: MqttClient, subscriber: MqttClient, qos: 0 | 1) {
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#qos = qos;
    subscriber.on('message', (_topic, payload) => {
      this.#received += 1;
      this.#waitsUs.push((performance.now() - payload.readDoubleBE(0)) * 1000);
    });
  }

  static async open(port: number, qos: 0 | 1): Promise<Stream> {
    const url = `mqtt://127.0.0.1:${port}`;
    const [publisher, subscriber] = await Promise.all([mqtt.connectAsync(url), mqtt.connectAsync(url)]);
    // Otherwise the figures are those of Nagle's algorithm.
    for (const { stream } of [publisher, subscriber]) if (stream instanceof Socket) stream.setNoDelay();
    const stream = new Stream(publisher, subscriber, qos);
    await subscriber.subscribeAsync(stream.topic, { qos });
    return stream;
  }

  /** Publishes for so many seconds, on time whatever the broker does. */
  async run(seconds: number): Promise<void> {
    const start = performance.now();
    const rounds = Math.round((seconds * 1000) / EACH_MS);
    for (let round = 1; round <= rounds; round += 1) {
      for (let count = 0; count < AT_ONCE; count += 1) {
        const payload = Buffer.alloc(MESSAGE_BYTES);
        payload.writeDoubleBE(performance.now());
        this.#publisher.publish(this.topic, payload, { qos: this.#qos });
        this.#sent += 1;
      }
      await delay(Math.max(0, start + round * EACH_MS - performance.now()));
    }
  }

  /** Resolves when nothing more comes. */
  async settled(): Promise<void> {
    for (let last = -1; last !== this.#received; await delay(500)) last = this.#received;
  }

  /** Since the last time it was asked. */
  figures(): StreamFigures {
    const waits = this.#waitsUs.sort((a, b) => a - b);
    const at = (share: number): number => waits[Math.floor(waits.length * share)] ?? 0;
    const figures = { sent: this.#sent, received: this.#received, p50Us: at(0.5), p99Us: at(0.99) };
    this.#sent = this.#received = 0;
    this.#waitsUs = [];
    return figures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#publisher.endAsync(true), this.#subscriber.endAsync(true)]);
  }
}
