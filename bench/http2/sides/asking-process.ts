import { Agent, request as http1Request } from 'node:http';
import { connect } from 'node:http2';
import { H2CClient, Pool, type Dispatcher } from 'undici';
import { answerQuestions } from '../../child.ts';
import type { StoredNode } from '../../mqtt/flows.ts';
import { red, startRed, type EmbeddedNode } from './start-red.ts';

/** How it asks: by core nodes, by ours, by hand with Node.js or with undici, over a version of HTTP. */
export interface AskingSetup {
  readonly by: 'core' | 'ours' | 'hand' | 'undici';
  readonly version: 1 | 2;
  readonly url: string;
  /** Bytes that are posted; 0: read. */
  readonly sizeBytes: number;
  /** Requests at once. */
  readonly crowd: number;
}

/** Asks once and resolves when all of the response is there. */
type Ask = () => Promise<void>;

let ask: Ask;
let crowd = 1;

/** A setup first, then for how many ms to ask; the answer is how many were answered, and how long each took. */
answerQuestions(async (question: AskingSetup | number): Promise<unknown> => {
  if (typeof question === 'number') return run(question);
  crowd = question.crowd;
  ask = await asker(question);
  return true;
});

async function run(forMs: number): Promise<object> {
  const startedAt = performance.now();
  const took: number[] = [];
  const one = async (): Promise<void> => {
    while (performance.now() - startedAt < forMs) {
      const since = performance.now();
      await ask();
      took.push((performance.now() - since) * 1000);
    }
  };
  await Promise.all(Array.from({ length: crowd }, one));
  took.sort((left, right) => left - right);
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? Number.NaN;
  return { messages: took.length, ms: performance.now() - startedAt, p50Us: at(0.5), p99Us: at(0.99) };
}

function asker({ by, version, url, sizeBytes, crowd }: AskingSetup): Promise<Ask> | Ask {
  const body = sizeBytes === 0 ? undefined : Buffer.alloc(sizeBytes, 'x');
  if (by === 'core' || by === 'ours') return flowAsker(by, version, url, body);
  if (by === 'undici') return undiciAsker(version, url, body, crowd);
  return version === 2 ? http2Asker(url, body) : http1Asker(url, body);
}

/** Messages go over wires to the request node, and what comes out of it ends the request. */
async function flowAsker(by: 'core' | 'ours', version: 1 | 2, url: string, payload: Buffer | undefined): Promise<Ask> {
  const waiting = new Map<unknown, () => void>();
  let sendOn: EmbeddedNode['send'] | undefined;
  let count = 0;
  await startRed({ withOurs: by === 'ours', flow: askingFlow(by, version, url, payload !== undefined) }, () => {
    red.nodes.registerType('bench/source', 'bench-source', function Source(stored) {
      red.nodes.createNode(this, stored);
      sendOn = (message) => this.send(message);
    });
    red.nodes.registerType('bench/end', 'bench-end', function End(stored) {
      red.nodes.createNode(this, stored);
      this.on('input', (message, _send, done) => {
        const number: unknown = Reflect.get(message, 'number');
        waiting.get(number)?.();
        waiting.delete(number);
        done();
      });
    });
  });
  return () =>
    new Promise((resolve) => {
      count += 1;
      waiting.set(count, resolve);
      sendOn!({ number: count, payload });
    });
}

function askingFlow(by: 'core' | 'ours', version: 1 | 2, url: string, posts: boolean): StoredNode[] {
  const place = { z: 'tab', x: 0, y: 0 };
  const asking = { ...place, id: 'ask', url, method: posts ? 'POST' : 'GET', ret: 'bin', wires: [['end']] };
  return [
    { id: 'tab', type: 'tab', label: 'bench' },
    { ...place, id: 'source', type: 'bench-source', wires: [['ask']] },
    by === 'core'
      ? { ...asking, type: 'http request', persist: true, paytoqs: 'ignore', headers: [], authType: '', senderr: true }
      : { ...asking, type: 'chartwire-http2-request', client: 'client' },
    ...(by === 'ours'
      ? [{ id: 'client', type: 'chartwire-http2-client', protocol: version === 2 ? 'h2' : 'http/1.1' }]
      : []),
    { ...place, id: 'end', type: 'bench-end', wires: [] },
  ];
}

function http2Asker(url: string, body: Buffer | undefined): Ask {
  const { pathname } = new URL(url);
  const session = connect(url);
  const headers = { ':path': pathname, ':method': body === undefined ? 'GET' : 'POST' };
  const length = body === undefined ? {} : { 'content-length': body.length };
  return () =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ...headers, ...length }, { endStream: body === undefined });
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => resolve(void Buffer.concat(chunks)));
      stream.once('error', reject);
      if (body !== undefined) stream.end(body);
    });
}

function http1Asker(url: string, body: Buffer | undefined): Ask {
  const agent = new Agent({ keepAlive: true });
  const method = body === undefined ? 'GET' : 'POST';
  const headers = body === undefined ? {} : { 'content-length': body.length };
  return () =>
    new Promise((resolve, reject) => {
      const sent = http1Request(url, { agent, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => resolve(void Buffer.concat(chunks)));
      });
      sent.once('error', reject);
      sent.end(body);
    });
}

function undiciAsker(version: 1 | 2, url: string, body: Buffer | undefined, connections: number): Ask {
  const { origin, pathname } = new URL(url);
  const pool: Dispatcher =
    version === 1
      ? new Pool(origin, { connections })
      : new H2CClient(origin, { pipelining: 100, maxConcurrentStreams: 100 });
  return async () => {
    const { body: answered } = await pool.request({
      path: pathname,
      method: body === undefined ? 'GET' : 'POST',
      ...(body !== undefined && { body }),
    });
    await answered.arrayBuffer();
  };
}
