import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FlowMessage } from '../../../../nodes/adapter/message.ts';
import { catching, sink, startNodeRed, tab, type StoredNode, type TestNodeRed } from '../../../support/node-red.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** What {@link mirror} saw of a request. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly version: string;
  readonly body: string;
}

/** Tells in its response what was asked. */
export function mirror(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers, httpVersion: version } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, version, body: Buffer.concat(chunks).toString() }));
  });
}

export const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;

/** A request node, `ours`, in front of the sink `answers`. */
export const request = (settings: Settings): StoredNode => ({
  id: 'ours',
  type: 'chartwire-http2-request',
  z: tab.id,
  wires: [['answers']],
  client: '',
  ...settings,
});

/** The config node `client`, with short pauses. */
export const client = (settings: Settings): StoredNode => ({
  id: 'client',
  type: 'chartwire-http2-client',
  retryFirstMs: 1,
  retryLongestMs: 20,
  ...settings,
});

export interface World {
  readonly nodeRed: () => TestNodeRed;
  readonly deploy: (...nodes: StoredNode[]) => Promise<void>;
  /** What becomes of one message: what the node emits, or what Catch gets. */
  readonly ask: (settings: Settings, message: FlowMessage, shared?: Settings) => Promise<FlowMessage>;
}

/** A Node-RED for the tests of one `describe`. */
export function requestWorld(): World {
  let nodeRed: TestNodeRed;
  before(async () => (nodeRed = await startNodeRed()));
  after(async () => {
    await nodeRed.deploy([tab]);
    await nodeRed.stop();
  });
  const deploy: World['deploy'] = (...nodes) => nodeRed.deploy([tab, ...catching, sink('answers'), ...nodes]);
  // What nodes of these ids have for secrets is forgotten.
  beforeEach(() => deploy());
  return {
    nodeRed: () => nodeRed,
    deploy,
    async ask(settings, message, shared) {
      const named = shared === undefined ? {} : { client: 'client' };
      await deploy(request({ ...settings, ...named }), ...(shared === undefined ? [] : [client(shared)]));
      nodeRed.send('ours', message);
      const [answer] = await Promise.race([nodeRed.receivedBy('answers', 1), nodeRed.receivedBy('caught', 1)]);
      return answer!;
    },
  };
}
