import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The programs the tests drive, and the Debian packages they come in. */
const PROGRAMS = [
  { file: '/usr/bin/chromium', package: 'chromium', variable: 'CHROMIUM_PATH' },
  { file: '/usr/sbin/mosquitto', package: 'mosquitto', variable: 'MOSQUITTO_PATH' },
] as const;

/** Two NATs for peer links to go through: only root can make them, and others do without. */
const NATS = [
  { file: '/usr/sbin/ip', package: 'iproute2', variable: 'IP_PATH' },
  { file: '/usr/sbin/iptables', package: 'iptables', variable: 'IPTABLES_PATH' },
] as const;

/** Installs what the tests need from Debian when it may; otherwise says the one command to run. Returns whether all is there. */
export function installNeeds(): boolean {
  const programs = process.getuid?.() === 0 ? [...PROGRAMS, ...NATS] : PROGRAMS;
  const missing = programs.filter(({ file, variable }) => !existsSync(process.env[variable] ?? file));
  if (missing.length === 0) return true;
  const packages = missing.map((program) => program.package);
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`Installing ${packages.join(', ')} for the tests ...\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const done = spawnSync('sh', ['-c', `(${command}) >/dev/null`], { stdio: ['ignore', 'inherit', 'inherit'], env });
    if (done.status === 0) return true;
  }
  process.stderr.write(
    `TEST_NEEDS: the tests drive ${packages.join(', ')}, which is missing; run: sudo sh -c '${command}'\n`,
  );
  return false;
}
