import type { Obstacle } from '../../lineage/analyze';

/** What an obstacle means, and what helps, for people. */
export const OBSTACLES: Readonly<Record<Obstacle, { readonly what: string; readonly next: string }>> = {
  'do block': {
    what: 'DO blocks: the log has the block, and not the statements that it runs',
    next: 'Send the statements from the client instead.',
  },
  procedure: {
    what: 'calls of procedures: statements in a procedure are not logged',
    next: 'Send the statements from the client instead, or create views over what the procedure reads.',
  },
  function: {
    what: 'functions that read or write tables: statements in a function are not logged',
    next: 'Send the statements from the client instead, or replace the function by a view.',
  },
  'execute without prepare': {
    what: 'EXECUTE of a statement whose PREPARE is not in the log',
    next: 'It was prepared before this time, or is a query, which mod does not log. Prepare it in the same session, or send it without PREPARE.',
  },
  'refresh without definition': {
    what: 'REFRESH MATERIALIZED VIEW without its definition in the log',
    next: 'Datafold can take the definition from the catalog. The log has it only when the view is created.',
  },
  'temporary table': {
    what: 'rows that went into a temporary table from which no logged statement of the session took them',
    next: 'The table is read by a query whose result leaves the database, or by a statement that is not logged.',
  },
  truncated: {
    what: 'statements that are cut off in the log',
    next: 'Write large lists of values by COPY or in smaller statements.',
  },
  failed: {
    what: 'statements that failed: they changed nothing',
    next: 'Nothing, as far as lineage is concerned.',
  },
  'not parsed': {
    what: "statements that PostgreSQL 18's grammar does not accept, such as those with a syntax that was removed",
    next: 'If these statements succeed on your server, report them with the shape of the statement.',
  },
  'too many': {
    what: 'statements that were not parsed, since the log has more than 100,000 different ones',
    next: 'Use a shorter time (--hours) or read less (--max-mb).',
  },
};
