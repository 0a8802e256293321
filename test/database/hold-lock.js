/**
 * A process that takes the lock of a data directory when told to, says how that went, and lives on.
 *
 * @typedef {{ DataDirLock: { acquire: (dataDir: string) => Promise<unknown> } }} LockModule
 */
const [, , modulePath = '', dataDir = ''] = process.argv;
/** @type {LockModule} */
const { DataDirLock } = await import(modulePath);

process.on('message', () => {
  DataDirLock.acquire(dataDir).then(
    () => process.send?.({ held: true }),
    (/** @type {unknown} */ error) => process.send?.({ held: false, error: String(error) }),
  );
});
process.send?.('ready');
