/**
 * The settings that the functions need: one row per prop, with its default and its serialization.
 *
 * A prop has the same name in the construct, the template, the event, the handler, the fleet file and the context. A new setting
 * needs a row here, a prop with a doc comment, and a key in the schema of the fleet file.
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
  /** If false, an event may omit the setting and the default applies. */
  readonly required: boolean;
}

/** A whole number from 1 to `highest`; no value by default. */
interface WholeNumber {
  readonly kind: 'number';
  readonly highest: number;
}

/** No value by default. */
interface OptionalText {
  readonly kind: 'optional-text';
}

/** An empty list by default. */
interface Texts {
  readonly kind: 'texts';
}

type WithoutDefault = WholeNumber | OptionalText;

/** A row of a table of settings. */
export type Setting = Flag | Choice<string> | Text | WithoutDefault | Texts;
/** Settings by the name of their prop. */
export type SettingTable = Readonly<Record<string, Setting>>;

/** The type of the value of a setting. */
type ValueOf<S> = S extends Flag
  ? boolean
  : S extends Choice<infer T>
    ? T
    : S extends Text | OptionalText
      ? string
      : S extends Texts
        ? readonly string[]
        : number;

/** The values of the settings of a table. */
export type Values<T extends SettingTable> = {
  readonly [K in keyof T as T[K] extends WithoutDefault ? never : K]: ValueOf<T[K]>;
} & { readonly [K in keyof T as T[K] extends WithoutDefault ? K : never]?: ValueOf<T[K]> };

/** The values of the settings of a table as CloudFormation passes them: every scalar is a string. */
export type Wire<T extends SettingTable> = {
  readonly [K in keyof T as T[K] extends WithoutDefault ? never : K]: T[K] extends Flag
    ? 'true' | 'false'
    : ValueOf<T[K]>;
} & { readonly [K in keyof T as T[K] extends WithoutDefault ? K : never]?: string };

const flag = (fallback: boolean): Flag => ({ kind: 'flag', fallback });
const text = (fallback: string, required = false): Text => ({ kind: 'text', fallback, required });
const choice = <T extends string>(allowed: readonly T[], fallback: T): Choice<T> => ({
  kind: 'choice',
  allowed,
  fallback,
});
const wholeNumber = (highest: number): WholeNumber => ({ kind: 'number', highest });
const optionalText = (): OptionalText => ({ kind: 'optional-text' });
const texts = (): Texts => ({ kind: 'texts' });

/** The maximum of a PostgreSQL `integer`, for connections and milliseconds. */
export const MAX_INT = 2_147_483_647;

const policy = (fallback: 'fail' | 'warn') => choice<'fail' | 'warn'>(['fail', 'warn'], fallback);

/** The settings of `DatabaseAccess`; `statementTimeout` is passed in milliseconds. */
export const ACCESS_SETTINGS = {
  roleName: text('datafold', true),
  tempSchema: text('datafold_tmp'),
  maintenanceDatabase: text('postgres'),
  futureTables: flag(true),
  adoptExisting: flag(false),
  connectionLimit: wholeNumber(MAX_INT),
  statementTimeout: wholeNumber(MAX_INT),
  removalPolicy: choice<'destroy' | 'retain'>(['destroy', 'retain'], 'destroy'),
  onFailedStep: policy('fail'),
  onUnreadable: policy('fail'),
  onIncompleteRead: policy('warn'),
  onNoLineage: policy('warn'),
} as const satisfies SettingTable;

/** The settings of `StatementLogging` for a server that is changed through the RDS API. */
export const LOGGING_SETTINGS = {
  sharedParameterGroup: choice<'refuse' | 'modify' | 'copy'>(['refuse', 'modify', 'copy'], 'refuse'),
  rebootPolicy: choice<'never' | 'if-pending'>(['never', 'if-pending'], 'never'),
  logBindValues: flag(true),
} as const satisfies SettingTable;

/** The settings of `StatementLogging` for roles and databases whose statements are not logged. */
export const EXCLUSION_SETTINGS = {
  maintenanceDatabase: ACCESS_SETTINGS.maintenanceDatabase,
  excludedRoles: texts(),
  excludedDatabases: texts(),
} as const satisfies SettingTable;

/** The settings of a log group; `logRetention` is passed in days, `logEncryptionKey` as the ARN of a KMS key. */
export const LOG_GROUP_SETTINGS = {
  logRetention: wholeNumber(9_999),
  shortenLogRetention: flag(false),
  logEncryptionKey: optionalText(),
  maskedData: texts(),
} as const satisfies SettingTable;

/** Serializes the settings for a template, with the default for each setting that is not given. */
export function toWire<T extends SettingTable>(table: T, given: Partial<Values<T>>): Wire<T> {
  const entries = Object.entries(table).map(([name, setting]) => {
    const value = (given as Readonly<Record<string, unknown>>)[name] ?? fallbackOf(setting);
    return [name, value === undefined || Array.isArray(value) ? value : String(value)];
  });
  return Object.fromEntries(entries) as Wire<T>;
}

function fallbackOf(setting: Setting): string | boolean | string[] | undefined {
  if (setting.kind === 'texts') return [];
  return 'fallback' in setting ? setting.fallback : undefined;
}

/** Reads the untrusted properties of an event, and collects the problems found in them. */
export interface SettingReader {
  has(name: string): boolean;
  flag(name: string, fallback: boolean): boolean;
  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  number(name: string, fallback: number, highest: number): number;
  texts(name: string): string[] | undefined;
}

/** Reads the settings of a table from an event; a setting without a value is omitted. */
export function fromWire<T extends SettingTable>(table: T, fields: SettingReader): Values<T> {
  const entries = Object.entries(table)
    .filter(([name, { kind }]) => !['number', 'optional-text'].includes(kind) || fields.has(name))
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
    case 'optional-text':
      return fields.optionalText(name);
    case 'texts':
      return fields.texts(name) ?? [];
    case 'number':
      return fields.number(name, 1, setting.highest);
  }
}
