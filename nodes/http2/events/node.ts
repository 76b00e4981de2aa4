import { Fault } from '../../../src/fault.ts';
import { CookieJar, EventSource, type HttpRequest, type ServerEvent } from '../../../src/http/client/index.ts';
import { linkStatus } from '../../adapter/link-status.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { outageTeller } from '../../adapter/outage.ts';
import { authorizationOf } from '../authorization.ts';
import { borrowClient } from '../clients.ts';
import { headerRows } from '../header-rows.ts';
import { addressOf } from '../request/address.ts';
import { Headers } from '../request/headers.ts';
import { definition } from './definition.ts';
import { keepEventId, keptEventId } from './last-event.ts';

export default nodeType(definition, async (context) => {
  const { RED, id, node, settings, services, send, fail, every, status } = context;
  const { events, ret, resume, maxEventBytes, silenceMs, reconnectFirstMs, reconnectLongestMs } = settings;
  const rows = headerRows(RED, node, settings.headers);
  const { url, ...known } = addressOf(settings.url);
  const { side, release } = await borrowClient(context);
  const meter = services.meters.open(id, 'http2');
  const show = linkStatus(meter, status);
  const tellOutage = outageTeller(fail);
  const wanted = new Set(events.split(',').flatMap((type) => type.trim() || []));
  const keptId = resume ? keptEventId(node, url.href) : undefined;

  const request = (signal: AbortSignal): HttpRequest => {
    const headers = new Headers();
    for (const [name, value] of rows({})) headers.set(name, value);
    const authorization = authorizationOf(settings, known);
    return {
      method: 'GET',
      url,
      headers: headers.toRecord(),
      body: undefined,
      cookies: new CookieJar(),
      ...(authorization !== undefined && { authorization }),
      followRedirects: true,
      verify: true,
      decompress: true,
      signal,
    };
  };

  const emit = ({ type, data, lastEventId }: ServerEvent): void => {
    if (resume && lastEventId !== '') keepEventId(node, url.href, lastEventId);
    if (wanted.size > 0 && !wanted.has(type)) return;
    meter.arrived();
    const message = { topic: type, payload: data as unknown, lastEventId };
    try {
      if (ret === 'obj') message.payload = JSON.parse(data);
    } catch (error) {
      fail(new Fault('MESSAGE_INVALID', { problem: 'the event is no JSON' }, { cause: error }), message);
      return;
    }
    send(message);
  };

  const source = new EventSource({
    client: side.client,
    request,
    lastEventId: keptId ?? settings.lastEventId,
    maxEventLength: maxEventBytes,
    silenceMs,
    reconnectFirstMs,
    reconnectLongestMs,
    take: emit,
    onState: (state) => {
      meter.state = state;
      tellOutage(state);
      show();
    },
  });
  const over = source.run();
  every(1000, show);

  return {
    async close() {
      source.close();
      await over;
      await release();
      services.meters.close(meter);
    },
  };
});
