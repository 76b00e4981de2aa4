/** Tables of the durable store. A change of them needs a new `user_version` and a step from the old one; 2 brought the wills. */
export const SCHEMA_VERSION = 2;

export const schema = `
CREATE TABLE IF NOT EXISTS sessions (
  client TEXT PRIMARY KEY, identity TEXT, expiry INTEGER NOT NULL, ends_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS subscriptions (
  client TEXT NOT NULL, name TEXT NOT NULL, qos INTEGER NOT NULL, no_local INTEGER NOT NULL,
  retain_as_published INTEGER NOT NULL, identifier INTEGER NOT NULL, PRIMARY KEY (client, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, qos INTEGER NOT NULL, retain INTEGER NOT NULL,
  properties BLOB NOT NULL, expires_at INTEGER NOT NULL, sender TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deliveries (
  sequence INTEGER PRIMARY KEY, client TEXT NOT NULL, message INTEGER NOT NULL, qos INTEGER NOT NULL,
  retain INTEGER NOT NULL, identifiers TEXT NOT NULL, packet_id INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS received (
  client TEXT NOT NULL, packet_id INTEGER NOT NULL, PRIMARY KEY (client, packet_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS wills (
  client TEXT PRIMARY KEY, topic TEXT NOT NULL, payload BLOB NOT NULL, qos INTEGER NOT NULL, retain INTEGER NOT NULL,
  properties BLOB NOT NULL, expiry INTEGER, delay INTEGER NOT NULL, due_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS retained (
  id INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE, payload BLOB NOT NULL, qos INTEGER NOT NULL,
  properties BLOB NOT NULL, expires_at INTEGER NOT NULL, sender TEXT NOT NULL
);
`;

export const statements = {
  putSession: `INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT (client)
    DO UPDATE SET identity = excluded.identity, expiry = excluded.expiry, ends_at = excluded.ends_at`,
  dropSession: 'DELETE FROM sessions WHERE client = ?',
  dropSubscriptions: 'DELETE FROM subscriptions WHERE client = ?',
  dropAllReceived: 'DELETE FROM received WHERE client = ?',
  putSubscription: 'INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?, ?, ?)',
  dropSubscription: 'DELETE FROM subscriptions WHERE client = ? AND name = ?',
  putWill: 'INSERT OR REPLACE INTO wills VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  dropWill: 'DELETE FROM wills WHERE client = ?',
  putMessage: 'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  dropMessage: 'DELETE FROM messages WHERE id = ?',
  putDelivery: 'INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  changeDelivery: 'UPDATE deliveries SET packet_id = ?, state = ? WHERE sequence = ?',
  dropDelivery: 'DELETE FROM deliveries WHERE sequence = ?',
  putReceived: 'INSERT OR IGNORE INTO received VALUES (?, ?)',
  dropReceived: 'DELETE FROM received WHERE client = ? AND packet_id = ?',
  putRetained: `INSERT INTO retained (topic, payload, qos, properties, expires_at, sender) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (topic) DO UPDATE SET payload = excluded.payload, qos = excluded.qos,
    properties = excluded.properties, expires_at = excluded.expires_at, sender = excluded.sender`,
  dropRetained: 'DELETE FROM retained WHERE topic = ?',
} as const;
