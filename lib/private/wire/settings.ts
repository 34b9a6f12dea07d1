/**
 * What a user sets and the functions need: one row per prop, with its default and how it is written and read.
 *
 * A prop has this name in the construct, in the template, in the event and in the handler, in the fleet file and in the context.
 * Who adds one adds a row here, the prop and its doc comment, and its key in the schema of the fleet file.
 */

interface Flag {
  readonly kind: 'flag';
  readonly fallback: boolean;
}

interface Choice<T extends string> {
  readonly kind: 'choice';
  readonly allowed: readonly T[];
  readonly fallback: T;
}

interface Text {
  readonly kind: 'text';
  readonly fallback: string;
  /** False: an event without it is as good as one with the default. */
  readonly required: boolean;
}

/** None by default. */
interface WholeNumber {
  readonly kind: 'number';
  readonly lowest: number;
  readonly highest: number;
}

/** None by default. */
interface Texts {
  readonly kind: 'texts';
}

export type Setting = Flag | Choice<string> | Text | WholeNumber | Texts;
export type SettingTable = Readonly<Record<string, Setting>>;

/** The value of a setting. */
type ValueOf<S> = S extends Flag
  ? boolean
  : S extends Choice<infer T>
    ? T
    : S extends Text
      ? string
      : S extends Texts
        ? readonly string[]
        : number | undefined;

/** The settings of a table, each with its value. */
export type Values<T extends SettingTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

/** The same as CloudFormation hands them over: every scalar is a string. */
export type Wire<T extends SettingTable> = {
  readonly [K in keyof T as T[K] extends WholeNumber ? never : K]: T[K] extends Flag
    ? 'true' | 'false'
    : ValueOf<T[K]>;
} & { readonly [K in keyof T as T[K] extends WholeNumber ? K : never]?: string };

const flag = (fallback: boolean): Flag => ({ kind: 'flag', fallback });
const text = (fallback: string, required = false): Text => ({ kind: 'text', fallback, required });
const choice = <T extends string>(allowed: readonly T[], fallback: T): Choice<T> => ({
  kind: 'choice',
  allowed,
  fallback,
});
const wholeNumber = (lowest: number, highest: number): WholeNumber => ({ kind: 'number', lowest, highest });
const texts = (): Texts => ({ kind: 'texts' });

/** The largest integer of PostgreSQL: of connections, and of milliseconds. */
export const MAX_INT = 2_147_483_647;

const policy = (fallback: 'fail' | 'warn') => choice<'fail' | 'warn'>(['fail', 'warn'], fallback);

/** Of `DatabaseAccess`. `Duration`s go as milliseconds. */
export const ACCESS_SETTINGS = {
  roleName: text('datafold', true),
  tempSchema: text('datafold_tmp'),
  maintenanceDatabase: text('postgres'),
  futureTables: flag(true),
  adoptExisting: flag(false),
  connectionLimit: wholeNumber(1, MAX_INT),
  statementTimeoutMs: wholeNumber(1, MAX_INT),
  removalPolicy: choice<'destroy' | 'retain'>(['destroy', 'retain'], 'destroy'),
  onFailedStep: policy('fail'),
  onUnreadable: policy('fail'),
  onIncompleteRead: policy('warn'),
  onNoLineage: policy('warn'),
} as const satisfies SettingTable;

/** Of `StatementLogging`, where the server is changed through the API of RDS. */
export const LOGGING_SETTINGS = {
  sharedParameterGroup: choice<'refuse' | 'modify' | 'copy'>(['refuse', 'modify', 'copy'], 'refuse'),
  rebootPolicy: choice<'never' | 'if-pending'>(['never', 'if-pending'], 'never'),
  logBindValues: flag(true),
} as const satisfies SettingTable;

/** Of `StatementLogging`, where something is kept out of the log. */
export const EXCLUSION_SETTINGS = {
  maintenanceDatabase: ACCESS_SETTINGS.maintenanceDatabase,
  excludedRoles: texts(),
  excludedDatabases: texts(),
} as const satisfies SettingTable;

/** What a user gave, as it is written into a template; where nothing was given, the default. */
export function toWire<T extends SettingTable>(table: T, given: Partial<Values<T>>): Wire<T> {
  const entries = Object.entries(table).map(([name, setting]) => {
    const value = given[name] ?? fallbackOf(setting);
    return [name, value === undefined || Array.isArray(value) ? value : String(value)];
  });
  return Object.fromEntries(entries) as Wire<T>;
}

function fallbackOf(setting: Setting): string | boolean | string[] | undefined {
  if (setting.kind === 'texts') return [];
  return setting.kind === 'number' ? undefined : setting.fallback;
}

/** What reads the untrusted properties of an event, and collects what is wrong with them. */
export interface SettingReader {
  has(name: string): boolean;
  flag(name: string, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  number(name: string, fallback: number, lowest: number, highest: number): number;
  texts(name: string): string[] | undefined;
}

/** The settings of a table as an event has them; one without a value is left out. */
export function fromWire<T extends SettingTable>(table: T, fields: SettingReader): Values<T> {
  const entries = Object.entries(table)
    .filter(([name, { kind }]) => kind !== 'number' || fields.has(name))
    .map(([name, setting]) => [name, read(name, setting, fields)]);
  return Object.fromEntries(entries) as Values<T>;
}

function read(name: string, setting: Setting, fields: SettingReader): unknown {
  switch (setting.kind) {
    case 'flag':
      return fields.flag(name, setting.fallback);
    case 'choice':
      return fields.oneOf(name, setting.allowed, setting.fallback);
    case 'text':
      return setting.required ? fields.text(name) : (fields.optionalText(name) ?? setting.fallback);
    case 'texts':
      return fields.texts(name) ?? [];
    case 'number':
      return fields.number(name, setting.lowest, setting.lowest, setting.highest);
  }
}
