import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { BrokerAddress } from './address.ts';

interface Options {
  readonly subprotocol: 'mqtt' | 'mqttv3.1';
  readonly maxPacketBytes: number;
  readonly signal: AbortSignal;
}

/** Frames are joined up to this, so that a turn's packets are one frame. */
const JOINED_BYTES = 65_536;

/** MQTT over a WebSocket (MQTT 5, 6.0) on a socket that is connected. Rejects when the far side does not want to. */
export function openWebSocket(
  { host, port, path = '/', secure }: BrokerAddress,
  socket: Socket,
  { subprotocol, maxPacketBytes, signal }: Options,
): Promise<Duplex> {
  const authority = host.includes(':') ? `[${host}]` : host;
  const webSocket = new WebSocket(`${secure ? 'wss' : 'ws'}://${authority}:${port}${path}`, [subprotocol], {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: maxPacketBytes,
  });
  return new Promise((resolve, reject) => {
    const give = (): void => webSocket.terminate();
    signal.addEventListener('abort', give, { once: true });
    webSocket.once('error', reject);
    webSocket.once('open', () => {
      signal.removeEventListener('abort', give);
      webSocket.off('error', reject);
      resolve(new WebSocketStream(webSocket));
    });
  });
}

/** A WebSocket as a stream of bytes: frames have no meaning of their own in MQTT. */
class WebSocketStream extends Duplex {
  readonly #webSocket: WebSocket;

  constructor(webSocket: WebSocket) {
    super({ allowHalfOpen: false });
    this.#webSocket = webSocket;
    webSocket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.destroy(new Error('the broker sent a text frame'));
      else if (!this.push(data)) webSocket.pause();
    });
    webSocket.on('error', (error) => this.destroy(error));
    webSocket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#webSocket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#webSocket.send(chunk, { binary: true }, (error) => done(error ?? undefined));
  }

  override _writev(entries: { chunk: Buffer }[], done: (error?: Error) => void): void {
    let joined: Buffer[] = [];
    let bytes = 0;
    for (const { chunk } of entries) {
      if (bytes > 0 && bytes + chunk.length > JOINED_BYTES) {
        this.#webSocket.send(Buffer.concat(joined), { binary: true });
        joined = [];
        bytes = 0;
      }
      joined.push(chunk);
      bytes += chunk.length;
    }
    this.#webSocket.send(Buffer.concat(joined), { binary: true }, (error) => done(error ?? undefined));
  }

  override _final(done: () => void): void {
    this.#webSocket.close(1000);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#webSocket.terminate();
    done(error);
  }
}
