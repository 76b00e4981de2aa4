import { connect, type Socket } from 'node:net';
import { generate, parser, type IConnackPacket, type Packet } from 'mqtt-packet';

/** A client that says exactly what it is told, in the bytes of an independent codec, and keeps what it gets. */
export class RawClient implements AsyncDisposable {
  readonly got: Packet[] = [];
  readonly socket: Socket;
  closed = false;
  readonly #level: 3 | 4 | 5;
  #wake: (() => void)[] = [];

  constructor(port: number, level: 3 | 4 | 5) {
    this.#level = level;
    const reader = parser({ protocolVersion: level });
    reader.on('packet', (packet) => {
      this.got.push(packet);
      this.#stir();
    });
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk) => reader.parse(chunk));
    this.socket.on('close', () => {
      this.closed = true;
      this.#stir();
    });
  }

  send(...packets: readonly (Packet | Buffer | object)[]): this {
    for (const packet of packets)
      this.socket.write(
        Buffer.isBuffer(packet) ? packet : generate(packet as Packet, { protocolVersion: this.#level }),
      );
    return this;
  }

  /** Connects and resolves with the CONNACK. */
  async connect(more: object = {}): Promise<IConnackPacket> {
    this.send({
      cmd: 'connect',
      protocolId: this.#level === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion: this.#level,
      clean: true,
      keepalive: 0,
      clientId: `raw-${Math.random().toString(36).slice(2)}`,
      ...more,
    });
    return this.next('connack');
  }

  /** The next packet of a kind, taken out of `got`; rejects when the connection ends before. */
  async next<Cmd extends Packet['cmd']>(cmd: Cmd): Promise<Extract<Packet, { cmd: Cmd }>> {
    for (;;) {
      const index = this.got.findIndex((packet) => packet.cmd === cmd);
      if (index >= 0) return this.got.splice(index, 1)[0] as Extract<Packet, { cmd: Cmd }>;
      if (this.closed) throw new Error(`the connection ended without ${cmd}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  /** Resolves when the broker has answered everything sent so far. */
  async settled(): Promise<void> {
    this.send({ cmd: 'pingreq' });
    await this.next('pingresp');
  }

  async end(): Promise<void> {
    if (!this.closed) await new Promise((resolve) => this.socket.once('close', resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.end();
  }

  #stir(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
