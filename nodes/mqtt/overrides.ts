import { Fault } from '../../src/fault.ts';
import type { ProtocolLevel } from '../../src/wire/mqtt/index.ts';
import { addressOf } from '../../src/address.ts';
import { announcementOf, pairsOf, type AnnouncementSettings } from './announcement.ts';
import type { SharedSettings } from './shared-client.ts';

/** A keep alive of the standard is two thirds of the longest silence. */
const SILENCE_PER_KEEP_ALIVE_MS = 1500;

/** What `msg.broker` of the core nodes says about a connection, over the settings of the link. Throws SETTINGS_INVALID. */
export function overriddenBy(stored: SharedSettings, broker: unknown): { force: boolean; settings: SharedSettings } {
  if (typeof broker !== 'object' || broker === null) return { force: false, settings: stored };
  const said: Readonly<Record<string, unknown>> = { ...broker };
  if (said['verifyservercert'] === false) throw invalid('the certificate of a broker is always verified');
  const keepAlive = figure(said, 'keepalive', 65_535);
  const receiveMaximum = figure(said, 'receiveMaximum', 65_535);
  const maximumPacketSize = figure(said, 'maximumPacketSize', 268_435_460);
  const topicAliasMaximum = figure(said, 'topicAliasMaximum', 65_535);
  const expiry = figure(said, 'sessionExpiryInterval', 4_294_967_295) ?? figure(said, 'sessionExpiry', 4_294_967_295);
  const clean = flag(said, 'cleansession') ?? flag(said, 'cleanstart');
  const userProperties = pairsOf(said['userProperties']);
  const level = levelOf(said);
  const settings: SharedSettings = {
    ...stored,
    url: urlOf(stored.url, said),
    ...(level !== undefined && { level }),
    ...(typeof said['clientid'] === 'string' && { clientId: said['clientid'] }),
    ...(typeof said['username'] === 'string' && { username: said['username'] }),
    ...(typeof said['password'] === 'string' && { password: said['password'] }),
    ...(keepAlive !== undefined && { keepAliveMs: keepAlive * SILENCE_PER_KEEP_ALIVE_MS }),
    ...(clean !== undefined && { cleanStart: clean }),
    ...(expiry !== undefined && { sessionExpirySeconds: expiry }),
    ...(clean === false &&
      expiry === undefined &&
      level !== 5 && { sessionExpirySeconds: stored.sessionExpirySeconds || 1 }),
    ...(receiveMaximum !== undefined && { receiveMaximum }),
    ...(maximumPacketSize !== undefined && { maximumPacketSize }),
    ...(topicAliasMaximum !== undefined && { topicAliasMaximum }),
    ...(userProperties.length > 0 && { userProperties }),
    autoConnect: flag(said, 'autoConnect') ?? stored.autoConnect,
    autoUnsubscribe: flag(said, 'autoUnsubscribe') ?? stored.autoUnsubscribe,
    ...announcements(said),
  };
  return { force: said['force'] === true, settings };
}

function urlOf(stored: string, said: Readonly<Record<string, unknown>>): string {
  const { url, broker, port, usetls } = said;
  const given = typeof url === 'string' && url !== '' ? url : typeof broker === 'string' ? broker : '';
  const before = new URL(stored);
  const secure = typeof usetls === 'boolean' ? usetls : undefined;
  let next = before;
  if (given.includes('://')) {
    if (!URL.canParse(given)) throw invalid(`${given} is no address of a broker`);
    next = new URL(given);
  } else if (given !== '' || port !== undefined || secure !== undefined) {
    const scheme = secure === undefined ? before.protocol : secure ? 'mqtts:' : 'mqtt:';
    const host = given === '' ? before.hostname.replace(/^\[|\]$/g, '') : given;
    const number = Number(port ?? (before.port === '' ? (scheme === 'mqtts:' ? 8883 : 1883) : before.port));
    const address = `${scheme}//${addressOf(host, number)}`;
    if (!URL.canParse(address)) throw invalid(`${given} is no address of a broker`);
    next = new URL(address);
  }
  if (!/^(mqtts?|wss?|tcp|ssl):$/.test(next.protocol)) throw invalid(`${next.protocol} is no scheme of a broker`);
  return next.href;
}

function levelOf(said: Readonly<Record<string, unknown>>): ProtocolLevel | undefined {
  const { protocolVersion } = said;
  if (protocolVersion === undefined) return undefined;
  const level = Number(protocolVersion);
  if (level === 3 || level === 4 || level === 5) return level;
  throw invalid('the protocol version is none of 3, 4 and 5');
}

function announcements(said: Readonly<Record<string, unknown>>): Partial<SharedSettings> {
  const [birth, farewell, will] = ['birth', 'close', 'will'].map((name) => {
    const value = said[name];
    if (typeof value !== 'object' || value === null) return undefined;
    return announcementOf(coreNames(value));
  });
  return {
    ...(birth !== undefined && { birth }),
    ...(farewell !== undefined && { farewell }),
    ...(will !== undefined && { will: { ...will, qos: will.qos ?? 0, retain: will.retain ?? false } }),
  };
}

/** The core node takes the properties beside the message or in `properties`, by its own names or the standard's. */
function coreNames(value: object): AnnouncementSettings {
  const all: Readonly<Record<string, unknown>> = { ...value, ...Object(Reflect.get(value, 'properties')) };
  return {
    ...all,
    userProperties: all['userProperties'] ?? all['userProps'],
    responseTopic: all['responseTopic'] ?? all['respTopic'],
    correlationData: all['correlationData'] ?? all['correl'],
    expiry: all['expiry'] ?? all['messageExpiryInterval'],
    delay: all['delay'] ?? all['willDelayInterval'],
  };
}

function figure(said: Readonly<Record<string, unknown>>, name: string, max: number): number | undefined {
  const value = said[name];
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= max) return number;
  throw invalid(`${name} must be a whole number from 0 to ${max}`);
}

function flag(said: Readonly<Record<string, unknown>>, name: string): boolean | undefined {
  const value = said[name];
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalid(`${name} must be true or false`);
}

const invalid = (problem: string): Fault => new Fault('SETTINGS_INVALID', { problems: `msg.broker: ${problem}` });
