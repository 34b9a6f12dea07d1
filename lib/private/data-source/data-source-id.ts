import { Token } from 'aws-cdk-lib';

/** Returns the construct id of a data source, based on the name so that the order of the databases does not matter. */
export function dataSourceConstructId(databaseName: string, index: number): string {
  return Token.isUnresolved(databaseName) ? `Database${index}` : databaseName;
}
