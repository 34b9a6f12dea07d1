import { combination, invalid, noGroup, rdsError } from './errors';

export type Kind = 'cluster' | 'instance';
export type Tag = { Key: string; Value: string };

export interface Parameter {
  readonly ParameterName?: string;
  readonly ParameterValue?: string;
  readonly ApplyMethod?: string;
}

/** Parameters of a family beside some hundred that do not matter here. */
const KNOWN: Record<string, readonly string[] | undefined> = {
  log_statement: ['none', 'ddl', 'mod', 'all'],
  log_parameter_max_length: undefined,
  work_mem: undefined,
  log_min_duration_statement: undefined,
};
const OTHERS = Array.from({ length: 230 }, (_, i) => `some_parameter_${i}`);

export class Group {
  readonly set = new Map<string, string>();
  description = '';
  tags: Tag[] = [];
  /** When the last server let go of it. */
  releasedAt = -Infinity;

  constructor(
    readonly kind: Kind,
    readonly name: string,
    readonly family: string,
  ) {}

  get isDefault(): boolean {
    return this.name.startsWith('default.');
  }

  get arn(): string {
    return `arn:aws:rds:us-east-1:111122223333:${this.kind === 'cluster' ? 'cluster-pg' : 'pg'}:${this.name}`;
  }

  knows(name: string): boolean {
    if (name === 'log_parameter_max_length' && Number(/\d+$/.exec(this.family)?.[0]) < 13) return false;
    return name in KNOWN || OTHERS.includes(name);
  }

  /** All parameters of the family, in the order of their names. */
  list() {
    const names = [...Object.keys(KNOWN), ...OTHERS].filter((name) => this.knows(name)).sort();
    return names.map((ParameterName) => {
      const ParameterValue = this.set.get(ParameterName);
      return {
        ParameterName,
        ParameterValue,
        Source: ParameterValue === undefined ? 'engine-default' : 'user',
      };
    });
  }

  assertChangeable(): void {
    if (this.isDefault)
      throw invalid(`The parameter group ${this.name} cannot be modified: it is a default.`);
  }

  change(parameters: readonly Parameter[] = []): void {
    this.assertChangeable();
    check(this, parameters);
    for (const { ParameterName = '', ParameterValue } of parameters) {
      const allowed = KNOWN[ParameterName];
      if (ParameterValue === undefined || (allowed && !allowed.includes(ParameterValue)))
        throw invalid(`Invalid parameter value: ${ParameterValue} for: ${ParameterName}`);
      this.set.set(ParameterName, ParameterValue);
    }
  }

  reset(parameters: readonly Parameter[] = []): void {
    this.assertChangeable();
    check(this, parameters);
    for (const { ParameterName = '' } of parameters) this.set.delete(ParameterName);
  }
}

function check(group: Group, parameters: readonly Parameter[]): void {
  if (parameters.length > 20) throw combination('Cannot modify more than 20 parameters in a single request');
  for (const { ParameterName = '', ApplyMethod } of parameters) {
    if (!group.knows(ParameterName)) throw invalid(`Could not find parameter with name: ${ParameterName}`);
    if (ApplyMethod !== 'immediate')
      throw combination(`The fake expects dynamic parameters to be applied at once`);
  }
}

/** Groups by kind and name; the default ones are there without being made. */
export class Groups {
  private readonly groups = new Map<string, Group>();

  constructor(private readonly families: Record<Kind, readonly string[]>) {
    for (const kind of ['cluster', 'instance'] as const)
      for (const family of families[kind]) this.put(new Group(kind, `default.${family}`, family));
  }

  get all(): Group[] {
    return [...this.groups.values()];
  }

  find(kind: Kind, name = ''): Group | undefined {
    return this.groups.get(`${kind} ${name.toLowerCase()}`);
  }

  get(kind: Kind, name = ''): Group {
    const group = this.find(kind, name);
    if (!group) throw noGroup(name);
    return group;
  }

  create(kind: Kind, name: string, family: string): Group {
    if (!this.families[kind].includes(family))
      throw invalid(`ParameterGroupFamily ${family} is not a valid parameter group family`);
    if (!/^[a-z](-?[a-z0-9])*$/i.test(name) || name.length > 255)
      throw invalid(`The parameter DBParameterGroupName is not a valid identifier: ${name}`);
    if (this.find(kind, name))
      throw rdsError('DBParameterGroupAlreadyExistsFault', `Parameter group ${name} already exists`);
    return this.put(new Group(kind, name.toLowerCase(), family));
  }

  copy(kind: Kind, from: string, to: string): Group {
    const source = this.get(kind, from);
    if (source.isDefault) throw invalid(`Cannot copy a default parameter group: ${from}`);
    const copy = this.create(kind, to, source.family);
    for (const [name, value] of source.set) copy.set.set(name, value);
    return copy;
  }

  drop(kind: Kind, name: string): void {
    this.groups.delete(`${kind} ${name}`);
  }

  private put(group: Group): Group {
    this.groups.set(`${group.kind} ${group.name}`, group);
    return group;
  }
}
