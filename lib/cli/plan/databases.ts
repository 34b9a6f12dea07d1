import { ident, idents, qualified, someIdents } from '../../handler/sql-runner/identifiers';
import { mayGrant } from '../../handler/sql-runner/catalog/acting-rights';
import type { Outcome } from '../../handler/sql-runner/plan/read-problems';
import { explainProblem, outcomeOf, worstProblems } from '../../handler/sql-runner/plan/read-problems';
import { overrideOf } from '../../handler/sql-runner/verify/log-overrides';
import {
  otherDatabasesNotices,
  reportPrivilege,
} from '../../handler/sql-runner/verify/unexpected-privileges';
import { PARTS, READING_PARTS, type DatabaseAnswers, type ServerRow } from '../inspection/answers';
import type { InspectionSpec } from '../inspection/parts';
import { Findings } from './finding';
import { planSchemas } from './schemas';
import { counted } from '../doctor/report/page/format';
import { documentation } from '../../private/references';

const MAX_LISTED = 3;

/** Reports what a deployment meets in a database. */
export function planDatabase(
  subject: string,
  answers: DatabaseAnswers,
  spec: InspectionSpec,
  inspected: readonly string[],
): Findings {
  const findings = new Findings(subject);
  const { server } = answers;
  if (!server) {
    findings.warn(
      'sql',
      answers.errors.has('server')
        ? answers.unanswered(['server'])[0]
        : 'The output has no part about the server.',
      'Run the whole script that plan --sql prints, and keep its whole output.',
    );
    return findings;
  }
  for (const what of answers.unanswered(PARTS))
    findings.warn(
      'sql',
      what,
      'Until it is read, the plan is not complete: run plan again, or the whole script.',
    );
  planAdministrator(findings, server, answers.databaseName);
  planNames(findings, server, spec);
  planSchemas(findings, answers, spec);
  planOwners(findings, answers, server);
  planReading(findings, answers, spec);
  planCreators(findings, answers);
  planPrivileges(findings, answers, spec, inspected);
  return findings;
}

function planAdministrator(findings: Findings, server: ServerRow, databaseName: string): void {
  const me = ident(server.me);
  if (server.isStandby)
    findings.prevent(
      'administrator',
      'The server is a standby, which only reads.',
      'Use the writer endpoint.',
    );
  if (!server.isSuperuser && !server.createRole)
    findings.prevent(
      'administrator',
      `${me} may not create roles.`,
      `Let a superuser run: ALTER ROLE ${me} CREATEROLE; or use the master user.`,
    );
  else if (!server.mayCreateSchemas)
    findings.warn(
      'administrator',
      `${me} may not create schemas in the database: the schema for temporary tables is created as the owner of the database, if ${me} may act as it.`,
      `GRANT CREATE ON DATABASE ${ident(databaseName)} TO ${me};`,
    );
  else
    findings.ready(
      'administrator',
      `${me} may create the role and the schema (PostgreSQL ${server.version}).`,
    );
}

/** Reports a role or schema of the same name that exists. */
function planNames(findings: Findings, server: ServerRow, { roleName, tempSchema }: InspectionSpec): void {
  const [role, schema] = [ident(roleName), ident(tempSchema)];
  if (!server.roleExists) findings.change('role', `The role ${role} is created.`);
  else if (server.roleIsMarked)
    findings.warn(
      'role',
      `The role ${role} exists and was created by a stack of this library: the deployment of another stack fails.`,
      'Deploy the stack that created it; or set adoptExisting, with passwordSecret to share the role; or choose another roleName.',
    );
  else
    findings.prevent(
      'role',
      `The role ${role} exists and was not created by this library, which does not change it.`,
      `Set adoptExisting and the secret with its password (${documentation('migrating')}), or choose another roleName.`,
    );
  if (server.tempSchemaOwner === null)
    findings.change('role', `The schema ${schema} for temporary tables is created.`);
  else if (!server.roleIsMarked)
    findings.prevent(
      'role',
      `The schema ${schema} of ${ident(server.tempSchemaOwner)} exists: without adoptExisting the deployment fails.`,
      'Set adoptExisting, or choose another tempSchema.',
    );
}

/** Reports the owners that the administrator cannot act as. */
function planOwners(findings: Findings, answers: DatabaseAnswers, server: ServerRow): void {
  const me = ident(server.me);
  const unsure: string[] = [];
  for (const owner of answers.of('owners')) {
    if (owner.name === server.me || owner.usage || owner.set) continue;
    const relations = answers
      .of('relations')
      .filter(({ ownerName }) => ownerName === owner.name)
      .reduce((sum, one) => sum + one.missing, 0);
    const what = relations === 0 ? 'schemas' : counted(relations, 'relation');
    if (relations === 0 && owner.isSuperuser) continue; // the schema of a superuser needs no grant where PUBLIC may use it
    if (!mayGrant(owner, server))
      findings.prevent(
        'owners',
        `${me} may not act as ${ident(owner.name)}, which owns ${what}${owner.isSuperuser ? ' and is a superuser' : ''}.`,
        `${owner.isSuperuser ? 'Give them another owner, or leave their schemas out (excludeSchemas; here --exclude).' : `Let an administrator of that role run: GRANT ${ident(owner.name)} TO ${me};`} Or set verification.onUnreadable to FailurePolicy.WARN: the deployment then prints the statements that the owner must run.`,
      );
    else if (!mayGrant(owner, { ...server, isRdsSuperuser: false })) unsure.push(owner.name);
  }
  if (unsure.length > 0)
    findings.warn(
      'owners',
      `Whether ${me} may act as ${someIdents(unsure)} depends on the rules of RDS for rds_superuser: the deployment tries it.`,
      `To be sure, let an administrator of these roles run: GRANT ${idents(unsure)} TO ${me};`,
    );
  if (answers.isAnswered('owners', 'relations') && !findings.all.some(({ topic }) => topic === 'owners'))
    findings.ready(
      'owners',
      `${me} may act as every owner of a schema or relation (${answers.of('owners').length}).`,
    );
}

/** Reports relations that fail or hide rows although the role will have SELECT. */
export function planReading(
  findings: Findings,
  answers: DatabaseAnswers,
  { roleName }: InspectionSpec,
): void {
  const selected = new Set(
    answers
      .of('schemas')
      .filter(({ isSelected }) => isSelected)
      .map(({ name }) => name),
  );
  // The role gets SELECT on the relations of these schemas.
  const problems = answers
    .of('problems')
    .filter(
      ({ kind, isCurrentUser, schema }) => kind !== 'select' || !isCurrentUser || !selected.has(schema ?? ''),
    );
  const views = answers.of('views');
  const worst = worstProblems(
    problems,
    views.map(({ below, view }) => [below, view]),
  );
  const named = new Map(
    [
      ...problems.map((one) => ({ ...one, oid: one.relation })),
      ...views.map((one) => ({ ...one, oid: one.view })),
    ]
      .filter(({ isSelected }) => isSelected)
      .map(({ oid, relationSchema, relationName }) => [oid, qualified(relationSchema, relationName)]),
  );
  const report = (outcome: Outcome, topic: 'readable' | 'all_rows' | 'not_tried', what: string) => {
    const found = [...worst].filter(([oid, problem]) => outcomeOf(problem) === outcome && named.has(oid));
    if (found.length === 0) return;
    const explained = found
      .slice(0, MAX_LISTED)
      .map(([oid, problem]) => ({ relation: named.get(oid)!, ...explainProblem(problem, roleName) }));
    const more = found.length > MAX_LISTED ? `; and ${found.length - MAX_LISTED} more` : '';
    findings.warn(
      topic,
      `${what.replace('N', counted(found.length, 'relation'))}: ${explained.map(({ relation, reason }) => `${relation} (${reason})`).join('; ')}${more}.`,
      [...new Set(explained.map(({ next }) => next))].join(' '),
    );
  };
  report('fails', 'readable', 'Reading N will fail');
  report('hides', 'all_rows', 'Row-level security may hide rows of N');
  report('unproven', 'not_tried', 'N cannot be tested without running functions of users or foreign servers');
  if (problems.length === 0 && answers.isAnswered(...READING_PARTS))
    findings.ready('readable', 'No view, policy or foreign table was found that fails or hides rows.');
}

/** Reports who may create tables later. */
function planCreators(findings: Findings, answers: DatabaseAnswers): void {
  const creators = answers.of('creators');
  const covered = creators.filter(({ isCovered }) => isCovered).flatMap(({ roles }) => roles);
  if (covered.length > 0)
    findings.ready('creators', `New tables of ${someIdents(covered)} become readable by default privileges.`);
  for (const { through, roles, roleCount, schemas, schemaCount } of creators
    .filter(({ isCovered }) => !isCovered)
    .slice(0, MAX_LISTED))
    findings.warn(
      'creators',
      `${someIdents(roles)}${roleCount > roles.length ? ` and ${roleCount - roles.length} more roles` : ''} may create tables in ${someIdents(schemas)}${schemaCount > schemas.length ? ` and ${schemaCount - schemas.length} more schemas` : ''} ${through === null ? 'because PUBLIC may' : `as a member of ${ident(through)}`}: these stay unreadable until the next deployment or reconciliation with repair.`,
      through === null ? `REVOKE CREATE ON SCHEMA ${someIdents(schemas)} FROM PUBLIC;` : undefined,
    );
}

/** Reports what the role could do beyond reading, and settings that keep statements out of the log. */
export function planPrivileges(
  findings: Findings,
  answers: DatabaseAnswers,
  { roleName }: InspectionSpec,
  inspected: readonly string[],
): void {
  // PUBLIC stands for a role that does not exist: nothing is granted to the role itself.
  const own = <T extends { readonly byItself: boolean }>(one: T): T =>
    answers.server?.roleExists ? one : { ...one, byItself: false };
  const privileges = answers.of('privileges').map(own);
  if (privileges.length === 0) {
    if (answers.isAnswered('privileges'))
      findings.ready(
        'read_only',
        'The role could write nowhere but in its schema: no other privilege was found.',
      );
  } else {
    const some = privileges.slice(0, MAX_LISTED).map((one) => reportPrivilege(one, roleName));
    findings.warn(
      'read_only',
      `The role could do more than read: ${some.map(({ object }) => object).join(', ')}${privileges[0].count > MAX_LISTED ? ` and ${privileges[0].count - MAX_LISTED} more` : ''}.`,
      `To end it: ${some.map(({ statement }) => statement).join(' ')}`,
    );
  }
  const others = answers
    .of('databases')
    .map(own)
    .filter(({ name }) => !inspected.includes(name) && name !== 'postgres');
  for (const notice of otherDatabasesNotices(roleName, others)) findings.warn('other_databases', notice);
  for (const override of answers.of('overrides').map(overrideOf))
    findings.warn(
      'log_overrides',
      `${override.object} has log_statement=${override.logStatement}: its statements are not logged.`,
      override.statement,
    );
}
