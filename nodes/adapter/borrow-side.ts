import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import { Fault } from '../../src/fault.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from './context.ts';
import type { Lease } from './pool.ts';
import type { Lending } from './shared-link.ts';

/** The link or the listener a node's settings name. Rejects with SETTINGS_INVALID unless they name one of the two. */
export async function borrowSide<F extends Fields>(
  { RED, settings }: NodeContext<F> & { readonly settings: { readonly link: string; readonly listener: string } },
  links: Lending<undefined, Link>,
  listeners: Lending<undefined, Listener>,
): Promise<Lease<Link | Listener>> {
  const { link, listener } = settings;
  if ((link === '') === (listener === '')) {
    throw new Fault('SETTINGS_INVALID', { problems: 'choose a link or a listener, and not both' });
  }
  return link === '' ? listeners.borrow(RED, listener, undefined) : links.borrow(RED, link, undefined);
}
