import { Token } from 'aws-cdk-lib';

/** The construct id of a data source: by name, so that the order of the databases does not matter. */
export function dataSourceConstructId(databaseName: string, index: number): string {
  return Token.isUnresolved(databaseName) ? `Database${index}` : databaseName;
}
