import type { Scheme } from './guard.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

export interface ApiTitle {
  readonly title: string;
  readonly version: string;
  /** Path the routes stand below. */
  readonly base: string;
}

type Json = { readonly [name: string]: unknown };

const SECURITY: Readonly<Record<Scheme, Json>> = {
  certificate: { type: 'mutualTLS' },
  basic: { type: 'http', scheme: 'basic' },
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
};
/** OpenAPI knows no route for any method; these are what people try. */
const ANY_METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const WITHOUT_BODY = new Set(['get', 'head', 'delete', 'options']);

/** The OpenAPI 3.1 document of the routes as they are now. */
export function openApiDocument(routes: RouteTable<Route>, { title, version, base }: ApiTitle): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const schemes = new Set<Scheme>();
  for (const { method, pattern, owner } of routes.all()) {
    const item = (paths[pattern.template] ??= {});
    for (const scheme of owner.guard.schemes) schemes.add(scheme);
    for (const name of method === 'ANY' ? ANY_METHODS : [method.toLowerCase()]) {
      item[name] ??= operationOf(name, pattern.names, owner);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    servers: [{ url: base === '' ? '/' : base }],
    paths,
    components: {
      securitySchemes: Object.fromEntries([...schemes].map((scheme) => [scheme, SECURITY[scheme]])),
      schemas: { Fault: faultSchema },
    },
  };
}

function operationOf(method: string, names: readonly string[], { words, body, guard }: Route): Json {
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  return {
    ...(words.summary !== '' && { summary: words.summary }),
    ...(words.description !== '' && { description: words.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(!WITHOUT_BODY.has(method) && { requestBody: { content: contentOf(body, words.requestSchema) } }),
    responses: {
      200: {
        description: 'What the flow answers',
        ...(words.responseSchema !== undefined && {
          content: { 'application/json': { schema: words.responseSchema } },
        }),
      },
      default: {
        description: 'A refusal',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Fault' } } },
      },
    },
    ...(guard.schemes.length > 0 && { security: guard.schemes.map((scheme) => ({ [scheme]: [] })) }),
  };
}

function contentOf(body: Route['body'], schema: unknown): Json {
  if (body === 'raw' || body === 'stream') return { 'application/octet-stream': {} };
  const shape = schema ?? {};
  return body === 'upload' ? { 'multipart/form-data': { schema: shape } } : { 'application/json': { schema: shape } };
}

const faultSchema: Json = {
  type: 'object',
  required: ['code', 'message', 'next'],
  properties: { code: { type: 'string' }, message: { type: 'string' }, next: { type: 'string' } },
};
