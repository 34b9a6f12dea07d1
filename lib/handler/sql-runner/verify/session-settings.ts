import type { SettingReport } from '../../../private/wire/sql';
import { readSessionSettings } from '../catalog/session-settings';
import type { Session } from '../connection/session';
import { SqlRunnerError } from '../errors';
import { judgeSettings, SETTING_NAMES, settingBehind } from '../plan/session-settings';
import { codeAndMessage } from '../sqlstates';

/** Logged in as `role`: what is set for its sessions and changes what Datafold gets. */
export async function findSettings(session: Session, role: string): Promise<SettingReport[]> {
  return judgeSettings(await readSessionSettings(session, SETTING_NAMES), role);
}

/** Names the setting that made `error`, if one did; a replica has none. */
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
