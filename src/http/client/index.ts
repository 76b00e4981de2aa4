export { HttpClient } from './client.ts';
export { CookieJar } from './cookies.ts';
export type { ServerEvent } from './event-parser.ts';
export { EventSource } from './event-source.ts';
export type { HeaderValues } from './exchange.ts';
export { defaultClientLimits } from './limits.ts';
export type { Authorization, HttpAnswer, HttpRequest } from './request.ts';
export type { HttpClientSettings } from './settings.ts';
