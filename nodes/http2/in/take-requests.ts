import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Fault } from '../../../src/fault.ts';
import type { Method } from '../../../src/http/route-table.ts';
import { Route } from '../../../src/http/route.ts';
import type { SiteRequest } from '../../../src/http/site-request.ts';
import { pathPatternProblem } from '../../../src/http/path-pattern.ts';
import { compileSchema } from '../../../src/schema/schema.ts';
import type { Behaviour, NodeContext } from '../../adapter/context.ts';
import { nextMessageId } from '../../adapter/message-id.ts';
import { http2Sites } from '../links.ts';
import type { definition } from './definition.ts';
import { answerMetrics } from './answer-metrics.ts';
import { borrowDoorSite } from './door-site.ts';

const FIGURES_EVERY_MS = 1_000;
/** Requests whose payload is the query, as in the core nodes. */
const QUERIED = new Set(['GET', 'HEAD']);

/** Emits the requests of one route, with `msg.req` and `msg.res` as the core http in node has them. */
export async function takeRequests(context: NodeContext<typeof definition.fields>): Promise<Behaviour> {
  const { RED, id, name, settings, services, status, every, sendTo } = context;
  const problem = pathPatternProblem(settings.url);
  if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: `Path of requests ${problem}` });
  const { bodyAs } = settings;
  if (bodyAs !== 'whole' && (settings.upload || settings.requestSchema.trim() !== '')) {
    throw new Fault('SETTINGS_INVALID', {
      problems: 'Body must be whole where files are taken or a schema is followed',
    });
  }
  const route = routeOf(context);
  const { side, release } =
    settings.listener === ''
      ? await borrowDoorSite(context)
      : await http2Sites.borrow(RED, settings.listener, undefined);
  let remove: () => void;
  const meter = services.meters.open(id, 'http2');
  try {
    const callers = settings.callers === 'listener' ? undefined : settings.callers;
    const method = settings.method === 'any' ? 'ANY' : (settings.method.toUpperCase() as Method);
    remove = side.site.routes.add(method, settings.url, new Route({ ...route, guard: side.guardFor(callers), take }));
  } catch (error) {
    services.meters.close(meter);
    await release();
    throw error;
  }
  meter.state = { name: 'up', since: Date.now() };
  const measure = answerMetrics(context.node);
  const show = (): void => {
    const { total } = side.site.refusals;
    status('up', `${side.site.open} open, ${meter.read().received} received${total === 0 ? '' : `, ${total} refused`}`);
  };
  show();
  every(FIGURES_EVERY_MS, show);
  return {
    async close() {
      remove();
      await release();
      services.meters.close(meter);
    },
  };

  function take(req: SiteRequest, res: Parameters<Route['take']>[1]): void {
    meter.arrived();
    const payload =
      QUERIED.has(req.method) || (settings.method === 'any' && req.body === undefined) ? req.query : req.body;
    const _msgid = nextMessageId();
    measure?.(_msgid, res);
    if (bodyAs === 'parts') sendParts(_msgid, payload, req, res);
    else sendTo(0, { _msgid, payload, req, res });
  }

  /** What breaks has been answered by the site; Catch hears of it, too. */
  function sendParts(id: string, body: unknown, req: SiteRequest, res: Parameters<Route['take']>[1]): void {
    const send = (index: number, payload: unknown, last?: { readonly complete: true }): void => {
      const parts = { id, type: 'buffer', index, ...(last !== undefined && { count: index + 1 }) };
      sendTo(0, { _msgid: nextMessageId(), payload, req, res, parts, ...last });
    };
    if (!(body instanceof Readable)) return send(0, body, { complete: true });
    const run = async (): Promise<void> => {
      let index = 0;
      for await (const part of body) {
        send(index, part as Buffer);
        index += 1;
        // The flow has its turn before more is read.
        await nextTurn();
      }
      send(index, nothing, { complete: true });
    };
    run().catch((error: unknown) => context.fail(error, { req, res }));
  }

  function routeOf({ settings }: typeof context) {
    const { upload, skipBodyParsing, requestSchema, responseSchema, identities, scope, description } = settings;
    return {
      identities: identities.split(',').flatMap((identity) => identity.trim() || []),
      scope,
      body:
        bodyAs !== 'whole'
          ? ('stream' as const)
          : upload
            ? ('upload' as const)
            : skipBodyParsing
              ? ('raw' as const)
              : ('parsed' as const),
      limits: settings,
      schema: requestSchema.trim() === '' ? undefined : compileSchema(JSON.parse(requestSchema)),
      words: {
        summary: name,
        description,
        requestSchema: schemaOf(requestSchema),
        responseSchema: schemaOf(responseSchema),
      },
    };
  }
}

const schemaOf = (text: string): unknown => (text.trim() === '' ? undefined : JSON.parse(text));

const nothing = Buffer.alloc(0);
