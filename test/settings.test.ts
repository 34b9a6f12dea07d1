import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../bin/settings/schema';
import { DEFINITIONS } from '../bin/template/parameters';
import { Fields } from '../lib/handler/provisioner/runtime/fields';
import {
  ACCESS_SETTINGS,
  fromWire,
  LOGGING_SETTINGS,
  type Setting,
  toWire,
} from '../lib/private/wire/settings';

const ALL: Record<string, Setting> = { ...ACCESS_SETTINGS, ...LOGGING_SETTINGS };
const texts = [
  'database-access-props',
  'statement-logging-props',
  'verification-options',
  'postgres-server-options',
  'role-limits',
].map((name) => readFileSync(join(__dirname, '..', 'lib', `${name}.ts`), 'utf8'));

/** What the doc comment of a prop says of its default. */
function documented(name: string): string {
  const prop = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*readonly ${name}\\?`);
  const comment = texts.map((text) => prop.exec(text)?.[1]).find((found) => found !== undefined)!;
  return /@default ([^\n]*)/.exec(comment)![1];
}

/** A value of an enum is documented by its name: `RebootPolicy.IF_PENDING`, or `RemovalPolicy.DESTROY` of the CDK. */
const asWritten = (text: string) =>
  text.replace(/^\w+\.([A-Z_]+)$/, (_, name: string) => name.toLowerCase().replace('_', '-'));

test.each(Object.keys(ALL).filter((name) => !['statementTimeout', 'onNoLineage'].includes(name)))(
  'the default of `%s` is documented as it is',
  (name) => {
    const setting = ALL[name];
    if (setting.kind === 'number' || setting.kind === 'optional-text')
      expect(documented(name)).toMatch(/^- no/);
    else if (setting.kind === 'texts') expect(documented(name)).toBe('- none');
    else expect(asWritten(documented(name).split(',')[0])).toBe(String(setting.fallback));
  },
);

test.each(Object.keys(ALL).filter((name) => name !== 'statementTimeout'))(
  'the fleet file takes `%s`, with the values that the construct takes',
  (name) => {
    const setting = ALL[name];
    const schema = SETTINGS[name] as { type?: string; enum?: string[]; description?: string };
    if (setting.kind === 'choice') expect([...schema.enum!].sort()).toEqual([...setting.allowed].sort());
    if (setting.kind === 'text') expect(schema.description).toContain(`By default ${setting.fallback}.`);
    expect(schema.type).toBe(
      {
        flag: 'boolean',
        choice: 'string',
        text: 'string',
        number: 'integer',
        texts: 'array',
        'optional-text': 'string',
      }[setting.kind],
    );
  },
);

test('the parameters of the template have the names, defaults and values of the settings', () => {
  const names = [
    'RoleName',
    'TempSchema',
    'MaintenanceDatabase',
    'RebootPolicy',
    'SharedParameterGroup',
  ] as const;
  for (const name of names) {
    const setting = ALL[name[0].toLowerCase() + name.slice(1)] as { fallback: string; allowed?: string[] };
    expect(DEFINITIONS[name]).toMatchObject({ default: setting.fallback });
    if (setting.allowed) expect(DEFINITIONS[name]).toMatchObject({ allowedValues: setting.allowed });
  }
});

test('what is written is read again, given or left to its default', () => {
  const given = {
    roleName: 'reader',
    futureTables: false,
    connectionLimit: 5,
    onUnreadable: 'warn',
  } as const;
  expect(fromWire(ACCESS_SETTINGS, new Fields(toWire(ACCESS_SETTINGS, given)))).toEqual({
    roleName: 'reader',
    tempSchema: 'datafold_tmp',
    maintenanceDatabase: 'postgres',
    futureTables: false,
    adoptExisting: false,
    connectionLimit: 5,
    removalPolicy: 'destroy',
    onFailedStep: 'fail',
    onUnreadable: 'warn',
    onIncompleteRead: 'warn',
    onNoLineage: 'warn',
  });
  expect(toWire(LOGGING_SETTINGS, {})).toEqual({
    sharedParameterGroup: 'refuse',
    rebootPolicy: 'never',
    logBindValues: 'true',
  });
});

test('an event without the name of the role is refused: its default may be the role of somebody else', () => {
  const problems: string[] = [];
  fromWire(ACCESS_SETTINGS, new Fields({}, '', problems));
  expect(problems).toEqual(['`roleName` is missing']);
});
