import type { Group, Tag } from './group';
import { Status, type Durations, type Now } from './timed';

/** An instance, in a cluster or by itself. */
export class Instance {
  readonly status: Status;
  /** Of a member: the instance-level group, which wins over that of the cluster. */
  group: Group;
  private runs: Group;
  private rebooted?: { readonly with: Group; readonly at: number };
  exports: string[] = [];
  pendingExports: PendingExports;
  tags: Tag[] = [];
  applyingUntil = 0;
  reboots = 0;
  /** Whatever else RDS says of it. */
  more: object = {};
  /** Changes that wait for the maintenance window; done at once by whoever says ApplyImmediately. */
  instanceClass?: string;

  constructor(
    readonly clock: Now,
    readonly identifier: string,
    readonly engine: string,
    group: Group,
    readonly cluster?: Cluster,
  ) {
    this.status = new Status(clock);
    this.group = group;
    this.runs = cluster?.group ?? group;
    this.pendingExports = new PendingExports(clock, this);
  }

  get arn(): string {
    return `arn:aws:rds:us-east-1:111122223333:db:${this.identifier}`;
  }

  /** The group that the server runs with: another takes effect at a reboot, as it ends. */
  get running(): Group {
    if (this.rebooted && this.clock.now() >= this.rebooted.at) this.runs = this.rebooted.with;
    return this.runs;
  }

  /** How far the group of the server is in effect. */
  get groupStatus(): string {
    if (this.running !== (this.cluster?.group ?? this.group)) return 'pending-reboot';
    return this.clock.now() < this.applyingUntil ? 'applying' : 'in-sync';
  }

  /** What SHOW log_statement says. */
  get logStatement(): string {
    const own = this.cluster ? this.group.set.get('log_statement') : undefined;
    return own ?? this.running.set.get('log_statement') ?? 'none';
  }

  reboot({ lag, reboot }: Durations): void {
    this.status.pass('rebooting', lag, reboot);
    const at = this.clock.now() + lag + reboot;
    this.rebooted = { with: this.cluster?.group ?? this.group, at };
    this.reboots++;
  }
}

/** An Aurora cluster. */
export class Cluster {
  readonly status: Status;
  readonly members: Instance[] = [];
  exports: string[] = [];
  pendingExports: PendingExports;
  tags: Tag[] = [];
  port = 5432;
  writer = 0;
  /** Whatever else RDS says of it. */
  more: object = {};

  constructor(
    clock: Now,
    readonly identifier: string,
    readonly engine: string,
    public group: Group,
  ) {
    this.status = new Status(clock);
    this.pendingExports = new PendingExports(clock, this);
  }

  get arn(): string {
    return `arn:aws:rds:us-east-1:111122223333:cluster:${this.identifier}`;
  }
}

/** Exports take a while to be turned on and off. */
export class PendingExports {
  private until = 0;
  private change: { enable: string[]; disable: string[] } = { enable: [], disable: [] };

  constructor(
    private readonly clock: Now,
    private readonly owner: { exports: string[] },
  ) {}

  start(enable: string[], disable: string[], duration: number): void {
    this.change = { enable, disable };
    this.until = this.clock.now() + duration;
  }

  /** As RDS describes it: nothing once it is done. */
  describe() {
    const { enable, disable } = this.change;
    if (this.clock.now() < this.until)
      return { PendingCloudwatchLogsExports: { LogTypesToEnable: enable, LogTypesToDisable: disable } };
    const kept = this.owner.exports.filter((one) => !disable.includes(one));
    this.owner.exports = [...new Set([...kept, ...enable])];
    this.change = { enable: [], disable: [] };
    return undefined;
  }
}
