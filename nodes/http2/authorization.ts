import type { Authorization } from '../../src/http/client/index.ts';

interface Settings {
  readonly authType: Authorization['scheme'] | '';
  readonly user: string;
  readonly password: string;
}

/** Who we are: by the settings, or as the address of this one request says; a name in an address alone means basic. */
export function authorizationOf(
  settings: Settings,
  address: { user: string; password: string },
): Authorization | undefined {
  const user = settings.user || address.user;
  const password = settings.password || address.password;
  if (user === '' && password === '') return undefined;
  if (settings.authType !== '') return { scheme: settings.authType, user, password };
  return address.user === '' && address.password === '' ? undefined : { scheme: 'basic', ...address };
}
