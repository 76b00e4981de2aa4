import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { WebSocketListener, type WebSocketListenSettings } from '../../../src/endpoints/websocket/index.ts';
import { http1Upgrade } from '../../../src/front-door/upgrade.ts';
import { UpgradeRoutes } from '../../../src/front-door/upgrade-routes.ts';
import { pathOf } from '../../../src/front-door/routes.ts';
import { everybody } from '../../../src/http/guard.ts';
import { frameOf } from '../../../src/wire/websocket/index.ts';

/** A listener on a plain port of its own, open to everybody. */
export interface PlainWorld extends AsyncDisposable {
  readonly listener: WebSocketListener;
  readonly port: number;
  /** Lines the listener told. */
  readonly told: readonly string[];
}

export async function plainWorld(settings: Partial<WebSocketListenSettings> = {}): Promise<PlainWorld> {
  const routes = new UpgradeRoutes();
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    const found = routes.find(pathOf(request.url));
    if (found === undefined) socket.destroy();
    else found.handler(http1Upgrade(request, socket, head, found.parameters));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const told: string[] = [];
  const listener = new WebSocketListener({
    path: '/live',
    guard: everybody,
    secure: false,
    door: { host: '127.0.0.1', port, upgrade: (path, handler) => routes.mount(path, handler) },
    onRefused: (line) => told.push(line),
    ...settings,
  });
  return {
    listener,
    port,
    told,
    async [Symbol.asyncDispose]() {
      await listener.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** One frame as it came: its first byte, and its payload. */
export interface RawFrame {
  readonly first: number;
  readonly payload: Buffer;
}

/** A client that sends whatever bytes it is told, and knows frames only as far as it must. */
export class RawClient {
  readonly socket: Socket;
  readonly frames: RawFrame[] = [];
  /** The head of the answer. */
  readonly answer: string;
  #rest = Buffer.alloc(0);
  #wake: (() => void) | undefined;

  private constructor(socket: Socket, answer: string, head: Buffer) {
    this.socket = socket;
    this.answer = answer;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.once('close', () => this.#wake?.());
    this.#read(head);
  }

  static async open(port: number, headers: Readonly<Record<string, string>> = {}, path = '/live'): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const all = {
      host: `127.0.0.1:${port}`,
      upgrade: 'websocket',
      connection: 'upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    let read = Buffer.alloc(0);
    while (!read.includes('\r\n\r\n')) read = Buffer.concat([read, ((await once(socket, 'data')) as [Buffer])[0]]);
    const end = read.indexOf('\r\n\r\n') + 4;
    return new RawClient(socket, read.toString('latin1', 0, end), read.subarray(end));
  }

  /** A masked frame. */
  send(first: number, payload: Uint8Array | string): void {
    this.socket.write(rawFrame(first, payload));
  }

  /** So many frames, or all there were when the connection ended. */
  async received(count: number): Promise<readonly RawFrame[]> {
    while (this.frames.length < count && !this.socket.closed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.frames.slice(0, count);
  }

  /** All frames until the connection ended. */
  async ended(): Promise<readonly RawFrame[]> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.frames;
  }

  /** Code of the close frame that ended it. */
  async closeCode(): Promise<number | undefined> {
    const last = (await this.ended()).at(-1);
    return last?.first === 0x88 && last.payload.length > 1 ? last.payload.readUInt16BE() : undefined;
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const code = this.#rest[1];
      if (code === undefined) break;
      const start = code < 126 ? 2 : code === 126 ? 4 : 10;
      if (this.#rest.length < start) break;
      const length =
        code < 126 ? code : code === 126 ? this.#rest.readUInt16BE(2) : Number(this.#rest.readBigUInt64BE(2));
      if (this.#rest.length < start + length) break;
      this.frames.push({ first: this.#rest[0]!, payload: this.#rest.subarray(start, start + length) });
      this.#rest = this.#rest.subarray(start + length);
    }
    this.#wake?.();
  }
}

export function rawFrame(first: number, payload: Uint8Array | string): Buffer {
  const frame = frameOf(Buffer.from(payload), { opcode: 1, masked: true });
  frame[0] = first;
  return frame;
}
