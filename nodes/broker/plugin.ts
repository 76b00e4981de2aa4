import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import type { Broker, SessionReport } from '../../src/broker/broker.ts';
import { topicFilterProblem } from '../../src/broker/topic.ts';
import { errorLine, Fault } from '../../src/fault.ts';
import { servicesOf } from '../adapter/services.ts';

/** Rows of one answer: the sidebar shows no more, and a million retained messages must stop nobody. */
const MOST_ROWS = 200;
/** Characters of a retained payload that are shown. */
const MOST_TEXT = 200;

/** The server side of the sidebar: lists what is at the broker, and ends connections. */
export default function brokerPlugin(RED: NodeAPI): void {
  // A headless runtime has no admin server.
  if (RED.httpAdmin === undefined) return;
  const may = (permission: string): ReturnType<typeof RED.auth.needsPermission> => RED.auth.needsPermission(permission);
  const list = (path: string, answer: (broker: Broker, request: Request) => object): void => {
    RED.httpAdmin.get(`/chartwire/broker/${path}`, may('chartwire-broker.read'), (request, response) => {
      run(RED, response, (broker) => answer(broker, request));
    });
  };
  list('clients', (broker) => ({ counts: broker.counts, ...firstOf(connected(broker)) }));
  list('sessions', (broker) => ({ counts: broker.counts, ...firstOf(broker.sessions()) }));
  list('retained', (broker, { query }) => {
    const filter = typeof query['filter'] === 'string' && query['filter'] !== '' ? query['filter'] : '#';
    const problem = topicFilterProblem(filter);
    if (problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem });
    const { rows, more } = firstOf(broker.retained(filter));
    const shown = rows.map(({ topic, payload, qos, from }) => ({
      topic,
      qos,
      from,
      bytes: payload.length,
      text: payload.toString('utf8', 0, MOST_TEXT),
    }));
    return { counts: broker.counts, rows: shown, more };
  });
  RED.httpAdmin.post('/chartwire/broker/kick', may('chartwire-broker.write'), (request, response) => {
    run(RED, response, (broker) => {
      const body: unknown = request.body;
      if (typeof body !== 'object' || body === null || !('clientId' in body) || typeof body.clientId !== 'string')
        throw new Fault('MESSAGE_INVALID', { problem: 'clientId is no text' });
      return { kicked: broker.kick(body.clientId, { forget: 'forget' in body && body.forget === true }) };
    });
  });
}

function run(RED: NodeAPI, response: Response, act: (broker: Broker) => object): void {
  servicesOf(RED)
    .then(({ broker }) => response.json(act(broker)))
    .catch((error: unknown) => {
      const wrong = error instanceof Fault;
      response
        .status(wrong ? 400 : 500)
        .json({ code: wrong ? error.code : 'REQUEST_FAILED', message: errorLine(error) });
    });
}

function* connected(broker: Broker): Generator<SessionReport> {
  for (const session of broker.sessions()) if (session.connected) yield session;
}

/** The first rows, and whether there are more. */
function firstOf<Row>(all: Iterable<Row>): { rows: Row[]; more: boolean } {
  const rows: Row[] = [];
  for (const row of all) {
    if (rows.length === MOST_ROWS) return { rows, more: true };
    rows.push(row);
  }
  return { rows, more: false };
}
