import type { Node } from 'node-red';
import type { SiteResponse } from '../../../src/http/site-response.ts';

/** Gives the figures of each answer the core http in node gives; undefined: nobody collects them. */
export function answerMetrics(node: Node): ((id: string, response: SiteResponse) => void) | undefined {
  if ((node.metric as () => unknown)() !== true) return undefined;
  return (_msgid, response) => {
    const since = performance.now();
    let length: number | undefined;
    response.onLength = (bytes) => (length = bytes);
    response.exchange.onOver(() => {
      const message = { _msgid } as never;
      node.metric('response.time.millis', message, Number((performance.now() - since).toFixed(3)));
      if (length !== undefined) node.metric('response.content-length.bytes', message, length);
    });
  };
}
