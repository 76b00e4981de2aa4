import type { Fault } from '../../fault.ts';
import type { FarClient } from './far-client.ts';
import type { Packed } from './packed.ts';

/** To one far side: the promise is there when it has to wait. */
export function sentTo(client: FarClient, plain: Packed): Promise<void> | undefined {
  let settled: Fault | true | undefined;
  let settle: ((fault?: Fault) => void) | undefined;
  const isGone = client.connection.send(plain, (fault) => {
    settled = fault ?? true;
    settle?.(fault);
  });
  if (isGone) return undefined;
  if (settled !== undefined && settled !== true) return Promise.reject(settled);
  return new Promise((resolve, reject) => {
    settle = (fault) => (fault === undefined ? resolve() : reject(fault));
  });
}
