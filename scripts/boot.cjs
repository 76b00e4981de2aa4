'use strict';
// Runs on whatever Node the machine has (20 or newer): installs from the lockfile when stale, builds when stale, then
// runs the command under the pinned Node 24 that comes with the dependencies.
const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const startedAt = String(Date.now());
const [command, ...args] = process.argv.slice(2);

const commands = {
  start: { run: () => [join(root, 'dist/bin/chartwire.js'), 'start', ...args], build: true },
  cli: { run: () => [join(root, 'dist/bin/chartwire.js'), ...args], build: true },
  test: { run: () => [join(root, 'tools/test.ts'), ...args], build: true },
  check: { run: () => [join(root, 'tools/check.ts'), ...args], build: true },
  bench: { run: () => [join(root, 'bench/run.ts'), ...args], build: true },
  build: { run: undefined, build: true },
};

const chosen = commands[command];
if (chosen === undefined)
  fail(`COMMAND_UNKNOWN: no command ${command}; use one of ${Object.keys(commands).join(', ')}`);
installWhenStale();
const node = pinnedNode();
if (chosen.build) buildWhenStale(node);
if (chosen.run !== undefined) runUnder(node, chosen.run());

function installWhenStale() {
  const wanted = digest([join(root, 'package-lock.json')], (file) => readFileSync(file));
  const stamp = join(root, 'node_modules', '.chartwire-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing dependencies (once, about a minute) ...');
  // npm_execpath is the npm that called us, so the machine's own npm is used, not one among the dependencies.
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lock file as soon as one optional binary for another platform is not in the registry.
  // This keeps to the lock file's versions and checksums too, and leaves the file as it is.
  const line = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const done =
    npm === undefined
      ? spawnSync('npm', line, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...line], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0)
    fail('INSTALL_FAILED: npm install did not succeed; read its message above, then run the command again');
  writeFileSync(stamp, wanted);
}

function pinnedNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  return fail(`NODE_TOO_OLD: Node ${process.versions.node} cannot run Chartwire; install Node 24 (https://nodejs.org)`);
}

function buildWhenStale(node) {
  const stamp = join(root, 'dist', '.stamp');
  const inputs = ['src', 'nodes', 'bin', 'flows', 'types', 'tools'].flatMap((folder) => filesBelow(join(root, folder)));
  const wanted = digest(
    [
      ...inputs,
      ...['settings.ts', 'package.json', 'package-lock.json', 'tsconfig.build.json'].map((name) => join(root, name)),
    ],
    (file) => {
      const { size, mtimeMs } = statSync(file);
      return `${size}:${mtimeMs}`;
    },
  );
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Building ...');
  const done = spawnSync(node, [join(root, 'tools/build.ts')], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) fail('BUILD_FAILED: the build did not succeed; read its message above');
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, wanted);
}

function runUnder(node, line) {
  const env = {
    CHARTWIRE_STARTED_AT: startedAt,
    ...process.env,
    PATH: `${join(node, '..')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  };
  // The IPC channel tells the child when this process is gone, so that a killed npm leaves nothing running.
  // npm goes to the package's folder; a file named on the command line is meant from where the user is.
  const cwd = command === 'cli' || command === 'start' ? (process.env.INIT_CWD ?? process.cwd()) : root;
  const child = spawn(node, line, { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm passes SIGTERM to its shell only, which ends without telling us: what then has no npm above it must end too.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath ?? item.path, item.name))
    .sort();
}

function digest(files, content) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(root.length)).update(content(file));
  return hash.digest('hex');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  return process.exit(1);
}
