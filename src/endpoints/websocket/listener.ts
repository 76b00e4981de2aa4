import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { addressOf } from '../../address.ts';
import { knownOnly, type Access } from '../../endpoint/access.ts';
import type { LinkLimits, Listener, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import { sendToAll, type FarSide } from '../../endpoint/far-sides.ts';
import { FRAME_PREFIX_BYTES, MAX_HEADER_BYTES } from '../../endpoint/frame.ts';
import { fillLimits, type FilledLimits } from '../../endpoint/limits.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import { SendWindow } from '../../endpoint/send-window.ts';
import { Fault, isFault } from '../../fault.ts';
import { refuseUpgrade } from '../../front-door/answer.ts';
import { identityOf, type Door } from '../../front-door/door.ts';
import { findForeignOrigin } from '../../front-door/own-origin.ts';
import { endSocket, keepAlive } from './channel.ts';
import { closeCodes } from './close-codes.ts';
import { FramedChannel } from './framed-channel.ts';
import { outgoingNumbers, type Outgoing } from './outgoing.ts';
import { PlainChannel } from './plain-channel.ts';
import { SUBPROTOCOL } from './traits.ts';

export interface WebSocketListenSettings extends LinkLimits {
  readonly door: Door;
  /** Where it is served: `/live`. */
  readonly path: string;
  /** Default: everybody with a certificate our CA signed may send and receive, nobody else. */
  readonly authorize?: Access;
}

/** Serves WebSockets at one path of the door. */
export class WebSocketListener implements Listener {
  readonly url: string;
  readonly #limits: FilledLimits;
  readonly #access: Access;
  readonly #unmount: () => void;
  readonly #server: WebSocketServer;
  readonly #readers = new Readers();
  readonly #farSides = new Map<WebSocket, FarSide<Outgoing>>();
  readonly #window: SendWindow;
  readonly #number = outgoingNumbers();

  constructor(settings: WebSocketListenSettings) {
    const { door, path, authorize } = settings;
    this.url = `wss://${addressOf(door.host, door.port)}${path}`;
    this.#limits = fillLimits(settings);
    this.#access = authorize ?? knownOnly;
    this.#window = new SendWindow(this.url, this.#limits);
    this.#window.open();
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: this.#limits.maxPayloadBytes + FRAME_PREFIX_BYTES + MAX_HEADER_BYTES,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.#unmount = door.upgrade(path, (request, socket, head) => this.#admit(request, socket, head));
  }

  get connections(): number {
    return this.#farSides.size;
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  send(message: Message, options?: SendOptions): Promise<void> {
    const transmit = (signal: AbortSignal): Promise<void> =>
      sendToAll(this.#farSides.values(), this.#number(message), message.topic, signal);
    return this.#window.send(message, transmit, options);
  }

  close(): Promise<void> {
    this.#unmount();
    this.#window.close();
    this.#readers.close();
    for (const farSide of this.#farSides.values()) farSide.close();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #admit(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const tlsSocket = request.socket as TLSSocket;
    const identity = identityOf(tlsSocket);
    const origin = findForeignOrigin(request);
    if (origin !== undefined) refuseUpgrade(socket, 403, new Fault('ORIGIN_FOREIGN', { origin }));
    else if (identity === undefined && !this.#access(identity, 'subscribe', '#')) {
      refuseUpgrade(socket, 401, new Fault('IDENTITY_MISSING', {}));
    } else {
      const from = identity ?? tlsSocket.remoteAddress ?? '';
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#enter(webSocket, from, identity));
    }
  }

  #enter(socket: WebSocket, from: string, identity: string | undefined): void {
    const settings = {
      socket,
      url: this.url,
      from,
      limits: this.#limits,
      take: (message: ReceivedMessage) => this.#readers.push(message),
      refusal: (topic: string) => this.#refusal(identity, topic),
    };
    const channel = socket.protocol === SUBPROTOCOL ? new FramedChannel(settings) : new PlainChannel(settings);
    keepAlive(socket, channel, this.#limits.keepAliveMs, true);
    // What ends a connection is in its close code; ws says it here too, before it closes.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#farSides.delete(socket));
    this.#farSides.set(socket, {
      identity,
      send: async (outgoing, topic, signal) => {
        if (this.#access(identity, 'subscribe', topic)) await unlessGone(channel.send(outgoing, signal));
      },
      close: () => endSocket(socket, closeCodes.goingAway),
    });
  }

  #refusal(identity: string | undefined, topic: string): Fault | undefined {
    if (this.#access(identity, 'publish', topic)) return undefined;
    if (identity === undefined) return new Fault('IDENTITY_MISSING', {});
    return new Fault('ACTION_FORBIDDEN', { identity, action: `publish to ${topic}` });
  }
}

async function unlessGone(sending: Promise<void>): Promise<void> {
  try {
    await sending;
  } catch (error) {
    if (!isFault(error) || error.code !== 'FAR_SIDE_GONE') throw error;
  }
}
