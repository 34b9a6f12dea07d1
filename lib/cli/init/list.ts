import { styles, type Terminal } from '../terminal';
import { table } from '../terminal/table';
import { wrap } from '../terminal/wrap';
import type { FoundServer } from './server';

const HEADERS = ['SERVER', 'ENGINE', 'PARAMETER GROUP', 'LOG EXPORT', 'NETWORK', 'ADMIN SECRET', 'SUPPORTED'];

/** The servers as a table, and below it why some are not supported. */
export function listOf(servers: readonly FoundServer[], terminal: Terminal): string {
  const { bold, green, red } = styles(terminal);
  const rows = servers.map((server) => [
    `${server.kind} ${server.identifier}`,
    server.engine,
    server.parameterGroup,
    server.exportsLog ? 'on' : 'off',
    server.isPublic === undefined ? 'no instance' : server.isPublic ? 'public' : 'private',
    server.adminSecret ? 'managed by RDS' : 'not found',
    supportOf(server, green, red),
  ]);
  const reasons = servers.flatMap(({ unsupported }) => unsupported ?? []);
  return [
    table(
      HEADERS.map((header) => ({ header })),
      rows,
      terminal,
      bold,
    ),
    ...reasons.map(
      (reason, i) => `${i === 0 ? '\n' : ''}${wrap(`${reason}.`, terminal.columns).join('\n')}\n`,
    ),
  ].join('');
}

function supportOf(
  { unsupported, status }: FoundServer,
  green: (text: string) => string,
  red: (text: string) => string,
) {
  if (unsupported) return { text: 'no', style: red };
  return { text: status === 'available' ? 'yes' : `yes (${status})`, style: green };
}
