import { openAsker, type Ask, type Asker } from '../../http/ask.ts';
import { catching, startNodeRed, tab, type StoredNode, type TestNodeRed } from '../../support/node-red.ts';

export interface HttpWorld {
  readonly nodeRed: TestNodeRed;
  /** Asks at the front door, as somebody it knows. */
  readonly asker: Asker;
  /** A flow of these nodes, whose errors arrive at the sink `caught`; its routes are there when it resolves. */
  readonly deploy: (...nodes: StoredNode[]) => Promise<void>;
  /** The same over HTTP/1.1 and over HTTP/2; `who` asks instead of {@link asker}. */
  readonly overBoth: (check: (ask: Ask) => Promise<void>, who?: Asker) => Promise<void>;
}

/** One Node-RED for all tests of a `describe`, in which it is called. */
export function httpWorld(): HttpWorld {
  let nodeRed: TestNodeRed;
  let asker: Asker;
  before(async () => {
    nodeRed = await startNodeRed();
    const { door, identity } = nodeRed.services;
    asker = await openAsker(`https://127.0.0.1:${door.port}`, identity);
  });
  after(async () => {
    await asker[Symbol.asyncDispose]();
    await nodeRed.stop();
  });
  return {
    get nodeRed() {
      return nodeRed;
    },
    get asker() {
      return asker;
    },
    async deploy(...nodes) {
      await nodeRed.deploy([tab, ...catching, ...nodes]);
      for (const { id, type } of nodes) if (type === 'chartwire-http2-in') await nodeRed.statusOf(id, /received/);
    },
    async overBoth(check, who = asker) {
      await check(who.http1);
      await check(who.http2);
    },
  };
}
