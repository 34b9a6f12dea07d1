/** `ready`: as it should be. `change`: what the deployment does. `prevents`: Datafold would not work, or the deployment fails. */
export type FindingStatus = 'ready' | 'change' | 'warning' | 'prevents';

/** What a finding is about. */
export type Topic =
  | 'server'
  | 'parameter_group'
  | 'reboot'
  | 'log_export'
  | 'log_group'
  | 'iam_group'
  | 'network'
  | 'rights'
  | 'sql'
  | 'administrator'
  | 'role'
  | 'schemas'
  | 'owners'
  | 'readable'
  | 'all_rows'
  | 'not_tried'
  | 'creators'
  | 'read_only'
  | 'other_databases'
  | 'log_overrides'
  | 'volume';

/** One sentence of a plan. */
export interface Finding {
  readonly topic: Topic;
  /** The server, or a database of it. */
  readonly subject: string;
  readonly status: FindingStatus;
  readonly message: string;
  /** What to do, for a warning or for what prevents the deployment. */
  readonly next?: string;
}

/** Collects the findings about one subject. */
export class Findings {
  readonly all: Finding[] = [];

  constructor(readonly subject: string) {}

  ready(topic: Topic, message: string): void {
    this.add(topic, 'ready', message);
  }

  change(topic: Topic, message: string): void {
    this.add(topic, 'change', message);
  }

  warn(topic: Topic, message: string, next?: string): void {
    this.add(topic, 'warning', message, next);
  }

  prevent(topic: Topic, message: string, next: string): void {
    this.add(topic, 'prevents', message, next);
  }

  private add(topic: Topic, status: FindingStatus, message: string, next?: string): void {
    this.all.push({ topic, subject: this.subject, status, message, ...(next !== undefined && { next }) });
  }
}
