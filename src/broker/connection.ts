import type { Duplex } from 'node:stream';
import {
  Decoder,
  connackReturnCode,
  noProperties,
  reasonCode,
  type Connect,
  type Malformed,
  type Packet,
  type PacketSink,
  type Properties,
  type PublishView,
} from '../wire/mqtt/index.ts';
import { noteChunk } from '../wire/young-garbage.ts';
import { admit } from './admit.ts';
import type { AuthTalk } from './auth-talk.ts';
import type { BrokerCore } from './broker-core.ts';
import type { BrokerClient } from './broker.ts';
import { ClientOutlet } from './client-outlet.ts';
import type { Refusal } from './enter.ts';
import { takePublish } from './publishing.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Session } from './session.ts';
import { subscribe, unsubscribe } from './subscribing.ts';
import type { Will } from './wills.ts';

/** How long a client may take to close its side after we have said good-bye, in ms. */
const GOODBYE_MS = 2_000;

/** One socket of a client: MQTT 3.1, 3.1.1 or 5 from CONNECT to its end. */
export class Connection implements PacketSink {
  readonly socket: Duplex;
  readonly outlet: ClientOutlet;
  readonly core: BrokerCore;
  identity: string | undefined;
  /** What the client said, once its CONNECT is taken. */
  connect: Connect | undefined;
  session: Session | undefined;
  /** It goes on with a session that was there. */
  resumed = false;
  client: BrokerClient | undefined;
  will: Will | undefined;
  /** Its enhanced authentication, when it chose one. */
  talk: AuthTalk | undefined;
  /** Silence after which the client is taken for gone; 0 never. */
  longestSilenceMs = 0;
  /** Messages of QoS 1 and 2 of the client's that are not acknowledged. */
  unacknowledged = 0;
  /** The topic of the last message, allowed for as long as this chunk lasts. */
  allowedTopic = '';
  trouble: string | undefined;
  /** Of its messages a second, when there is a limit. */
  rate: RateLimit | undefined;
  /** Reused for what a publish has to wait for. */
  readonly waits: Promise<void>[] = [];
  readonly #decoder: Decoder;
  #state: 'new' | 'admitting' | 'open' | 'ending' | 'closed' = 'new';
  #since = performance.now();
  #heardAt = this.#since;
  #holds = 0;
  #unsentBytes = 0;
  #movedAt = 0;

  constructor(core: BrokerCore, socket: Duplex, identity: string | undefined) {
    this.core = core;
    this.socket = socket;
    this.identity = identity;
    this.#decoder = new Decoder(this, { side: 'server', maxPacketBytes: core.limits.maxPacketBytes });
    this.outlet = new ClientOutlet(socket, {
      counters: core.counters,
      maxSocketBytes: core.limits.maxSocketBytes,
      onSlow: () => core.tell('slow', this, 'it reads too slowly: QoS 0 messages are dropped'),
    });
    socket.on('data', (chunk: Buffer) => {
      noteChunk(chunk);
      this.#take(chunk);
    });
    socket.on('drain', () => this.#drained());
    socket.on('error', (error) => (this.trouble ??= error.message));
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#closed());
  }

  get state(): 'new' | 'admitting' | 'open' | 'ending' | 'closed' {
    return this.#state;
  }
  get five(): boolean {
    return this.connect?.level === 5;
  }

  publish(view: PublishView): void {
    if (this.#isIn()) takePublish(this, view);
  }

  puback(packetId: number): void {
    if (!this.#isIn()) return;
    if (!this.session!.puback(packetId)) this.#acknowledgedWrongly('PUBACK');
    this.core.backlogs.pump(this);
  }

  pubrec(packetId: number, code: number): void {
    if (!this.#isIn()) return;
    const known = this.session!.pubrec(packetId, code >= 0x80);
    if (known === undefined) this.#acknowledgedWrongly('PUBREC');
    else if (code < 0x80) this.safely(() => this.outlet.writer.pubrel(packetId, known ? 0 : this.#unknown));
  }

  pubrel(packetId: number): void {
    if (!this.#isIn()) return;
    const known = this.session!.release(packetId);
    this.safely(() => {
      if (known) this.unacknowledged = Math.max(0, this.unacknowledged - 1);
      this.outlet.writer.pubcomp(packetId, known ? 0 : this.#unknown);
    });
  }

  pubcomp(packetId: number): void {
    if (!this.#isIn()) return;
    if (!this.session!.pubcomp(packetId)) this.#acknowledgedWrongly('PUBCOMP');
    this.core.backlogs.pump(this);
  }

  packet(packet: Packet): void {
    if (packet.type === 'connect') {
      this.#state = 'admitting';
      this.connect = packet;
      // From here on it is told nothing larger than it takes, a refusal included (MQTT 5, 3.2.2-19).
      this.outlet.speak(packet.level, packet.properties.maximumPacketSize);
      admit(this, packet);
      return;
    }
    if (packet.type === 'auth' && this.talk !== undefined) {
      this.talk.take(packet);
      return;
    }
    if (packet.type === 'disconnect' && this.#state === 'admitting') {
      this.#goodbye();
      return;
    }
    if (!this.#isIn()) return;
    switch (packet.type) {
      case 'subscribe':
        subscribe(this, packet);
        return;
      case 'unsubscribe':
        unsubscribe(this, packet);
        return;
      case 'pingreq':
        this.outlet.writer.packet({ type: 'pingresp' });
        return;
      case 'disconnect':
        this.#leave(packet.reasonCode, packet.properties.sessionExpiryInterval);
        return;
      case 'auth':
      case 'connack':
      case 'suback':
      case 'unsuback':
      case 'pingresp':
        this.deny(reasonCode.protocolError, `${packet.type} was not expected`);
    }
  }

  /** The client is in: its packets count from here on. */
  opened(topicAliasMaximum: number): void {
    this.#decoder.topicAliasMaximum = topicAliasMaximum;
    this.#state = 'open';
  }

  /** Answers CONNECT with a refusal and ends the connection. */
  refuse({ code, reason, serverReference }: Refusal): void {
    const { writer } = this.outlet;
    const properties: Properties = {
      ...this.core.explain(reason),
      ...(serverReference !== undefined && { serverReference }),
    };
    const packet = { type: 'connack', sessionPresent: false, reasonCode: code, properties } as const;
    if (!this.five)
      writer.packet({
        ...packet,
        reasonCode: connackReturnCode(code, writer.level === 3 ? 3 : 4),
        properties: noProperties,
      });
    else if (!writer.packet(packet)) writer.packet({ ...packet, properties: noProperties });
    this.trouble ??= reason;
    this.#goodbye();
  }

  /** Ends the connection for what the client did: counted, and told. */
  deny(code: number, reason: string): void {
    this.core.refused(this, reason);
    this.end(code, reason);
  }

  /** Ends the connection; MQTT 5 clients are told why. */
  end(code: number, reason: string, more?: Properties): void {
    if (this.#state === 'ending' || this.#state === 'closed') return;
    this.trouble ??= reason;
    if (this.five && this.#state === 'open') {
      const properties = { ...this.core.explain(reason), ...more };
      const packet = { type: 'disconnect', reasonCode: code, properties } as const;
      const { writer } = this.outlet;
      if (!writer.packet(packet)) writer.packet({ ...packet, properties: noProperties });
    }
    this.#goodbye();
  }

  /** Runs when everything that waits to be written is on disk, if the client is still there then. */
  safely(act: () => void): void {
    const { store } = this.core;
    if (!store.unsaved) act();
    else
      store.whenSafe(() => {
        if (this.#state === 'open') act();
      });
  }

  /** Takes nothing more from the client until the promise settles. */
  hold(until: Promise<unknown>): void {
    this.#holds += 1;
    this.#decoder.hold();
    this.socket.pause();
    const release = (): void => this.#release();
    until.then(release, release);
  }

  /** Looks at the clock: silence, a socket nobody reads, a good-bye nobody answers. */
  check(now: number): void {
    const { limits } = this.core;
    this.outlet.check();
    if (this.#holds > 0) this.#heardAt = now;
    const outside = this.#state === 'new' || (this.#state === 'admitting' && this.#holds === 0);
    if (outside && now - this.#since > limits.connectTimeoutMs) {
      this.trouble = this.#state === 'new' ? 'no CONNECT came' : 'its authentication was not finished';
      this.socket.destroy();
    } else if (this.#state === 'ending' && now - this.#since > GOODBYE_MS) this.socket.destroy();
    else if (this.#state === 'open' && this.longestSilenceMs > 0 && now - this.#heardAt > this.longestSilenceMs) {
      this.end(reasonCode.keepAliveTimeout, 'no packet came within the keep alive');
    }
    const unsent = unsentBytes(this.socket);
    if (unsent === 0 || unsent !== this.#unsentBytes) {
      this.#unsentBytes = unsent;
      this.#movedAt = now;
    } else if (now - this.#movedAt > limits.drainTimeoutMs) {
      this.trouble ??= 'it does not read';
      this.socket.destroy();
    }
  }

  /** For a packet identifier we do not know; that is no error while a session recovers, and clients take it for one (MQTT 5, 3.7.2.1). */
  get #unknown(): number {
    return this.resumed ? reasonCode.success : reasonCode.packetIdentifierNotFound;
  }

  /** Not in the way of the message's QoS (MQTT 3.1.1, 4.3 and 4.8.0-1; MQTT 5, 4.3 and 4.13). */
  #acknowledgedWrongly(by: string): void {
    this.deny(reasonCode.protocolError, `${by} came for a message that does not wait for it`);
  }

  /** True when packets count; one that comes while the client shows who it is ends the connection (MQTT 5, 4.12-1). */
  #isIn(): boolean {
    if (this.#state === 'admitting') this.deny(reasonCode.protocolError, 'a packet came before the answer to CONNECT');
    return this.#state === 'open';
  }

  #take(chunk: Buffer): void {
    this.#heardAt = performance.now();
    this.allowedTopic = '';
    this.core.counters.bytesReceived += chunk.length;
    this.#malformed(this.#decoder.push(chunk));
    // Who does not read our answers is not asked for more.
    if (this.#state === 'open' && this.#holds === 0 && this.outlet.flooded) this.hold(this.outlet.readOn());
  }

  #malformed(malformed: Malformed | undefined): void {
    if (malformed === undefined || this.#state === 'ending' || this.#state === 'closed') return;
    const { reasonCode: code, text, packet, clientId } = malformed;
    this.trouble ??= text;
    if (clientId !== undefined) this.client ??= { clientId, identity: this.identity, connectedAt: Date.now() };
    this.core.refused(this, text);
    if (this.#state !== 'new') this.end(code, text);
    else if (packet === 'connect' && mayAnswer(this.#decoder.level, code)) {
      // A level we do not know is told so in the form of MQTT 3.1.1.
      this.outlet.writer.level = this.#decoder.level ?? 4;
      const five = this.#decoder.level === 5;
      const said = five ? code : connackReturnCode(code, this.#decoder.level === 3 ? 3 : 4);
      this.outlet.writer.packet({
        type: 'connack',
        sessionPresent: false,
        reasonCode: said,
        properties: five ? this.core.explain(text) : noProperties,
      });
      this.#goodbye();
    } else this.#goodbye();
  }

  #leave(code: number, expirySeconds: number | undefined): void {
    const session = this.session!;
    if (expirySeconds !== undefined) {
      if (session.expirySeconds === 0 && expirySeconds > 0) {
        this.deny(reasonCode.protocolError, 'a session that ends with its connection cannot be prolonged');
        return;
      }
      session.expirySeconds = Math.min(expirySeconds, this.core.limits.maxSessionSeconds);
    }
    if (code === 0) this.will = undefined;
    else if (code !== reasonCode.disconnectWithWill) this.trouble ??= `it left with reason code ${code}`;
    this.#goodbye();
  }

  #goodbye(): void {
    this.#state = 'ending';
    this.#since = performance.now();
    this.#decoder.stop();
    this.core.detach(this);
    this.outlet.writer.flush();
    this.socket.end();
    this.socket.resume();
  }

  #release(): void {
    this.#holds -= 1;
    if (this.#holds > 0 || this.#state === 'closed') return;
    this.#heardAt = performance.now();
    this.#malformed(this.#decoder.resume());
    if (this.#holds === 0) this.socket.resume();
  }

  #drained(): void {
    this.outlet.drained();
    if (this.#state !== 'open') return;
    this.session!.pump();
    this.core.backlogs.pump(this);
  }

  #closed(): void {
    this.#state = 'closed';
    this.#decoder.stop();
    this.outlet.close();
    this.core.closed(this);
  }
}

/** A malformed CONNECT of MQTT 3 is answered only where its standard has a code for it (3.1.1, 3.1.4-1). */
function mayAnswer(level: number | undefined, code: number): boolean {
  return level === 5 || code === reasonCode.unsupportedProtocolVersion || code === reasonCode.clientIdentifierNotValid;
}

/** Bytes that have not left, down to what the system's own buffer took: a change is a sign of life. */
function unsentBytes(socket: Duplex): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const size: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : 0;
  return socket.writableLength === 0 ? 0 : socket.writableLength * 2 + (typeof size === 'number' ? size : 0);
}
