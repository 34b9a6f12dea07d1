import type { SettingReport } from '../../../private/wire/sql-reports';
import { readSessionSettings } from '../catalog/session-settings';
import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { judgeSettings, SETTING_NAMES, settingBehind } from '../plan/session-settings';
import { codeAndMessage } from '../sqlstates';

/** Reports settings of the sessions of `role` that affect Datafold. */
export async function findSettings(session: Session, role: string): Promise<SettingReport[]> {
  return judgeSettings(await readSessionSettings(session, SETTING_NAMES), role);
}

/** Returns an error that names the setting that caused `error`; undefined if no setting did. */
export function explainBySetting(
  error: unknown,
  settings: readonly SettingReport[],
  action: string,
): SqlRunnerError | undefined {
  const { code } = codeAndMessage(error);
  const setting = settingBehind(code, settings);
  if (!setting) return undefined;
  const cause = `${setting.setting} is ${setting.value}, so ${setting.effect} (${code})`;
  return new SqlRunnerError(`${action} failed: ${cause}. Run: ${setting.statement}`, code);
}
