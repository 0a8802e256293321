import files from './.dependency-cruiser.mjs';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle-of-features',
      comment: 'A folder may use another, but not both each other.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  // Every feature uses the database, and the data source lists the entities of every feature.
  options: { ...files.options, exclude: { path: '^src/database/' } },
};
