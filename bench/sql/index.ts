import type { Benchmark, Figure } from '../figure';
import { manyDatabases } from './databases';
import { peer } from './peer';
import { removal } from './removal';
import { speed } from './speed';
import { manyTables } from './tables';

/** The sql-runner: the guide's statements, many databases, many tables and, where asked for, another library. */
export const run: Benchmark = async (options) => {
  const figures: Figure[] = [];
  const parts = [speed, removal, manyDatabases, manyTables, ...(options.peer ? [peer] : [])];
  for (const part of parts) figures.push(...(await part()));
  return figures;
};
