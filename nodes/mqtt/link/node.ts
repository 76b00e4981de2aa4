import type { NodeAPI } from 'node-red';
import { nodeType } from '../../adapter/node-type.ts';
import { followStarts } from '../flows-run.ts';
import { mqttLinks, openMqttLink } from '../links.ts';
import { definition } from './definition.ts';

const register = nodeType(definition, ({ RED, node, services, settings }) =>
  mqttLinks.lend(node, () => openMqttLink(RED, services, settings)),
);

export default (RED: NodeAPI): void => {
  followStarts(RED);
  register(RED);
};
