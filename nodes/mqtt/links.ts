import type { NodeAPI } from 'node-red';
import type { Services } from '../../src/app/services.ts';
import { Fault } from '../../src/fault.ts';
import type { Fields, SettingsOf } from '../../src/spec/field.ts';
import type { ProtocolLevel } from '../../src/wire/mqtt/index.ts';
import type { NodeContext } from '../adapter/context.ts';
import { limitsOf, trustOf } from '../adapter/link-settings.ts';
import { ownAddress } from '../adapter/own-address.ts';
import { Pool, type Lease } from '../adapter/pool.ts';
import { Lending } from '../adapter/shared-link.ts';
import { announcementOf, pairsOf } from './announcement.ts';
import { authenticationOf } from './authentication.ts';
import { BrokerSides } from './broker-sides.ts';
import { flowsRun } from './flows-run.ts';
import { type definition, FLEET } from './link/definition.ts';
import type { SharedClient, SharedSettings } from './shared-client.ts';
import type { MqttSide } from './side.ts';

type LinkSettings = SettingsOf<typeof definition.fields>;

/** Connections of the config nodes. */
export const mqttLinks = new Lending<undefined, BrokerSides>('chartwire-mqtt-link');

/** The ways to our own broker, for nodes that name no config node. */
const ownLinks = new WeakMap<Services, Pool<undefined, BrokerSides>>();

const LEVELS: Readonly<Record<LinkSettings['protocolVersion'], ProtocolLevel>> = { '3': 3, '4': 4, '5': 5 };

type LinkUser<F extends Fields> = NodeContext<F> & { readonly settings: { readonly link: string } };

/** The broker a node's settings name; our own when they name none. */
export async function borrowMqtt<F extends Fields>(context: LinkUser<F>): Promise<Lease<MqttSide>> {
  const { side, release } = await borrow(context);
  return { side: side.any, release };
}

/** The same through a socket, whichever broker it is. */
export async function borrowClient<F extends Fields>(context: LinkUser<F>): Promise<Lease<SharedClient>> {
  const { side, release } = await borrow(context);
  return { side: side.socket, release };
}

/** Opens what a config node describes. Throws SETTINGS_INVALID. */
export function openMqttLink(RED: NodeAPI, services: Services, settings: LinkSettings): BrokerSides {
  const isFar = settings.url === FLEET && services.controller !== undefined;
  const embedded = isPlain(settings) && !isFar ? services.broker : undefined;
  return new BrokerSides(sharedSettings(RED, services, settings), afterStart(RED), embedded);
}

function borrow<F extends Fields>({ RED, services, settings }: LinkUser<F>): Promise<Lease<BrokerSides>> {
  if (settings.link !== '') return mqttLinks.borrow(RED, settings.link, undefined);
  let own = ownLinks.get(services);
  if (own === undefined) {
    own = new Pool('our own broker', () => openOwn(RED, services));
    ownLinks.set(services, own);
  }
  return own.borrow(undefined);
}

function openOwn(RED: NodeAPI, services: Services): BrokerSides {
  const own = { url: ownAddress(services, 'mqtts'), tls: services.identity };
  return new BrokerSides({ ...own, autoConnect: true, autoUnsubscribe: false }, afterStart(RED), services.broker);
}

/** When all nodes of a start have subscribed. */
function afterStart(RED: NodeAPI): (act: () => void) => void {
  return (act) => void flowsRun(RED).then(() => setImmediate(act));
}

/** A link to our own broker that asks for nothing only a connection can have: who we are, a session, a will. */
function isPlain(settings: LinkSettings): boolean {
  const { url, autoConnect, username, cert, key, clientId, sessionExpirySeconds, protocolVersion } = settings;
  const { birthTopic, closeTopic, willTopic, authenticationMethod, userProps } = settings;
  const said = [
    url === FLEET ? '' : url,
    username,
    cert,
    key,
    clientId,
    birthTopic,
    closeTopic,
    willTopic,
    authenticationMethod,
  ];
  const asksNothing = said.every((text) => text === '') && userProps.length === 0 && sessionExpirySeconds === 0;
  return asksNothing && autoConnect && protocolVersion === '5';
}

function sharedSettings(RED: NodeAPI, services: Services, settings: LinkSettings): SharedSettings {
  const { url, clientId, username, password, sessionExpirySeconds, proxy, protocolVersion } = settings;
  const { authenticationMethod, authenticationData, receiveMaximum, maximumPacketSize, userProps } = settings;
  if (sessionExpirySeconds > 0 && clientId === '') {
    throw new Fault('SETTINGS_INVALID', { problems: 'a session that is kept needs a client id' });
  }
  const own = url === FLEET ? services.controller : undefined;
  const address = own?.url ?? (url === '' || url === FLEET ? ownAddress(services, 'mqtts') : url);
  const secure = /^(mqtts|wss):/.test(address);
  const birth = announcementOf(birthOf(settings));
  const farewell = announcementOf(closeOf(settings));
  const will = announcementOf(willOf(settings));
  const tls = own?.tls ?? trustOf(services, settings);
  return {
    url: address,
    ...(secure && { tls }),
    level: LEVELS[protocolVersion],
    ...limitsOf(settings),
    ...(proxy !== '' && { proxy }),
    ...(clientId !== '' && { clientId }),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(authenticationMethod !== '' && {
      authentication: authenticationOf(RED, authenticationMethod, authenticationData),
    }),
    cleanStart: settings.cleansession,
    sessionExpirySeconds,
    ...(receiveMaximum > 0 && { receiveMaximum }),
    ...(maximumPacketSize > 0 && { maximumPacketSize }),
    topicAliasMaximum: settings.topicAliasMaximum,
    useTopicAliases: settings.useTopicAliases,
    followRedirects: settings.followRedirects,
    ...(userProps.length > 0 && { userProperties: pairsOf(userProps) }),
    ...(birth !== undefined && { birth }),
    ...(farewell !== undefined && { farewell }),
    ...(will !== undefined && { will: { ...will, qos: will.qos ?? 0, retain: will.retain ?? false } }),
    autoConnect: settings.autoConnect,
    autoUnsubscribe: settings.autoUnsubscribe,
  };
}

const birthOf = (settings: LinkSettings) => ({
  topic: settings.birthTopic,
  payload: settings.birthPayload,
  qos: settings.birthQos,
  retain: settings.birthRetain,
  contentType: settings.birthContentType,
  userProperties: settings.birthUserProps,
  responseTopic: settings.birthResponseTopic,
  correlationData: settings.birthCorrelationData,
  expiry: settings.birthExpiry,
});

const closeOf = (settings: LinkSettings) => ({
  topic: settings.closeTopic,
  payload: settings.closePayload,
  qos: settings.closeQos,
  retain: settings.closeRetain,
  contentType: settings.closeContentType,
  userProperties: settings.closeUserProps,
  responseTopic: settings.closeResponseTopic,
  correlationData: settings.closeCorrelationData,
  expiry: settings.closeExpiry,
});

const willOf = (settings: LinkSettings) => ({
  topic: settings.willTopic,
  payload: settings.willPayload,
  qos: settings.willQos,
  retain: settings.willRetain,
  contentType: settings.willContentType,
  userProperties: settings.willUserProps,
  responseTopic: settings.willResponseTopic,
  correlationData: settings.willCorrelationData,
  expiry: settings.willExpiry,
  delay: settings.willDelay,
});
