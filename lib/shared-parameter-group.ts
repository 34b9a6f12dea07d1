/**
 * What happens if other servers use the parameter group of the server too, so that their statements would be logged as well.
 */
export enum SharedParameterGroup {
  /**
   * The deployment fails, and the error names the other servers.
   */
  REFUSE = 'refuse',

  /**
   * The parameter group is modified, which affects all of the servers.
   */
  MODIFY = 'modify',

  /**
   * The server gets a copy of the parameter group, which takes effect when its instances are rebooted.
   */
  COPY = 'copy',
}
