// Writes the tables of props between the markers of docs/props.md, from the jsii assembly (`npm run build` first).
import { readFileSync, writeFileSync } from 'node:fs';

const START = '<!-- props -->';
const END = '<!-- /props -->';
/** The structs that users provide, in the order of the page. */
const STRUCTS = [
  'DatafoldPostgresProps',
  'DatabaseGrants',
  'RoleLimits',
  'VerificationOptions',
  'FunctionOptions',
  'RdsServerOptions',
  'EndpointOptions',
  'StatementLoggingOptions',
  'CloudWatchLogsUserProps',
  'DatabaseAccessProps',
  'DataSourceProps',
  'CloudWatchLogsUserAttributes',
  'DatabaseAccessAttributes',
  'Registration',
  'AccessKeyRotation',
  'PasswordRotation',
  'ReconcileOptions',
];

const root = new URL('..', import.meta.url);
const { name, types } = JSON.parse(readFileSync(new URL('.jsii', root), 'utf8'));
const type = (fqn) => types[fqn];

/** Returns the props of a struct and its parents, required props first. */
function propsOf(fqn) {
  const { properties = [], interfaces = [] } = type(fqn) ?? {};
  const all = [...properties, ...interfaces.flatMap(propsOf)];
  const own = all.filter((p, i) => all.findIndex((q) => q.name === p.name) === i);
  return [...own.filter((p) => !p.optional), ...own.filter((p) => p.optional)];
}

function typeName({ type: t }) {
  if (t.collection) return `${typeName({ type: t.collection.elementtype })}[]`;
  return t.primitive ?? t.fqn.split('.').at(-1);
}

const text = (markdown) => markdown.replaceAll('|', '\\|').replace(/\s+/g, ' ');
const inCode = (value) =>
  value.startsWith('- ') ? value.slice(2) : value.includes(' ') ? value : `\`${value}\``;

function row(prop) {
  const { summary = '', remarks = '', default: value } = prop.docs ?? {};
  const fallback = prop.optional ? text(inCode(value ?? '- none')) : '**required**';
  return `| \`${prop.name}\` | ${typeName(prop)} | ${text(`${summary} ${remarks}`.trim())} | ${fallback} |`;
}

/** Returns the tables; an optional prop that an earlier table describes in the same words is only named. */
function tables(structs) {
  const home = new Map();
  return structs.map((struct) => {
    const rows = [];
    const repeated = {};
    for (const prop of propsOf(`${name}.${struct}`)) {
      const line = row(prop);
      const other = home.get(line);
      if (other && prop.optional) (repeated[other] ??= []).push(`\`${prop.name}\``);
      else rows.push(line);
      home.set(line, other ?? struct);
    }
    return [
      ...[`## ${struct}`, '', '| prop | type | what | default |', '|---|---|---|---|', ...rows, ''],
      ...Object.entries(repeated).flatMap(([other, props]) => [asIn(other, props), '']),
    ].join('\n');
  });
}

const asIn = (struct, props) => `Further, as in [${struct}](#${struct.toLowerCase()}): ${props.join(', ')}.`;

/** Returns the page with the current tables. */
function withProps(page) {
  const [before, rest] = page.split(START);
  return `${before}${START}\n\n${tables(STRUCTS).join('\n')}\n${END}${rest.split(END).at(-1)}`;
}

const path = new URL('docs/props.md', root);
const page = readFileSync(path, 'utf8');
const wanted = withProps(page);
if (process.argv.includes('--check')) {
  if (page !== wanted) {
    console.error('docs/props.md does not list the props as they are: run `npm run build && npm run props`');
    process.exit(1);
  }
} else writeFileSync(path, wanted);
