import { createHash } from 'node:crypto';
import type { Services } from '../../src/app/services.ts';
import type { Link } from '../../src/endpoint/endpoint.ts';
import { defaultLimits, fillLimits, type FilledLimits } from '../../src/endpoint/limits.ts';
import { mqttEndpoint, type MqttLinkSettings, type Qos } from '../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../src/fault.ts';
import type { Fields, SettingsOf } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import { limitsOf, trustOf } from '../adapter/link-settings.ts';
import { ownAddress } from '../adapter/own-address.ts';
import { Pool, type Lease } from '../adapter/pool.ts';
import { Lending } from '../adapter/shared-link.ts';
import type { definition } from './link/definition.ts';

/** MQTT says at its connection what is subscribed to and how messages are published: each wish has one of its own. */
export type MqttWish = Pick<MqttLinkSettings, 'qos' | 'retain' | 'subscribe'>;

/** Links of the config nodes. */
export const mqttLinks = new Lending<MqttWish, Link>('chartwire-mqtt-link');

/** Links to our own broker, for nodes that name no config node. */
const ownLinks = new WeakMap<Services, Pool<MqttWish, Link>>();

const limitsByLink = new WeakMap<Link, FilledLimits>();

/** The limits a link was opened with. */
export const linkLimits = (link: Link): FilledLimits => limitsByLink.get(link) ?? defaultLimits;

/** The link a node's settings name; to our own broker when they name none. */
export function borrowMqtt<F extends Fields>(
  { RED, services, settings }: NodeContext<F> & { readonly settings: { readonly link: string } },
  wish: MqttWish,
): Promise<Lease<Link>> {
  if (settings.link !== '') return mqttLinks.borrow(RED, settings.link, wish);
  let own = ownLinks.get(services);
  if (own === undefined) {
    const open = (wished: MqttWish): Link =>
      mqttEndpoint.connect({ url: ownAddress(services, 'mqtts'), tls: services.identity, ...wished });
    own = new Pool('our own broker', open);
    ownLinks.set(services, own);
  }
  return own.borrow(wish);
}

/** Opens the connection a config node describes. Throws SETTINGS_INVALID. */
export function openMqttLink(services: Services, settings: SettingsOf<typeof definition.fields>, wish: MqttWish): Link {
  const { url, clientId, username, password, sessionExpirySeconds } = settings;
  if (sessionExpirySeconds > 0 && clientId === '') {
    throw new Fault('SETTINGS_INVALID', { problems: 'a session that is kept needs a client id' });
  }
  const limits = limitsOf(settings);
  const link = mqttEndpoint.connect({
    url: url === '' ? ownAddress(services, 'mqtts') : url,
    tls: trustOf(services, settings),
    ...limits,
    ...(clientId !== '' && { clientId: `${clientId}-${wishId(wish)}` }),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    sessionExpirySeconds,
    ...wish,
  });
  limitsByLink.set(link, fillLimits(limits));
  return link;
}

/** The figure that stands behind a choice or in `msg.qos`. Throws MESSAGE_INVALID. */
export function qosOf(value: unknown): Qos {
  const qos = Number(value);
  if (qos === 0 || qos === 1 || qos === 2) return qos;
  throw new Fault('MESSAGE_INVALID', { problem: `QoS ${String(value)} is none of 0, 1 and 2` });
}

/** The same after a restart, so that a session is found again; different for each wish, as client ids must be. */
function wishId(wish: MqttWish): string {
  return createHash('sha256').update(JSON.stringify(wish)).digest('hex').slice(0, 8);
}
