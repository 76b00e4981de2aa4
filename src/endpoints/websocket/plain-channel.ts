import type { RawData, WebSocket } from 'ws';
import { Fault } from '../../fault.ts';
import { endSocket, type Channel, type ChannelSettings } from './channel.ts';
import { closeCodes } from './close-codes.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * A far side that knows no frames: each WebSocket message is one payload, its topic is the path, and nothing is
 * acknowledged. A reader that lags stops the reading from the socket.
 */
export class PlainChannel implements Channel {
  readonly #socket: WebSocket;
  readonly #settings: ChannelSettings;
  readonly #topic: string;
  #owesSince: number | undefined;
  #held = 0;

  constructor(settings: ChannelSettings) {
    this.#socket = settings.socket;
    this.#settings = settings;
    this.#topic = plainTopic(settings.url);
    this.#socket.on('message', (data, isBinary) => this.#take(data as Buffer, isBinary));
  }

  get owesSince(): number | undefined {
    return this.#owesSince;
  }

  get paused(): boolean {
    return this.#socket.isPaused;
  }

  /** Resolves when it has left for the network. */
  send({ message, isText }: Outgoing): Promise<void> {
    this.#owesSince ??= performance.now();
    return new Promise((resolve, reject) => {
      this.#socket.send(message.payload, { binary: !isText }, (error) => {
        this.#owesSince = this.#socket.bufferedAmount > 0 ? performance.now() : undefined;
        if (error) reject(new Fault('FAR_SIDE_GONE', { url: this.#settings.url }, { cause: error }));
        else resolve();
      });
    });
  }

  #take(payload: Buffer & RawData, isBinary: boolean): void {
    const { take, from, refusal } = this.#settings;
    if (refusal(this.#topic) !== undefined) {
      endSocket(this.#socket, closeCodes.forbidden);
      return;
    }
    const message = { topic: this.#topic, payload, from };
    this.#held += 1;
    this.#socket.pause();
    void take(isBinary ? message : { ...message, contentType: 'text/plain' }).then(() => {
      this.#held -= 1;
      if (this.#held === 0) this.#socket.resume();
    });
  }
}

/** The topic of what comes without one: the path of the URL. */
export function plainTopic(url: string): string {
  return new URL(url).pathname.replace(/^\//, '') || 'websocket';
}
