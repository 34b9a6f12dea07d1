import type { aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DatabaseAccessAttributes, IDatabaseAccess } from '../../database-access-props';
import { throwIfAny } from '../problems';
import { ACCESS_SETTINGS } from '../wire/settings';

/** Imports a role that another app manages. */
export function importAccess(scope: Construct, id: string, given: DatabaseAccessAttributes): IDatabaseAccess {
  const { server, passwordSecret, databaseNames, noticeTopic } = given;
  class Import extends Construct implements IDatabaseAccess {
    public readonly server = server;
    public readonly host = server.host!;
    public readonly roleName = given.roleName ?? ACCESS_SETTINGS.roleName.fallback;
    public readonly tempSchema = given.tempSchema ?? ACCESS_SETTINGS.tempSchema.fallback;
    public readonly passwordSecret = passwordSecret;
    public readonly databaseNames = databaseNames;
    public readonly isRotated = given.isRotated ?? false;
    public readonly noticeTopic = noticeTopic;

    public addDataSource(_secret: secretsmanager.ISecret): boolean {
      return false;
    }
  }
  const imported = new Import(scope, id);
  throwIfAny(imported, [
    ...server._spec.logProblems,
    ...(server.host === undefined
      ? [
          '`host` of the server is missing: RDS is asked for it only where the role is set up. Give it as an option of the PostgresServer',
        ]
      : []),
  ]);
  return imported;
}
