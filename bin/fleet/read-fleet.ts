import { fleetProblems, type Problem } from '../settings/schema';
import { UserError } from '../settings/user-error';
import { entryName } from './entry-name';
import type { Fleet, FleetDocument, Path } from './fleet';
import { JsonFile } from './json-file';
import { resolveLogsUsers } from './logs-users';
import { resolveServers } from './servers';

/** Reads and validates a fleet file; throws one error that names the entry and the line of each problem. */
export function readFleet(name: string): Fleet {
  return parseFleet(JsonFile.read(name));
}

/** Validates a fleet file that is already read; throws one error that names the entry and the line of each problem. */
export function parseFleet(file: JsonFile): Fleet {
  const error = (problems: readonly { path: Path; text: string }[]) => fleetError(file, problems);
  const invalid = fleetProblems(file.value);
  if (invalid.length > 0) throw error(invalid);
  const document = file.value as FleetDocument;
  const servers = resolveServers(document);
  const logsUsers = resolveLogsUsers(document);
  const problems: Problem[] = [...servers.problems, ...logsUsers.problems];
  if (problems.length > 0) throw error(problems);
  return { servers: servers.found, logsUsers: logsUsers.found, error };
}

function fleetError(file: JsonFile, problems: readonly { path: Path; text: string }[]): UserError {
  const lines = problems.map(({ path, text }) => {
    const line = file.line(path);
    return { line: Number(line), text: `line ${line} (${entryName(file.value, path)}): ${text}` };
  });
  lines.sort((a, b) => a.line - b.line);
  return new UserError(`${file.name} can't be used:`, [...new Set(lines.map(({ text }) => text))]);
}
