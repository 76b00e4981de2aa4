import { ADMIN_USER, type Admin } from './first-run.ts';

interface EditorUser {
  readonly username: string;
  readonly permissions: '*';
}

/** What Node-RED's `adminAuth` setting takes. Without a `default` user nobody sees anything before the login. */
export interface AdminAuth {
  readonly type: 'credentials';
  users(name: string): Promise<EditorUser | null>;
  authenticate(name: string, password: string): Promise<EditorUser | null>;
}

const user: EditorUser = { username: ADMIN_USER, permissions: '*' };

export function adminAuth(admin: Admin): AdminAuth {
  return {
    type: 'credentials',
    users: async (name) => (name === ADMIN_USER && !admin.needsSetup ? user : null),
    authenticate: async (name, password) => ((await admin.authenticate(name, password)) ? user : null),
  };
}
