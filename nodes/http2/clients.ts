import { HttpClient } from '../../src/http/client/index.ts';
import type { Fields } from '../../src/spec/field.ts';
import { readSettings } from '../../src/spec/settings.ts';
import type { NodeContext } from '../adapter/context.ts';
import type { Lease } from '../adapter/pool.ts';
import { Lending } from '../adapter/shared-link.ts';
import { definition } from './client/definition.ts';
import { clientSettingsOf } from './client/settings.ts';

/** A client, and what its settings let messages say. */
export interface LentClient extends AsyncDisposable {
  readonly client: HttpClient;
  /** A message may do without verification. */
  readonly allowUnverified: boolean;
}

/** The clients of the config nodes: one of each. */
export const httpClients = new Lending<undefined, LentClient>('chartwire-http2-client');

/** The client a node names, or one of its own with nothing but defaults. */
export async function borrowClient<F extends Fields>({
  RED,
  services,
  settings,
}: NodeContext<F> & { readonly settings: { readonly client: string } }): Promise<Lease<LentClient>> {
  if (settings.client !== '') return httpClients.borrow(RED, settings.client, undefined);
  const side = lent(new HttpClient(clientSettingsOf(services, readSettings(definition, {}))), false);
  return { side, release: async () => side[Symbol.asyncDispose]() };
}

export const lent = (client: HttpClient, allowUnverified: boolean): LentClient => ({
  client,
  allowUnverified,
  [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
});
