import type { Link, Source } from '../../../src/endpoint/endpoint.ts';
import { payload, type Side } from '../side.ts';

/** Any of our endpoints as a side: the contract is the same for all. */
export async function sideOf(link: Link, source: Source): Promise<Side> {
  let received = 0;
  const reader = source.receive();
  void (async () => {
    for await (const _message of reader) received += 1;
  })();
  await link.ready();
  return { send: () => link.send({ topic: 'bench/one', payload }), received: () => received };
}
