import { nodeType } from '../../adapter/node-type.ts';
import { mqttLinks, openMqttLink } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  mqttLinks.lend(node, (wish) => openMqttLink(services, settings, wish)),
);
