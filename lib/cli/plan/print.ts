import { styles, type Terminal } from '../terminal';
import { table } from '../terminal/table';
import { visibleName } from '../terminal/visible';
import type { Finding, FindingStatus } from './finding';
import type { PlanReport } from './make-plan';
import type { Bytes, Part } from './volume/estimate';
import type { VolumeReport } from './volume/report';

const WORDS: Readonly<Record<FindingStatus, string>> = {
  ready: 'ok',
  change: 'change',
  warning: 'warning',
  prevents: 'PREVENTS',
};
const COLUMNS = [{ minWidth: 8 }, {}, {}, {}];

/** The plan for people: a row for each finding, the volume, and whether the deployment can begin. */
export function asText({ server, findings, volume }: PlanReport, terminal: Terminal): string {
  const { red, green, yellow, bold } = styles(terminal);
  const style = { ready: green, change: bold, warning: yellow, prevents: red };
  const rows = findings.map(({ status, subject, topic, message, next }) => [
    { text: WORDS[status], style: style[status] },
    subject,
    topic,
    `${message}${next === undefined ? '' : ` Next: ${next}`}`,
  ]);
  const head = `Plan for the ${server.kind} ${server.identifier} (${server.engine}, ${server.region}). Nothing was changed.\n\n`;
  return `${head}${table(COLUMNS, rows, terminal)}${volume ? volumeText(volume, terminal) : ''}\n${verdict(findings)}\n`;
}

function verdict(findings: readonly Finding[]): string {
  const count = (status: FindingStatus, what: string) => {
    const number = findings.filter((one) => one.status === status).length;
    return `${number} ${what}${number === 1 ? '' : 's'}`;
  };
  const rest = `${count('change', 'change')}, ${count('warning', 'warning')}.`;
  return findings.every(({ status }) => status !== 'prevents')
    ? `Ready: nothing prevents the deployment. ${rest}`
    : `Not ready: ${count('prevents', 'finding')} marked PREVENTS. ${rest}`;
}

function volumeText(volume: VolumeReport, terminal: Terminal): string {
  const { added, presentBytesPerDay, usdPerMonth, pricePerGb, caveats, ingestedBytesPerDay, isLogged } =
    volume;
  const lines: string[] = [];
  if (added)
    lines.push(
      isLogged
        ? `The log has the statements already: ${range(added.bytesPerDay, inBytes)} a day (by ${added.source}).`
        : `log_statement=mod adds ${range(added.bytesPerDay, inBytes)} a day (by ${added.source}).`,
    );
  if (presentBytesPerDay !== undefined)
    lines.push(`The server writes ${inBytes(presentBytesPerDay)} a day into its log today.`);
  if (usdPerMonth && ingestedBytesPerDay)
    lines.push(
      ingestedBytesPerDay.high === 0
        ? 'CloudWatch Logs ingests no more than today.'
        : `CloudWatch Logs ingests ${range(ingestedBytesPerDay, inBytes)} a day more: ${range(usdPerMonth, inUsd)} a month at ${pricePerGb} USD/GB (--price-per-gb). Storage and queries cost extra.`,
    );
  lines.push(...caveats);
  if (lines.length === 0) return '';
  const parts = added?.source === 'pg_stat_statements' ? statementTables(added, terminal) : '';
  return `\n${lines.join('\n')}\n${parts}`;
}

function statementTables(
  {
    statements,
    roles,
    excludable,
    lineageShare,
  }: Extract<VolumeReport['added'], { source: 'pg_stat_statements' }>,
  terminal: Terminal,
): string {
  if (statements.length === 0) return '';
  const rows = statements.map(({ bytesPerDay, share, callsPerDay, role, database, name }) => [
    inBytes(bytesPerDay),
    percent(share),
    inNumber(callsPerDay),
    visibleName(`${role}@${database}`),
    visibleName(name),
  ]);
  const columns = ['a day', 'share', 'calls a day', 'role', 'statement'].map((header) => ({ header }));
  const list = (parts: readonly Part[]) =>
    parts.map(({ name, share }) => `${visibleName(name)} (${percent(share)})`).join(', ');
  const exclusions = [
    ...(excludable.roles.length > 0 ? [`excludedRoles: ${list(excludable.roles)}`] : []),
    ...(excludable.databases.length > 0 ? [`excludedDatabases: ${list(excludable.databases)}`] : []),
  ];
  return [
    '\nThe statements that cost most, without constants:\n',
    table(columns, rows, terminal),
    `\nBy role: ${list(roles)}. Lineage can be derived from ${percent(lineageShare)} of the bytes.\n`,
    exclusions.length > 0
      ? `Worth an exclusion, because no lineage can be derived from what they write: ${exclusions.join('; ')}.\n`
      : '',
  ].join('');
}

const range = ({ low, likely, high }: Bytes, text: (value: number) => string) =>
  text(low) === text(high) ? text(likely) : `${text(low)} to ${text(high)}, probably ${text(likely)}`;

function inBytes(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (bytes >= size) return `${round(bytes / size)} ${unit}`;
  return `${Math.round(bytes)} bytes`;
}

const inUsd = (usd: number) =>
  `${usd < 0.01 && usd > 0 ? 'less than 0.01' : usd < 10 ? usd.toFixed(2) : String(Math.round(usd))} USD`;
const inNumber = (value: number) => Math.round(value).toLocaleString('en');
const percent = (share: number) => `${Math.round(share * 100)} %`;
const round = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));
