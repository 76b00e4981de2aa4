/** One entry of the catalogue: what was wrong (made from the details) and what to do next. */
interface Entry<Details> {
  what: (details: Details) => string;
  next: string;
}

const entry = <Details>(what: (details: Details) => string, next: string): Entry<Details> => ({ what, next });

/** Every error Chartwire can raise, by code. Match on `code`, never on text: two copies of this package may be loaded. */
export const faults = {
  ACTION_FORBIDDEN: entry<{ identity: string; action: string }>(
    ({ identity, action }) => `${identity} may not ${action}`,
    'use another certificate, or allow it in the access rules',
  ),
  ANSWER_MISSING: entry<{ topic: string; afterMs: number }>(
    ({ topic, afterMs }) => `nobody answered what was asked at ${topic} within ${afterMs} ms`,
    'check that somebody subscribes there and answers with the same correlation data, or wait longer',
  ),
  BIND_INSECURE: entry<{ host: string }>(
    ({ host }) => `refused to listen on ${host} without TLS`,
    'add --editor-tls (--tls-port for the broker alone), bind to 127.0.0.1, or accept the risk with --insecure',
  ),
  BODY_TOO_SLOW: entry<{ afterMs: number }>(
    ({ afterMs }) => `the body of the request was not whole after ${afterMs} ms`,
    'send it faster, or raise the time for bodies',
  ),
  CERTIFICATE_UNUSABLE: entry<{ file: string; reason: string }>(
    ({ file, reason }) => `the certificate file ${file} cannot be used: ${reason}`,
    'restore it from a backup, or remove the folder to start with a new CA (every edge host must then join again)',
  ),
  CHART_FETCH_FAILED: entry<{ url: string; problem: string }>(
    ({ url, problem }) => `no chart could be fetched from ${url}: ${problem}`,
    'check the address, or download the chart and drop the file',
  ),
  CHART_INVALID: entry<{ file: string; line: number; column: number; expected: string }>(
    ({ file, line, column, expected }) => `${file}:${line}:${column}: expected ${expected}`,
    'correct the chart at that place; the flow was left as it was',
  ),
  CHART_LAYOUT_FAILED: entry<{ problem: string }>(
    ({ problem }) => `the chart could not be laid out: ${problem}`,
    'split the chart, and report it with its text',
  ),
  CIRCUIT_OPEN: entry<{ origin: string; retryInMs: number }>(
    ({ origin, retryInMs }) => `${origin} failed again and again, and is asked again in ${retryInMs} ms`,
    'check that it runs and is reachable; requests to it fail at once until then',
  ),
  COMMAND_UNKNOWN: entry<{ command: string; known: string }>(
    ({ command, known }) => `no command "${command}"; there are ${known}`,
    'see chartwire help',
  ),
  COMMAND_USAGE: entry<{ problem: string; usage: string }>(
    ({ problem, usage }) => `${problem}; usage: ${usage}`,
    'see chartwire help',
  ),
  CONFIG_MISSING: entry<{ type: string; id: string }>(
    ({ type, id }) => `the ${type} node ${id} is missing or disabled`,
    'choose another in the settings of this node, or enable it, and deploy',
  ),
  CONTROL_FAILED: entry<{ answer: string }>(({ answer }) => `the running Chartwire answered: ${answer}`, 'see its log'),
  CONTROL_MALFORMED: entry<{ problem: string }>(
    ({ problem }) => `the body of the request is not JSON: ${problem}`,
    'send JSON, or nothing',
  ),
  CONTROL_REFUSED: entry<object>(
    () => 'the request does not hold the token of control.json',
    'run the command as the user who started Chartwire, with the same --home',
  ),
  CREDENTIALS_REFUSED: entry<{ problem: string }>(
    ({ problem }) => `the request does not say who asks: ${problem}`,
    'send the credentials that www-authenticate asks for',
  ),
  ENCODING_REFUSED: entry<{ encoding: string }>(
    ({ encoding }) => `the content encoding ${encoding} is not taken`,
    'send the payload as it is',
  ),
  FAR_SIDE_GONE: entry<{ url: string }>(({ url }) => `no connection to ${url}`, 'check that it runs and is reachable'),
  FAR_SIDE_REFUSED: entry<{ url: string; answer: string }>(
    ({ url, answer }) => `${url} refused the message: ${answer}`,
    'see its log for the reason; sending the same again will not help',
  ),
  FAR_SIDE_SLOW: entry<{ limitBytes: number }>(
    ({ limitBytes }) => `the far side takes less than it is sent, and ${limitBytes} bytes wait for it`,
    'send less, raise maxBufferedBytes, or choose what to drop',
  ),
  FAR_SIDE_UNTRUSTED: entry<{ url: string; reason: string }>(
    ({ url, reason }) => `the certificate of ${url} is not trusted (${reason})`,
    'add its CA to the link, or reach it by a name its certificate holds',
  ),
  FILE_DAMAGED: entry<{ file: string; reason: string }>(
    ({ file, reason }) => `${file} is damaged: ${reason}`,
    'restore it from a backup, or remove it to begin anew without what it held',
  ),
  FILE_UNREADABLE: entry<{ file: string; reason: string }>(
    ({ file, reason }) => `cannot read ${file}: ${reason}`,
    'check the path and its permissions',
  ),
  HANDSHAKE_INVALID: entry<{ problem: string }>(
    ({ problem }) => `this is no WebSocket handshake: ${problem}`,
    'correct the client (RFC 6455, 4.1)',
  ),
  HOME_LOCKED: entry<{ home: string; pid: number }>(
    ({ home, pid }) => `${home} is in use by process ${pid}`,
    'stop that process, or give another --home',
  ),
  HOSTS_SILENT: entry<{ afterMs: number }>(
    ({ afterMs }) => `not every edge host said within ${afterMs} ms what became of the release`,
    'see chartwire fleet hosts in a while: they go on with it',
  ),
  IDENTITY_MISSING: entry<object>(
    () => 'this needs a client certificate',
    'connect with a certificate signed by the CA of the far side',
  ),
  JOIN_CODE_INVALID: entry<{ problem: string }>(
    ({ problem }) => `the join code is not valid: ${problem}`,
    'ask the controller for a new one and copy it whole',
  ),
  JOIN_REFUSED: entry<{ url: string; answer: string }>(
    ({ url, answer }) => `${url} did not let this host join: ${answer}`,
    'ask the controller for a new join code',
  ),
  LINK_CALL_UNANSWERED: entry<{ target: string; afterMs: number }>(
    ({ target, afterMs }) => `the flow that begins at ${target} did not return within ${afterMs} ms`,
    'end it with a link out node in return mode, or give node.linkcall a longer timeout',
  ),
  LINK_CLOSED: entry<{ url: string }>(({ url }) => `the link to ${url} is closed`, 'open a new link'),
  LINK_REFUSED: entry<{ url: string; answer: string }>(
    ({ url, answer }) => `${url} refused the connection: ${answer}`,
    'check the name, secret, certificate and rights of this link there',
  ),
  LISTENER_FULL: entry<{ limit: number }>(
    ({ limit }) => `the listener has its limit of ${limit} far sides`,
    'try again later, or raise maxClients',
  ),
  MESSAGE_INVALID: entry<{ problem: string }>(
    ({ problem }) => `the message is not valid: ${problem}`,
    'correct the sender, or the schema',
  ),
  METHOD_REFUSED: entry<{ method: string; allow: string }>(
    ({ method, allow }) => `${method} is not served here, only ${allow}`,
    'use one of those methods',
  ),
  MIDDLEWARE_UNUSABLE: entry<{ file: string; problem: string }>(
    ({ file, problem }) => `the middleware of ${file} cannot be used: ${problem}`,
    'export a function (request, response, next), an Express router, or a list of them',
  ),
  NODE_CLOSED: entry<{ node: string }>(({ node }) => `${node} was closed`, 'deploy it again to go on'),
  NODE_UNKNOWN: entry<{ id: string }>(({ id }) => `no node ${id} of ours runs here`, 'deploy the flow first'),
  NOTHING_PROPOSED: entry<{ problem: string }>(
    ({ problem }) => `there is nothing to try: ${problem}`,
    'wait until the status shows a proposal',
  ),
  NOT_RUNNING: entry<{ home: string }>(
    ({ home }) => `no Chartwire runs on ${home}`,
    'start it with chartwire start, or name its home with --home',
  ),
  NO_BRANCH: entry<{ reason: string }>(
    ({ reason }) => `no branch can take the message: ${reason}`,
    'bring a branch up, or let the device speak more protocols',
  ),
  ORIGIN_FOREIGN: entry<{ origin: string }>(
    ({ origin }) => `a page of ${origin} may not connect here`,
    'open the page from this address, or connect from a program',
  ),
  PATH_TAKEN: entry<{ path: string }>(({ path }) => `${path} is served already`, 'choose another path'),
  PATH_UNKNOWN: entry<{ path: string }>(({ path }) => `nothing is served at ${path}`, 'check the address'),
  PAYLOAD_TOO_LARGE: entry<{ sizeBytes: number; limitBytes: number | 'the far side' }>(
    ({ sizeBytes, limitBytes }) => `a payload of ${sizeBytes} bytes exceeds the limit of ${limitBytes}`,
    'send less at once, or raise maxPayloadBytes on both sides',
  ),
  PEER_UNKNOWN: entry<{ peer: string }>(
    ({ peer }) => `no peer called ${peer} is connected`,
    'check the name against the allowed peers, or wait until it has joined',
  ),
  PORT_TAKEN: entry<{ port: number; setting: string }>(
    ({ port, setting }) => `port ${port} (${setting}) is taken`,
    'free it or choose another (0 takes any free port)',
  ),
  PROTOCOL_SHUT: entry<{ protocol: string }>(
    ({ protocol }) => `${protocol} is shut on this front door`,
    'open it with chartwire door open',
  ),
  QUEUE_FULL: entry<{ queue: string; limit: number }>(
    ({ queue, limit }) => `${queue} holds its limit of ${limit} messages`,
    'slow the sender, or raise the limit',
  ),
  RATE_EXCEEDED: entry<{ source: string; perSecond: number }>(
    ({ source, perSecond }) => `${source} asks more than ${perSecond} times a second`,
    'ask less often, or raise the limit',
  ),
  RELEASE_DIGEST_MISMATCH: entry<{ part: string; expected: string; actual: string }>(
    ({ part, expected, actual }) => `${part} of the release hash to ${actual}, not to ${expected}`,
    'ship the release again; if it comes back, the path to the host changes data',
  ),
  RELEASE_INVALID: entry<{ problem: string }>(
    ({ problem }) => `the release cannot be used: ${problem}`,
    'correct the flow and ship it again',
  ),
  RELEASE_REFUSED: entry<{ hosts: number; of: number; reason: string }>(
    ({ hosts, of, reason }) => `${hosts} of ${of} hosts went back to their last good release: ${reason}`,
    'mend the flow and ship it again',
  ),
  RELEASE_SIGNATURE_INVALID: entry<{ keyId: string; problem: 'did not sign this' | 'is not trusted here' }>(
    ({ keyId, problem }) => `the release is not signed as it must be: release key ${keyId.slice(0, 16)} ${problem}`,
    'ship the release from the controller this host has joined',
  ),
  RELEASE_TOO_OLD: entry<{ version: number; committedVersion: number }>(
    ({ version, committedVersion }) =>
      `release version ${version} is not newer than ${committedVersion}, which this host has committed`,
    'ship the old flow as a new release',
  ),
  REQUEST_FAILED: entry<object>(() => 'the request could not be served', 'see the log for the reason'),
  REQUEST_TIMED_OUT: entry<{ url: string; waitedFor: string; afterMs: number }>(
    ({ url, waitedFor, afterMs }) => `${url}: no ${waitedFor} within ${afterMs} ms`,
    'check the far side, or wait longer; the request may have been processed',
  ),
  REQUEST_UNTRUSTED: entry<{ reason: string }>(
    ({ reason }) => `the certificate request was refused: ${reason}`,
    'make a new request on the host that wants the certificate',
  ),
  RESPONSE_INVALID: entry<{ url: string; problem: string }>(
    ({ url, problem }) => `the response of ${url} cannot be used: ${problem}`,
    'check the far side',
  ),
  RESPONSE_LATE: entry<{ path: string }>(
    ({ path }) => `the request for ${path} has its answer already, or nobody waits for it any more`,
    'answer each request once, and within the time of its listener',
  ),
  RESPONSE_MISSING: entry<{ path: string; afterMs: number }>(
    ({ path, afterMs }) => `nothing answered the request for ${path} within ${afterMs} ms`,
    'lead the flow to a response node on every way, or raise the time for answers',
  ),
  RESPONSE_TOO_LARGE: entry<{ url: string; limitBytes: number }>(
    ({ url, limitBytes }) => `the response of ${url} exceeds the limit of ${limitBytes} bytes`,
    'ask for less at once, take it chunk by chunk, or raise maxResponseBytes',
  ),
  RESPONSE_UNKNOWN: entry<object>(
    () => 'the message answers no request',
    'keep msg.res of the message that came from the http2 in node',
  ),
  SCRIPT_TIMEOUT: entry<{ limitInMs: number }>(
    ({ limitInMs }) => `the script kept the processor busy for longer than its limit of ${limitInMs} ms`,
    'mend a loop without end, or raise the time limit',
  ),
  SEND_TIMED_OUT: entry<{ url: string; afterMs: number }>(
    ({ url, afterMs }) => `${url} did not accept the message within ${afterMs} ms`,
    'check the far side; the message may have arrived',
  ),
  SETTINGS_INVALID: entry<{ problems: string }>(
    ({ problems }) => `wrong settings: ${problems}`,
    'correct the settings',
  ),
  STORE_DAMAGED: entry<{ problem: string }>(
    ({ problem }) => `the release store is damaged: ${problem}`,
    'check the disk; the controller sends the release again',
  ),
  TYPE_MISSING: entry<{ type: string }>(
    ({ type }) => `no node of type "${type}" is installed`,
    'install the palette module that has it and start Chartwire again, or remove the node',
  ),
  WEBRTC_MISSING: entry<{ platform: string; reason: string }>(
    ({ platform, reason }) => `WebRTC cannot be loaded on ${platform}: ${reason}`,
    'reach the peer by its address or through a relay, or install node-datachannel for this platform',
  ),
} satisfies Record<string, Entry<never>>;

export type FaultCode = keyof typeof faults;
export type FaultDetails<Code extends FaultCode> = (typeof faults)[Code] extends Entry<infer Details> ? Details : never;

/** What should not happen: has a stable code, typed details and its cause. A missing detail does not compile. */
export class Fault<Code extends FaultCode = FaultCode> extends Error {
  readonly code: Code;
  readonly details: FaultDetails<Code>;
  readonly next: string;

  constructor(code: Code, details: FaultDetails<Code>, options?: ErrorOptions) {
    const { what, next } = faults[code] as Entry<FaultDetails<Code>>;
    super(what(details), options);
    this.name = 'Fault';
    this.code = code;
    this.details = details;
    this.next = next;
  }

  /** The form every command prints: `CODE: what; what to do`. */
  get line(): string {
    return `${this.code}: ${this.message}; ${this.next}`;
  }

  /** The form every answer over HTTP has. */
  toJSON(): { code: Code; message: string; next: string } {
    return { code: this.code, message: this.message, next: this.next };
  }
}

/** True for a fault of any loaded copy of this package. */
export function isFault(error: unknown): error is Fault {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in faults;
}

/** What to do about errors of the operating system. */
const systemAdvice: Readonly<Partial<Record<string, string>>> = {
  EACCES: 'check the permissions there',
  EADDRNOTAVAIL: 'use an address this machine has',
  EDQUOT: 'make room on that disk',
  EISDIR: 'move away the folder that stands where a file belongs',
  EMFILE: 'raise the limit of open files (ulimit -n)',
  ENOENT: 'check the path',
  ENOSPC: 'make room on that disk',
  ENOTDIR: 'check the path',
  EPERM: 'check the permissions there',
  EROFS: 'use a place that can be written to',
};

/** One line for any thrown value, in the form of {@link Fault.line} as far as it is known what to do. */
export function errorLine(error: unknown): string {
  if (error instanceof Fault) return error.line;
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error)) return error.message;
  const code = String(error.code);
  const what = error.message.startsWith(`${code}: `) ? error.message : `${code}: ${error.message}`;
  const next = systemAdvice[code];
  return next === undefined ? what : `${what}; ${next}`;
}
