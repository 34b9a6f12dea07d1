import type { ServerKind } from '../../handler/provisioner/aws/rds-ports';
import type { Finding } from './finding';
import type { SqlWay } from './sql-way';
import type { VolumeReport } from './volume/report';

/** What `plan --json` prints. */
export interface PlanReport {
  /** False if a finding prevents the deployment. */
  readonly ready: boolean;
  readonly server: {
    readonly kind: ServerKind;
    readonly identifier: string;
    readonly engine: string;
    readonly region: string;
    readonly account: string;
  };
  readonly sql: { readonly way: SqlWay; readonly databases: readonly string[] };
  readonly findings: readonly Finding[];
  readonly volume?: VolumeReport;
}
