/**
 * Port: who follows whom. The default reads the table `follows`; a platform with a social graph of
 * its own binds another implementation to this class.
 */
export abstract class FollowerDirectory {
  /**
   * Ids of the users who follow `userId`, in any order and each once (EVENT-2).
   *
   * Rejects when the directory cannot be asked.
   */
  abstract followerIdsOf(userId: number): Promise<readonly number[]>;
}
