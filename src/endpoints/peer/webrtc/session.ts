import type { DataChannel, PeerConnection, RtcConfig } from 'node-datachannel';
import { Fault } from '../../../fault.ts';
import type { Conduit } from '../conduit.ts';
import type { FarSide } from '../fingerprint.ts';
import type { Signal } from '../statement.ts';
import { DataStream } from './data-stream.ts';
import { called, openChannel, openConnection } from './library.ts';
import { PacketPort } from './packet-port.ts';

/** How to find a way through NATs. */
export interface IceSettings {
  /** STUN servers, `host:port`. Without one, only addresses of the machine's own are tried. */
  readonly stun?: readonly string[];
  /** Address of the one interface to use. Default: all. */
  readonly bindAddress?: string;
}

export interface SessionSettings {
  readonly url: string;
  readonly farSide: FarSide;
  readonly ice: IceSettings;
  /** Unread bytes above which the far side does not keep to what was agreed. */
  readonly maxUnreadBytes: number;
  /** False: one description with all candidates in it. */
  readonly trickles: boolean;
  /** Gets a signal to the far side. */
  readonly tell: (signal: Signal) => void;
}

/** Candidates a far side may name for one session, and those that came before its description. */
const MAX_CANDIDATES = 64;
/** One description, in characters. */
const MAX_SDP_LENGTH = 16_384;

/** One attempt to connect by WebRTC. Its signals are signed outside; inside, DTLS is held to the fingerprint in them. */
export class Session {
  readonly #settings: SessionSettings;
  readonly #connection: PeerConnection;
  readonly #early: { candidate: string; mid: string }[] = [];
  readonly #conduit = Promise.withResolvers<Conduit>();
  readonly #channels: readonly DataChannel[];
  #stream: DataStream | undefined;
  #candidates = 0;
  #described = false;
  #closed = false;

  /** Opens both channels; `offers` says who begins. Rejects with WEBRTC_MISSING. */
  static async open(settings: SessionSettings, offers: boolean): Promise<Session> {
    const { stun = [], bindAddress } = settings.ice;
    const config: RtcConfig = {
      iceServers: stun.map((server) => `stun:${server}`),
      disableAutoNegotiation: true,
      ...(bindAddress !== undefined && { bindAddress }),
    };
    let ended = (): void => undefined;
    const connection = await openConnection(settings.farSide.name, config, (state) => {
      if (state === 'failed' || state === 'closed') ended();
    });
    const session = new Session(settings, connection);
    ended = () => session.close();
    if (offers) session.#connection.setLocalDescription('offer');
    return session;
  }

  private constructor(settings: SessionSettings, connection: PeerConnection) {
    this.#settings = settings;
    this.#connection = connection;
    // Nobody may wait any more when it fails.
    this.#conduit.promise.catch(() => undefined);
    const ended = (): void => this.close();
    const stream = openChannel(connection, 'stream', { id: 0 }, ended);
    const packets = openChannel(connection, 'packets', { id: 1, unordered: true, maxRetransmits: 0 }, ended);
    this.#channels = [stream, packets];
    connection.onLocalDescription(
      called((sdp, type) => {
        if (settings.trickles) this.#describe(sdp, type);
      }),
    );
    connection.onLocalCandidate(
      called((candidate, mid) => {
        if (settings.trickles) settings.tell({ kind: 'candidate', candidate, mid });
      }),
    );
    connection.onGatheringStateChange(
      called((state) => {
        const description = connection.localDescription();
        if (state === 'complete' && !settings.trickles && description !== null) {
          this.#describe(description.sdp, description.type);
        }
      }),
    );
    stream.onOpen(called(() => this.#opened(stream, packets)));
  }

  /** Rejects with FAR_SIDE_GONE when no way was found, or when it was closed before. */
  get conduit(): Promise<Conduit> {
    return this.#conduit.promise;
  }

  /** Takes what the far side says about this session. Why it makes no sense, if it does not. */
  hear(signal: Signal): string | undefined {
    if (this.#closed) return undefined;
    if (signal.kind === 'candidate') return this.#addCandidate(signal);
    if (signal.kind === 'refusal') {
      this.#fail(new Fault('LINK_REFUSED', { url: this.#settings.url, answer: signal.reason }));
      return undefined;
    }
    if (this.#described) return 'a second description';
    if (signal.sdp.length > MAX_SDP_LENGTH) return `a description of ${signal.sdp.length} characters`;
    if (!/^a=fingerprint:sha-256 /im.test(signal.sdp)) return 'a description without a SHA-256 fingerprint';
    try {
      this.#connection.setRemoteDescription(signal.sdp, signal.kind);
      this.#described = true;
      if (signal.kind === 'offer') this.#connection.setLocalDescription('answer');
    } catch (error) {
      this.close();
      return `a description that cannot be read (${error instanceof Error ? error.message : String(error)})`;
    }
    for (const { candidate, mid } of this.#early.splice(0)) this.#give(candidate, mid);
    return undefined;
  }

  close(): void {
    this.#fail(
      new Fault('FAR_SIDE_GONE', { url: this.#settings.url }, { cause: new Error('no way through was found') }),
    );
  }

  #fail(fault: Fault): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conduit.reject(fault);
    this.#stream?.destroy();
    for (const channel of this.#channels) channel.close();
    this.#connection.close();
  }

  #describe(sdp: string, type: string): void {
    if (type === 'offer') {
      // The offering side begins DTLS. Left to choose, the other side would begin before this one listens, and wait a second.
      const begins = sdp.replace('a=setup:actpass', 'a=setup:active');
      this.#settings.tell({ kind: 'offer', sdp: begins, replaces: '' });
    } else this.#settings.tell({ kind: 'answer', sdp });
  }

  /** The library wants the description first. */
  #addCandidate({ candidate, mid }: { candidate: string; mid: string }): string | undefined {
    this.#candidates += 1;
    if (this.#candidates > MAX_CANDIDATES) return `more than ${MAX_CANDIDATES} candidates`;
    if (candidate.length > 512 || mid.length > 64) return 'a candidate too long';
    if (this.#described) return this.#give(candidate, mid);
    this.#early.push({ candidate, mid });
    return undefined;
  }

  #give(candidate: string, mid: string): string | undefined {
    try {
      this.#connection.addRemoteCandidate(candidate, mid);
      return undefined;
    } catch (error) {
      // What comes for a connection that has ended meanwhile is late, not wrong.
      if (this.#connection.state() === 'closed') return undefined;
      return `a candidate that cannot be read (${error instanceof Error ? error.message : String(error)})`;
    }
  }

  #opened(stream: DataChannel, packets: DataChannel): void {
    const { url, farSide, maxUnreadBytes } = this.#settings;
    const duplex = new DataStream(stream, maxUnreadBytes);
    duplex.once('close', () => this.close());
    this.#stream = duplex;
    this.#conduit.resolve({ path: 'direct', url, farSide, stream: duplex, datagrams: new PacketPort(packets) });
  }
}
