import { join } from 'node:path';
import type { Services } from '../../src/app/services.ts';
import type { Guard } from '../../src/http/guard.ts';
import { hosted, loadMiddleware } from '../../src/http/hosted.ts';
import { openApiDocument } from '../../src/http/open-api.ts';
import { likeItsSite, Route } from '../../src/http/route.ts';
import { HttpSite } from '../../src/http/site.ts';
import { removeLeftUploads } from '../../src/http/upload-folder.ts';
import type { Door } from '../../src/front-door/door.ts';
import type { SettingsOf } from '../../src/spec/field.ts';
import { guardsOf, type Callers } from '../adapter/guards.ts';
import type { definition } from './listener/definition.ts';

type Settings = SettingsOf<typeof definition.fields>;

/** A site that is served, and who may ask there. */
export interface ServedSite extends AsyncDisposable {
  readonly site: HttpSite;
  /** Undefined: whom the listener lets in. */
  guardFor(callers: Callers | undefined): Guard;
}

export interface SiteSetup {
  readonly door: Door;
  readonly services: Services;
  readonly settings: Settings;
  /** For people: in the OpenAPI document and where browsers ask for a password. */
  readonly title: string;
  readonly warn: (text: string) => void;
}

/** Serves a site on a door. Throws PATH_TAKEN, SETTINGS_INVALID and MIDDLEWARE_UNUSABLE. */
export async function openSite({ door, services, settings, title, warn }: SiteSetup): Promise<ServedSite> {
  const base = settings.path === '/' ? '' : settings.path;
  const guards = guardsOf(settings, title);
  const guardFor = (callers: Callers | undefined): Guard => guards(callers ?? settings.callers);
  const middleware = settings.middleware === '' ? [] : await loadMiddleware(settings.middleware);
  const uploadFolder = settings.uploadFolder || join(services.home, 'uploads');
  await removeLeftUploads(uploadFolder);
  const site = new HttpSite({
    ...settings,
    base,
    cors: {
      origins: settings.corsOrigins.split(',').flatMap((origin) => origin.trim() || []),
      credentials: settings.corsCredentials,
      maxAgeSeconds: settings.corsMaxAgeSeconds,
    },
    maxBodyBytes: settings.maxPayloadBytes,
    uploadFolder,
    onRefused: (source, reason) => warn(`${source} was refused: ${reason}`),
  });
  try {
    if (settings.openApiPath !== '') {
      site.routes.add('GET', settings.openApiPath, documentRoute(site, guardFor(undefined), { title, base }));
    }
    const unmount =
      middleware.length === 0 ? door.exchange(base, site.serve) : door.http(base, hosted(site, middleware));
    return {
      site,
      guardFor,
      async [Symbol.asyncDispose]() {
        unmount();
        await site[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await site[Symbol.asyncDispose]();
    throw error;
  }
}

/** The document that tells of all other routes, as they are when it is asked for. */
function documentRoute(site: HttpSite, guard: Guard, { title, base }: { title: string; base: string }): Route {
  return new Route({
    guard,
    identities: [],
    scope: '',
    body: 'parsed',
    limits: likeItsSite,
    schema: undefined,
    words: { summary: 'This document', description: '', requestSchema: undefined, responseSchema: undefined },
    take: (_request, response) => void response.json(openApiDocument(site.routes, { title, version: '1', base })),
  });
}
