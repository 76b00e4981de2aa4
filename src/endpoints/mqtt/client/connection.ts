import type { Duplex } from 'node:stream';
import { farSideFault } from '../../../endpoint/far-side-fault.ts';
import { Fault } from '../../../fault.ts';
import {
  Decoder,
  FlushQueue,
  noProperties,
  PacketWriter,
  reasonCode,
  type Auth,
  type Connack,
  type Disconnect,
  type Malformed,
  type Packet,
  type PacketSink,
} from '../../../wire/mqtt/index.ts';
import { noteChunk } from '../../../wire/young-garbage.ts';
import type { BrokerAddress } from './address.ts';
import { Challenges } from './challenges.ts';
import {
  connectPacket,
  keepAliveSeconds,
  maxPacketBytes,
  topicAliasMaximum,
  type ConnectForm,
} from './connect-packet.ts';
import type { Transport } from './dial.ts';
import { KeepAlive } from './keep-alive.ts';
import { reach } from './reach.ts';
import { answerOf, connackReason, linkRefused } from './refusal.ts';

/** How long the broker may take to close after our DISCONNECT, in ms. */
const FAREWELL_MS = 500;

/**
 * Packets of all clients leave after all sockets that are readable now were read: messages that come through the runtime,
 * one turn each, then share a write. The first after a pause leaves at once.
 */
const turns = new FlushQueue('adaptive');

export interface ConnectionEvents extends Omit<PacketSink, 'packet'> {
  /** The broker has taken us in. */
  connack(connack: Connack): void;
  /** SUBACK or UNSUBACK. */
  answer(packetId: number, reasonCodes: readonly number[], reasonString: string | undefined): void;
  drain(): void;
  /** The last event, once. `reference`: where the broker sends us. */
  gone(cause: Error, reference?: string): void;
}

export interface ConnectionOptions extends ConnectForm {
  readonly address: BrokerAddress;
}

/** One connection to a broker, from dialling to its end: handshake, keep alive and goodbye. Reconnecting is not its business. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #dialling = new AbortController();
  readonly #overdue: NodeJS.Timeout;
  #transport: Transport | undefined;
  #decoder: Decoder | undefined;
  #writer: PacketWriter | undefined;
  #keepAlive: KeepAlive | undefined;
  #challenges: Challenges | undefined;
  #cause: Error | undefined;
  #reference: string | undefined;
  #accepted = false;
  #reading = true;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    const { keepAliveMs } = options.limits;
    this.#overdue = setTimeout(() => {
      this.fail(farSideFault(options.address.url, new Error(`no answer in ${keepAliveMs} ms`)));
    }, keepAliveMs);
    void this.#open();
  }

  /** Name in the broker's verified certificate. */
  get identity(): string | undefined {
    return this.#transport?.identity;
  }

  get accepted(): boolean {
    return this.#accepted;
  }

  get stream(): Duplex {
    return this.#transport!.stream;
  }

  get writer(): PacketWriter {
    return this.#writer!;
  }

  /** Everything the owner waits for has come about. */
  established(): void {
    clearTimeout(this.#overdue);
  }

  /** Ends it for a reason; `code` is told to a broker of level 5. */
  fail(cause: Error, code?: number): void {
    this.#cause ??= cause;
    const writer = this.#writer;
    if (writer === undefined) {
      this.#dialling.abort(cause);
      return;
    }
    this.#decoder?.stop();
    if (code !== undefined && writer.level === 5) {
      writer.packet({ type: 'disconnect', reasonCode: code, properties: noProperties });
    }
    writer.flush();
    const { stream } = this;
    if (code === undefined) {
      stream.destroy();
      return;
    }
    stream.end();
    setTimeout(() => stream.destroy(), FAREWELL_MS).unref();
  }

  /** Ends it because the broker does what the standard forbids. */
  wrong(text: string, code: number): void {
    this.fail(farSideFault(this.#options.address.url, new Error(text)), code);
  }

  pause(): void {
    this.#reading = false;
    this.#decoder?.hold();
    this.stream.pause();
  }

  resume(): void {
    this.#reading = true;
    // Handlers call this in the middle of a packet.
    queueMicrotask(() => {
      if (!this.#reading) return;
      const malformed = this.#decoder?.resume();
      if (malformed !== undefined) this.#refuse(malformed);
      else if (this.#reading) this.stream.resume();
    });
  }

  /** Begins the enhanced authentication again while the connection goes on. */
  reauthenticate(): void {
    this.#challenges?.again();
  }

  /** Says goodbye and closes. Resolves when it is closed, at the latest after half a second. */
  async end(): Promise<void> {
    if (!this.#accepted) {
      this.fail(new Fault('LINK_CLOSED', { url: this.#options.address.url }));
      return;
    }
    const { stream } = this;
    this.#decoder?.stop();
    this.writer.packet({ type: 'disconnect', reasonCode: 0, properties: noProperties });
    this.writer.flush();
    stream.resume();
    await new Promise<void>((resolve) => {
      const overdue = setTimeout(() => stream.destroy(), FAREWELL_MS);
      stream.once('close', () => {
        clearTimeout(overdue);
        resolve();
      });
      stream.end();
    });
  }

  async #open(): Promise<void> {
    const { address } = this.#options;
    try {
      this.#transport = await reach(address, this.#options, this.#dialling.signal);
    } catch (error) {
      clearTimeout(this.#overdue);
      this.#events.gone(this.#cause ?? farSideFault(address.url, error));
      return;
    }
    this.#begin(this.#transport.stream);
  }

  #begin(stream: Duplex): void {
    const { address, settings, limits } = this.#options;
    const level = settings.level ?? 5;
    const events = this.#events;
    // One object of functions: the decoder calls them for every packet.
    let messages = 0;
    const sink: PacketSink = {
      publish: (view) => {
        messages += 1;
        events.publish(view);
      },
      puback: (id, code, properties) => events.puback(id, code, properties),
      pubrec: (id, code, properties) => events.pubrec(id, code, properties),
      pubrel: (id, code, properties) => events.pubrel(id, code, properties),
      pubcomp: (id, code, properties) => events.pubcomp(id, code, properties),
      packet: (packet) => this.#packet(packet),
    };
    const decoder = new Decoder(sink, { side: 'client', level, maxPacketBytes: maxPacketBytes(settings, limits) });
    decoder.topicAliasMaximum = topicAliasMaximum(settings);
    this.#decoder = decoder;
    this.#writer = new PacketWriter(stream, { level, queue: turns });
    this.#challenges = new Challenges(settings.authentication, this.#writer, () => !stream.destroyed);
    stream.on('data', (chunk: Buffer) => {
      noteChunk(chunk);
      messages = 0;
      const malformed = decoder.push(chunk);
      if (malformed !== undefined) this.#refuse(malformed);
      turns.flushRead(messages);
    });
    stream.on('drain', () => events.drain());
    stream.on('error', (error) => (this.#cause ??= farSideFault(address.url, error)));
    stream.once('close', () => {
      clearTimeout(this.#overdue);
      this.#keepAlive?.stop();
      decoder.stop();
      this.#writer?.discard();
      const closed = new Error('the broker closed the connection');
      events.gone(this.#cause ?? farSideFault(address.url, closed), this.#reference);
    });
    this.#writer.packet(connectPacket(this.#options));
    this.#writer.flush();
  }

  #packet(packet: Packet): void {
    if (packet.type === 'connack') this.#connack(packet);
    else if (packet.type === 'disconnect') this.#leftBy(packet);
    else if (packet.type === 'suback' || packet.type === 'unsuback') {
      this.#events.answer(packet.packetId, packet.reasonCodes, packet.properties.reasonString);
    } else if (packet.type === 'auth') this.#auth(packet);
  }

  #auth(packet: Auth): void {
    const { address, settings } = this.#options;
    const agreed = settings.authentication?.method;
    if (agreed === undefined || packet.properties.authenticationMethod !== agreed) {
      this.wrong('it asks for an authentication method that was not agreed on', reasonCode.protocolError);
      return;
    }
    this.#challenges?.answer(packet).catch((error: unknown) => {
      this.fail(linkRefused(address.url, `authentication failed: ${String(error)}`), reasonCode.notAuthorized);
    });
  }

  #connack(connack: Connack): void {
    const { address, settings, limits } = this.#options;
    const { properties } = connack;
    const level = settings.level ?? 5;
    if (connack.reasonCode !== 0) {
      const code = connackReason(level, connack.reasonCode);
      this.#refer(code, properties.serverReference);
      this.fail(linkRefused(address.url, answerOf(code, properties.reasonString)));
      return;
    }
    if (connack.sessionPresent && this.#options.cleanStart && level > 3) {
      this.wrong('it goes on with a session where a new one was asked for', reasonCode.protocolError);
      return;
    }
    try {
      settings.authentication?.verify?.(properties.authenticationData);
    } catch (error) {
      this.fail(linkRefused(address.url, `it did not prove who it is: ${String(error)}`), reasonCode.notAuthorized);
      return;
    }
    this.#accepted = true;
    if (properties.maximumPacketSize !== undefined) this.writer.maxPacketBytes = properties.maximumPacketSize;
    this.#keepAlive = new KeepAlive(this.#transport!.socket, properties.serverKeepAlive ?? keepAliveSeconds(limits), {
      ping: () => this.writer.packet({ type: 'pingreq' }),
      silent: () => this.fail(farSideFault(address.url, new Error('nothing came within one and a half keep alives'))),
      reading: () => this.#reading,
    });
    this.#events.connack(connack);
  }

  #leftBy({ reasonCode: code, properties }: Disconnect): void {
    this.#refer(code, properties.serverReference);
    this.fail(linkRefused(this.#options.address.url, answerOf(code, properties.reasonString)));
  }

  #refer(code: number, reference: string | undefined): void {
    if (code === reasonCode.useAnotherServer || code === reasonCode.serverMoved) this.#reference = reference;
  }

  #refuse({ reasonCode: code, text }: Malformed): void {
    this.wrong(`the broker sent what is no MQTT: ${text}`, code);
  }
}
