/** What a rotation asks of Secrets Manager beyond reading and writing. Every method fails with an AwsFailure. */
export interface SecretRotation {
  /** The staging labels of each version, by its id. */
  versions(secret: string): Promise<Readonly<Record<string, readonly string[]>>>;
  tags(secret: string): Promise<Readonly<Record<string, string>>>;
  /** The text of the version with this id and label; fails with ResourceNotFound where it has none yet. */
  readPending(secret: string, versionId: string): Promise<string>;
  /** Writes the version with this id; does nothing where it has this text already. */
  writePending(secret: string, versionId: string, text: string): Promise<void>;
  /** Makes a version the current one, in place of another. */
  makeCurrent(secret: string, versionId: string, former?: string): Promise<void>;
}
