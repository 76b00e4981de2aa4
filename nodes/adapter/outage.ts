import type { LinkState } from '../../src/endpoint/link-state.ts';
import { errorLine } from '../../src/fault.ts';

/** Tells an outage once: when the first try fails, and again only when the reason changes or the link was up between. */
export function outageTeller(fail: (error: unknown) => void): (state: LinkState) => void {
  let told: string | undefined;
  return (state) => {
    if (state.name === 'up') told = undefined;
    if (state.name !== 'waiting' || errorLine(state.cause) === told) return;
    told = errorLine(state.cause);
    fail(state.cause);
  };
}
