import { certificateKey, secretKey, workPin } from '../../lib/private/wire/pins';
import type {
  AccessSpec,
  ApplyRequest,
  Owner,
  PlanRequest,
  RemoveRequest,
  VerifyRequest,
} from '../../lib/private/wire/sql';
import type { Postgres } from './postgres';

export const PASSWORD = 'Datafold-Pa55word';
export const OWNER: Owner = { key: 'k1', id: 'id1', stackName: 'Analytics' };

export const ACCESS: AccessSpec = {
  roleName: 'datafold',
  tempSchema: 'datafold_tmp',
  databases: [{ databaseName: 'app' }],
  maintenanceDatabase: 'postgres',
  futureTables: true,
  adoptExisting: false,
  onUnreadable: 'fail',
};

/** The pin of the server of a request, as the constructs deploy it. */
export function pinFor(request: ApplyRequest | RemoveRequest | VerifyRequest | PlanRequest) {
  const { host, port, tls, caCertificate } = request.server;
  const ca = caCertificate === undefined ? undefined : certificateKey(caCertificate);
  const admin = request.operation === 'verify' ? '' : secretKey(request.admin.secret ?? '');
  return workPin({ at: host, port: String(port), tls, ca }, { admin, role: request.access.roleName });
}

/** Requests to one server; each takes the fields that differ from the defaults. */
export function requestsTo(server: Postgres) {
  const base = {
    server: {
      host: server.host,
      port: server.port,
      tls: 'verify-full' as const,
      caCertificate: server.caCertificate,
    },
    admin: server.admin,
    owner: OWNER,
    access: ACCESS,
  };
  type Change<T> = Partial<Omit<T, 'access' | 'operation'>> & { access?: Partial<AccessSpec> };
  const access = (change: { access?: Partial<AccessSpec> }) => ({ ...ACCESS, ...change.access });
  return {
    apply: (change: Change<ApplyRequest> = {}): ApplyRequest => ({
      ...base,
      operation: 'apply',
      password: PASSWORD,
      ...change,
      access: access(change),
    }),
    remove: (change: Change<RemoveRequest> = {}): RemoveRequest => ({
      ...base,
      operation: 'remove',
      ...change,
      access: access(change),
    }),
    plan: (change: Change<PlanRequest> = {}): PlanRequest => ({
      ...base,
      operation: 'plan',
      password: PASSWORD,
      ...change,
      access: access(change),
    }),
    verify: (change: Change<VerifyRequest> = {}): VerifyRequest => ({
      server: base.server,
      operation: 'verify',
      password: PASSWORD,
      ...change,
      access: access(change),
    }),
  };
}
