import { createSecureContext, getCACertificates } from 'node:tls';
import type { NodeAPI } from 'node-red';
import type { WebSocketTls } from '../../../src/endpoints/websocket/index.ts';
import { Fault } from '../../../src/fault.ts';

/** What a TLS configuration of Node-RED puts into the options of a connection. */
interface NodeTls {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  pfx?: Buffer;
  passphrase?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}

interface TlsNode {
  readonly valid?: boolean;
  addTLSOptions(options: NodeTls): NodeTls;
}

/** Who we are and whom we trust, as a TLS configuration node says it. Throws CONFIG_MISSING and SETTINGS_INVALID. */
export function tlsOfNode(RED: NodeAPI, id: string): WebSocketTls {
  const node = RED.nodes.getNode(id) as unknown as TlsNode | null | undefined;
  if (typeof node?.addTLSOptions !== 'function') throw new Fault('CONFIG_MISSING', { type: 'tls-config', id });
  if (node.valid === false) throw invalid('cannot be read; see the log');
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = node.addTLSOptions({});
  if (rejectUnauthorized === false) {
    throw invalid('does not verify the far side; switch that on, and name the CA that signed its certificate');
  }
  const tls: WebSocketTls = {
    ca: ca?.toString() ?? getCACertificates('default').join('\n'),
    ...(cert !== undefined && { cert: cert.toString() }),
    ...(key !== undefined && { key: key.toString() }),
    ...(pfx !== undefined && { pfx }),
    ...(passphrase !== undefined && { passphrase }),
    ...(servername !== undefined && servername !== '' && { servername }),
  };
  try {
    createSecureContext({ ...tls });
  } catch (error) {
    throw invalid(`cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  return tls;
}

function invalid(problem: string): Fault {
  return new Fault('SETTINGS_INVALID', { problems: `the TLS configuration ${problem}` });
}
