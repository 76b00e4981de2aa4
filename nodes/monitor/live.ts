import type { NodeAPI } from 'node-red';
import type { LiveNode, LiveReading, LiveWire } from '../../src/metrics/live-reading.ts';
import type { Meters } from '../../src/metrics/meters.ts';
import { WireSampler, wireKey, type WireSample } from '../../src/metrics/wire-sampler.ts';
import { Look } from '../adapter/look.ts';
import type { Looked } from '../host/flow-counters.ts';

interface LiveSettings {
  /** How often figures are taken, in ms. Default 1,000. */
  readonly everyMs?: number;
  /** Nobody has asked for so long: it stops looking, in ms. Default 5,000. */
  readonly idleAfterMs?: number;
}

interface Before {
  readonly received: number;
  readonly errors: number;
  readonly sent: readonly number[];
  readonly queued: number;
  /** Readings in a row in which the queue was longer than before. */
  readonly growing: number;
}

const LONG_QUEUE = 16;
const GROWING_READINGS = 3;

/** Looks at the flow while somebody asks, and costs nothing while nobody does. */
export class Live {
  readonly #RED: Pick<NodeAPI, 'events'>;
  readonly #counters: { all(): Iterable<Looked> };
  readonly #meters: () => Meters | undefined;
  readonly #settings: Required<LiveSettings>;
  #timer: NodeJS.Timeout | undefined;
  #sampler = new WireSampler();
  #before = new Map<string, Before>();
  #readAt = 0;
  #askedAt = 0;
  #reading: LiveReading = { at: 0, nodes: {}, wires: [] };

  constructor(
    RED: Pick<NodeAPI, 'events'>,
    counters: { all(): Iterable<Looked> },
    meters: () => Meters | undefined,
    { everyMs = 1_000, idleAfterMs = 5_000 }: LiveSettings = {},
  ) {
    this.#RED = RED;
    this.#counters = counters;
    this.#meters = meters;
    this.#settings = { everyMs, idleAfterMs };
  }

  /** Whether messages are followed now. */
  get looks(): boolean {
    return this.#timer !== undefined;
  }

  /** The last reading. The first one asks begins the looking, so it is empty. */
  read(): LiveReading {
    this.#askedAt = performance.now();
    if (this.#timer === undefined) this.#start();
    return this.#reading;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#RED.events.off('flows:started', this.#attach);
    for (const node of this.#counters.all()) {
      node.look?.close();
      node.look = undefined;
    }
    this.#before.clear();
    this.#reading = { at: 0, nodes: {}, wires: [] };
  }

  #start(): void {
    this.#RED.events.on('flows:started', this.#attach);
    this.#attach();
    this.#timer = setInterval(() => {
      if (performance.now() - this.#askedAt > this.#settings.idleAfterMs) this.stop();
      else this.#take();
    }, this.#settings.everyMs).unref();
  }

  /** After each deploy: there are other nodes now, and they count from nothing. */
  readonly #attach = (): void => {
    this.#sampler = new WireSampler();
    this.#before.clear();
    this.#readAt = performance.now();
    for (const node of this.#counters.all()) {
      node.look?.close();
      node.look = new Look(
        node.id,
        this.#sampler,
        node.watched,
        node.wires.map((_, port) => node.sent[port] ?? 0),
      );
      this.#before.set(node.id, beforeOf(node, 0));
    }
  };

  #take(): void {
    const now = performance.now();
    const seconds = (now - this.#readAt) / 1_000;
    this.#readAt = now;
    const samples = this.#sampler.read();
    const nodes: Record<string, LiveNode> = {};
    const wires: LiveWire[] = [];
    for (const node of this.#counters.all()) {
      const before = this.#before.get(node.id);
      if (before === undefined) continue;
      const growing = (node.queued ?? 0) > before.queued ? before.growing + 1 : 0;
      const sent = node.sent.map((count, port) => Math.max(0, count - (before.sent[port] ?? 0)) / seconds);
      for (const [port, perSecond] of sent.entries()) node.look?.pace(port, perSecond, node.sent[port] ?? 0);
      const held = growing >= GROWING_READINGS && (node.queued ?? 0) >= LONG_QUEUE;
      nodes[node.id] = {
        in: Math.max(0, node.received - before.received) / seconds,
        out: sent.reduce((sum, one, port) => sum + one * (node.wires[port]?.length ?? 0), 0),
        errors: Math.max(0, node.errors - before.errors) / seconds,
        ...(node.queued !== undefined && { queue: node.queued }),
        ...(held && { held }),
      };
      for (const [port, targets] of node.wires.entries())
        for (const to of targets) wires.push(this.#wire(node.id, port, to, sent[port] ?? 0, samples));
      this.#before.set(node.id, beforeOf(node, growing));
    }
    this.#reading = { at: Date.now(), nodes, wires };
  }

  #wire(from: string, port: number, to: string, perSecond: number, samples: ReadonlyMap<string, WireSample>): LiveWire {
    const sample = samples.get(wireKey(from, port, to));
    const meter = this.#meters()?.find(from)?.read();
    // What a box carried says more about its arrow than the step to its neighbour in this process.
    const link = meter !== undefined && meter.latencyP99Ms > 0 ? meter : undefined;
    const latency = link ?? (sample !== undefined && sample.ended > 0 ? sample : undefined);
    const tried = meter === undefined ? 0 : meter.recent.sent;
    const linkLoss = meter === undefined || tried === 0 ? 0 : Math.min(1, meter.recent.failed / tried);
    return {
      from,
      port,
      to,
      perSecond,
      ...(latency !== undefined && { p50Ms: latency.latencyP50Ms, p99Ms: latency.latencyP99Ms }),
      loss: Math.max(linkLoss, sample?.lossRatio ?? 0),
      bytesPerSecond: perSecond * (sample?.bytes ?? 0),
    };
  }
}

const beforeOf = ({ received, errors, sent, queued }: Looked, growing: number): Before => ({
  received,
  errors,
  sent: [...sent],
  queued: queued ?? 0,
  growing,
});
