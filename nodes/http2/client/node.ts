import { HttpClient } from '../../../src/http/client/index.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { httpClients, lent } from '../clients.ts';
import { definition } from './definition.ts';
import { clientSettingsOf } from './settings.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  httpClients.lend(node, () => lent(new HttpClient(clientSettingsOf(services, settings)), settings.allowUnverified)),
);
