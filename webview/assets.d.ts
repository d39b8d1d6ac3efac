/** Style sheets that esbuild bundles beside an entry; importing one has no value. */
declare module "*.css";
