/** Style sheets are imported for the bundle's sake (scripts/build-web.mjs). */
declare module '*.css';
